using System.Text.Json;
using EdgeGw.Identity;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary><c>POST /admin/v1/erase</c>: a person's names give way to a pseudonym. The audit line has only that.</summary>
internal sealed class AdminErasure(IAdminSource source, AdminAudit audit)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 2 };

    internal async Task EraseAsync(HttpContext context)
    {
        var body = await AdminBody.ReadAsync(context.Request, context.RequestAborted);
        var names = body.Error is { } unread ? unread : Parse(body.Value!);
        var result = names.Value is { } person ? await source.EraseAsync(person) : names.Error!;
        await audit.WriteAsync(context, "person.erase", result.Value?.Pseudonym ?? "", result.Error,
            after: result.Value is { } done ? json => Write(json, done) : null);
        await (result.Value is { } erased
            ? AdminResponse.JsonAsync(context, StatusCodes.Status200OK, json => Write(json, erased))
            : AdminResponse.ErrorAsync(context, result.Error!));
    }

    internal static void Write(Utf8JsonWriter json, ErasureResult result)
    {
        json.WriteStartObject();
        json.WriteString("pseudonym"u8, result.Pseudonym);
        json.WriteNumber("rows"u8, result.Rows);
        json.WriteNumber("scopes"u8, result.Scopes);
        json.WriteNumber("requests"u8, result.Requests);
        json.WriteEndObject();
    }

    private static AdminResult<IReadOnlyList<string>> Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            var names = new List<string>();
            var seen = new HashSet<string>(StringComparer.Ordinal);
            foreach (var field in document.RootElement.EnumerateObject())
            {
                if (field.Name is not ("user" or "email") || !seen.Add(field.Name) || field.Value.ValueKind != JsonValueKind.String
                    || field.Value.GetString() is not { Length: > 0 and <= Erasure.MaxName } name)
                {
                    return Invalid;
                }
                names.Add(name);
            }
            return names.Count > 0 ? names : Invalid;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The latter is what JsonElement throws for strings that are no Unicode, and for what is no object.
            return Invalid;
        }
    }

    // Without what was sent: it may be a name.
    private static readonly AdminError Invalid = new(400, "invalid_person",
        $"Send a JSON object with \"user\", \"email\" or both, once each: strings of 1 to {Erasure.MaxName} characters.");
}
