using System.Globalization;
using EdgeGw.Audit;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary><c>GET /admin/v1/audit</c>: lines of the audit log as they stand in it, newest first.</summary>
internal sealed class AdminAuditQueries(AdminAudit audit, TimeProvider time)
{
    private const int DefaultLimit = 100;

    internal async Task AuditAsync(HttpContext context)
    {
        var asked = Parse(context.Request.Query);
        if (asked.Value is not { } query)
        {
            await AdminResponse.ErrorAsync(context, asked.Error!);
            return;
        }
        // One more tells whether there are more. Away from the listener's threads: this reads files.
        var lines = await Task.Run(() => audit.Query(query with { Limit = query.Limit + 1 }), context.RequestAborted);
        await AdminResponse.JsonAsync(context, StatusCodes.Status200OK,
            json => AdminJson.List(json, "lines"u8, lines, query.Limit, static (writer, line) => writer.WriteRawValue(line)));
    }

    private AdminResult<AuditQuery> Parse(IQueryCollection query)
    {
        var now = time.GetUtcNow();
        var limit = DefaultLimit;
        if (query["limit"] is [{ Length: > 0 } text, ..]
            && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1 || limit > AdminQueries.MaxLimit))
        {
            return Invalid($"limit: A limit is a number from 1 to {AdminQueries.MaxLimit}.");
        }
        DateTimeOffset? from = null, to = null;
        if (query["from"] is [{ Length: > 0 } fromText, ..])
        {
            if (!AdminTime.TryParsePast(fromText, now, out var moment))
            {
                return Invalid("from: " + AdminQueries.TimeHelp);
            }
            from = moment;
        }
        if (query["to"] is [{ Length: > 0 } toText, ..])
        {
            if (!AdminTime.TryParsePast(toText, now, out var moment))
            {
                return Invalid("to: " + AdminQueries.TimeHelp);
            }
            to = moment;
        }
        return new AuditQuery { From = from, To = to, Action = Text(query, "action"), Actor = Text(query, "actor"), Limit = limit };
    }

    private static string? Text(IQueryCollection query, string name) => query[name] is [{ Length: > 0 } text, ..] ? text : null;

    private static AdminError Invalid(string message) => new(400, "invalid_parameter", message);
}
