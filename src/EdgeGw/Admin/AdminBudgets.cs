using System.Text.Json;
using EdgeGw.Budgets;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>Temporary raises, each with its audit line, refused ones too.</summary>
internal sealed class AdminBudgets(IAdminSource source, AdminAudit audit, TimeProvider time)
{
    internal async Task RaiseAsync(HttpContext context)
    {
        var body = await AdminBody.ReadAsync(context.Request, context.RequestAborted);
        var wish = body.Error is { } unread ? unread : NewRaiseParser.Parse(body.Value!, time.GetUtcNow());
        var before = wish.Value is { } next ? source.Raises().FirstOrDefault(raise => raise.Budget == next.Budget && raise.Scope == next.Scope) : null;
        // Not the request's token: once begun, the change and its audit line belong together, whether or not the caller waits.
        var result = wish.Value is { } raise ? await source.RaiseBudgetAsync(raise, CancellationToken.None) : wish;
        var target = wish.Value is { } wanted ? $"{wanted.Budget}/{wanted.Scope ?? "*"}" : "";
        await audit.WriteAsync(context, "budget.raise", target, result.Error, Of(before), Of(result.Value));
        await (result.Value is { } raised
            ? AdminResponse.JsonAsync(context, StatusCodes.Status200OK, json => AdminJson.Raise(json, raised))
            : AdminResponse.ErrorAsync(context, result.Error!));
    }

    private static Action<Utf8JsonWriter>? Of(BudgetRaise? raise) => raise is null ? null : json => AdminJson.Raise(json, raise);
}
