using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Admin;

/// <summary>Reads the body of <c>POST /admin/v1/budgets/raise</c>. Unknown and repeated names are errors: a misspelt <c>scope</c> must not raise everybody.</summary>
internal static class NewRaiseParser
{
    private const int MaxText = 256;
    private const decimal MostDollars = 900_000_000m;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 4 };

    internal static AdminResult<BudgetRaise> Parse(byte[] body, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement, now) : Invalid("A JSON object is expected.");
        }
        catch (InvalidOperationException)
        {
            // What JsonElement throws for strings that are no Unicode.
            return Invalid("A string is not valid Unicode.");
        }
        catch (JsonException exception)
        {
            return Invalid($"No valid JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}.");
        }
    }

    private static AdminResult<BudgetRaise> Read(JsonElement root, DateTimeOffset now)
    {
        string? budget = null, scope = null, reason = null;
        NanoUsd? amount = null;
        DateTimeOffset? until = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in root.EnumerateObject())
        {
            if (!seen.Add(field.Name))
            {
                return Invalid("A name is repeated.");
            }
            var valid = field.Name switch
            {
                "budget" => TryText(field.Value, out budget),
                "scope" => TryText(field.Value, out scope),
                "reason" => TryText(field.Value, out reason),
                "amount_usd" => TryAmount(field.Value, out amount),
                "until" => TryUntil(field.Value, now, out until),
                _ => false,
            };
            if (!valid)
            {
                return Invalid(Help(field.Name));
            }
        }
        return budget is not null && reason is not null && amount is { } dollars && until is { } end
            ? new BudgetRaise(budget, scope, dollars, end, reason)
            : Invalid("budget, amount_usd, until and reason are required; scope says for whom, and is left out to raise all of the budget.");
    }

    private static string Help(string field) => field switch
    {
        "budget" or "scope" or "reason" => $"{field}: 1 to {MaxText} characters, no control characters.",
        "amount_usd" => "amount_usd: what comes on top of the amount, a decimal in a string; \"0\" ends the raise.",
        "until" => "until: a future time (RFC 3339) or a span such as 2h.",
        _ => "Known names: budget, scope, amount_usd, until, reason.",
    };

    private static bool TryText(JsonElement value, out string? text)
    {
        text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return text is { Length: > 0 and <= MaxText } && !text.Any(char.IsControl);
    }

    private static bool TryAmount(JsonElement value, out NanoUsd? amount)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        amount = DecimalText.TryParse(text, out var dollars) && dollars is >= 0 and <= MostDollars ? NanoUsd.FromDollars(dollars) : null;
        return amount is not null;
    }

    private static bool TryUntil(JsonElement value, DateTimeOffset now, out DateTimeOffset? until)
    {
        until = value.ValueKind == JsonValueKind.String && AdminTime.TryParseFuture(value.GetString()!, now, out var time) && time > now ? time : null;
        return until is not null;
    }

    private static AdminError Invalid(string message) => new(400, "invalid_raise", message);
}
