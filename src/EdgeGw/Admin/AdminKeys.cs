using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>The changes under <c>/admin/v1/keys</c>, each with its audit line, refused ones too.</summary>
internal sealed class AdminKeys(IAdminSource source, AdminAudit audit, TimeProvider time)
{
    private const int MaxTarget = 256;

    internal async Task CreateAsync(HttpContext context)
    {
        var body = await AdminBody.ReadAsync(context.Request, context.RequestAborted);
        var wish = body.Error is { } unread ? unread : NewKeyParser.Parse(body.Value!, time.GetUtcNow());
        if (wish.Error is { } invalid)
        {
            await audit.WriteAsync(context, "key.create", "", invalid);
            await AdminResponse.ErrorAsync(context, invalid);
            return;
        }
        var name = wish.Value!.Name;
        // Not the request's token: once begun, the change and its audit line belong together, whether or not the caller waits.
        var result = await source.CreateKeyAsync(wish.Value, CancellationToken.None);
        await audit.WriteAsync(context, "key.create", result.Value?.Key.Id ?? name, result.Error, after: KeyOf(result.Value?.Key));
        await (result.Value is { } created
            ? AdminResponse.JsonAsync(context, StatusCodes.Status201Created, json => AdminJson.Created(json, created))
            : AdminResponse.ErrorAsync(context, result.Error ?? Unknown));
    }

    internal async Task RotateAsync(HttpContext context, string idOrName)
    {
        var body = await AdminBody.ReadAsync(context.Request, context.RequestAborted, mayBeAbsent: true);
        var wish = body.Error is { } unread ? unread : RotationParser.Parse(body.Value!);
        if (idOrName.Length > MaxTarget)
        {
            wish = new AdminError(404, "key_not_found", "There is no such key.");
            idOrName = "";
        }
        var result = wish.Value is { } rotation ? await source.RotateKeyAsync(idOrName, rotation, CancellationToken.None) : wish.Error!;
        await audit.WriteAsync(context, "key.rotate", result.Value?.Key.Id ?? idOrName, result.Error, after: KeyOf(result.Value?.Key));
        await (result.Value is { } rotated
            ? AdminResponse.JsonAsync(context, StatusCodes.Status200OK, json => AdminJson.Created(json, rotated))
            : AdminResponse.ErrorAsync(context, result.Error ?? Unknown));
    }

    internal async Task RevokeAsync(HttpContext context, string idOrName)
    {
        if (idOrName.Length > MaxTarget)
        {
            await AdminResponse.ErrorAsync(context, new AdminError(404, "key_not_found", "There is no such key."));
            return;
        }
        var result = await source.RevokeKeyAsync(idOrName, CancellationToken.None);
        await audit.WriteAsync(context, "key.revoke", result.Value?.Id ?? idOrName, result.Error, after: KeyOf(result.Value));
        await (result.Value is { } revoked
            ? AdminResponse.JsonAsync(context, StatusCodes.Status200OK, json => AdminJson.Key(json, revoked))
            : AdminResponse.ErrorAsync(context, result.Error ?? Unknown));
    }

    private static readonly AdminError Unknown = new(500, "internal", "The change has no result.");

    private static Action<Utf8JsonWriter>? KeyOf(KeyDescription? key) => key is null ? null : json => AdminJson.Key(json, key);
}
