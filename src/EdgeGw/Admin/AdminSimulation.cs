using System.Text.Json;
using EdgeGw.Telemetry;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary><c>POST /admin/v1/simulate</c>: what would become of a call, or of recorded ones under a changed configuration. It changes nothing, so it leaves no audit line.</summary>
internal sealed class AdminSimulation(IAdminSource source, TimeProvider time)
{
    internal async Task SimulateAsync(HttpContext context)
    {
        var body = await AdminBody.ReadAsync(context.Request, context.RequestAborted);
        if (body.Value is { } bytes && DryRunQueryParser.Parse(bytes) is { } query)
        {
            await DryRunAsync(context, query);
            return;
        }
        var call = body.Error is { } unread ? unread : SimulatedCallParser.Parse(body.Value!);
        var result = call.Value is { } asked ? source.Simulate(asked) : call.Error!;
        await (result.Value is { } simulation
            ? AdminResponse.JsonAsync(context, StatusCodes.Status200OK, json => Write(json, simulation, time.GetUtcNow()))
            : AdminResponse.ErrorAsync(context, result.Error!));
    }

    private async Task DryRunAsync(HttpContext context, AdminResult<DryRunQuery> query)
    {
        var result = query.Value is { } asked ? await source.DryRunAsync(asked) : query.Error!;
        await (result.Error is { } error ? AdminResponse.ErrorAsync(context, error)
            : result.Value!.Write is { } write ? AdminResponse.JsonAsync(context, StatusCodes.Status200OK, write)
            : AdminConfig.FaultsAsync(context, new AdminError(400, "config_invalid", "The configuration has faults."), result.Value.Faults));
    }

    internal static void Write(Utf8JsonWriter json, Simulation simulation, DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("decision"u8, simulation.Code is null ? "allowed"u8 : "refused"u8);
        json.WriteNumber("status"u8, simulation.Status);
        json.WriteString("code"u8, simulation.Code);
        json.WriteString("message"u8, simulation.Message);
        json.WriteString("policy"u8, simulation.Policy);
        json.WriteString("provider"u8, simulation.Provider);
        json.WriteString("model"u8, simulation.Model);
        json.WriteString("routed_by"u8, simulation.RoutedBy);
        json.WriteString("downgraded_by"u8, simulation.DowngradedBy);
        if (simulation.GivenMaxOutput is { } cap)
        {
            json.WriteNumber("given_max_output"u8, cap);
        }
        json.WriteStartArray("rules"u8);
        foreach (var rule in simulation.Rules)
        {
            json.WriteStartObject();
            json.WriteString("policy"u8, rule.Name);
            json.WriteString("effect"u8, WireNames.Of(rule.Effect));
            json.WriteBoolean("shadow"u8, rule.Shadow);
            json.WriteStartArray("matched"u8);
            foreach (var condition in rule.Conditions)
            {
                json.WriteStringValue(condition);
            }
            json.WriteEndArray();
            json.WriteString("result"u8, rule.Result);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (simulation.Hold is { } hold)
        {
            JsonFields.WriteUsd(json, "hold_usd"u8, hold.Value);
        }
        json.WriteStartArray("budgets"u8);
        foreach (var budget in simulation.Budgets)
        {
            json.WriteStartObject();
            json.WriteBoolean("fits"u8, budget.Fits);
            AdminJson.BudgetFields(json, budget.Status, now);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("limits"u8);
        foreach (var limit in simulation.Limits)
        {
            json.WriteStartObject();
            json.WriteString("limit"u8, limit.Limit.Name);
            json.WriteString("scope"u8, limit.Scope);
            json.WriteString("counts"u8, WireNames.Of(limit.Limit.Kind));
            json.WriteString("at_limit"u8, WireNames.Of(limit.Limit.AtLimit));
            json.WriteNumber("remaining"u8, limit.Remaining);
            json.WriteNumber("needed"u8, limit.Needed);
            json.WriteBoolean("fits"u8, limit.Fits);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
