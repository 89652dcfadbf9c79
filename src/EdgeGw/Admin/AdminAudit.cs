using System.Text.Json;
using EdgeGw.Audit;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>The audit line of each change made through the admin plane, refused ones too: on disk before the caller has its answer.</summary>
/// <remarks>One that cannot be written is counted and logged. The change is made and journaled by then; failing the call would only make its caller repeat it.</remarks>
public sealed class AdminAudit(AuditLog log, AdminToken token)
{
    /// <param name="target">What was acted on: a key's id, or the name asked for.</param>
    /// <param name="error">Null: the change was made.</param>
    /// <param name="before">Writes what was there; null: nothing to say.</param>
    /// <param name="after">Writes what is there now; null: nothing to say.</param>
    internal Task WriteAsync(
        HttpContext context, string action, string target, AdminError? error, Action<Utf8JsonWriter>? before = null, Action<Utf8JsonWriter>? after = null) =>
        log.WriteAsync(new AuditEntry("token:" + token.Fingerprint, action, target)
        {
            Remote = context.Connection.RemoteIpAddress?.ToString(),
            Result = error?.Code ?? "ok",
            Before = before,
            After = after,
        });

    internal IReadOnlyList<string> Query(AuditQuery query) => log.Query(query);
}
