using System.Buffers;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>The admin listener's whole surface: metrics and probes for machines, <c>/admin/v1</c> behind the token. What is not named here does not exist.</summary>
public sealed class AdminApi
{
    private const string ApiRoot = "/admin";
    private static readonly AdminError NotFound = new(404, "not_found", "There is nothing here.");

    private readonly IAdminSource _source;
    private readonly GatewayMetrics _metrics;
    private readonly AdminOptions _options;
    private readonly AdminGate _gate;
    private readonly AdminQueries _queries;
    private readonly AdminAuditQueries _audit;
    private readonly AdminKeys _keys;
    private readonly AdminBudgets _budgets;
    private readonly AdminConfig _config;
    private readonly AdminErasure _erasure;
    private readonly AdminSimulation _simulation;

    public AdminApi(IAdminSource source, GatewayMetrics metrics, AdminToken token, AdminAudit audit, TimeProvider time, AdminOptions? options = null)
    {
        _source = source;
        _metrics = metrics;
        _options = options ?? new AdminOptions();
        _gate = new AdminGate(token, _options, metrics);
        _queries = new AdminQueries(source, time);
        _audit = new AdminAuditQueries(audit, time);
        _keys = new AdminKeys(source, audit, time);
        _budgets = new AdminBudgets(source, audit, time);
        _config = new AdminConfig(source, audit);
        _erasure = new AdminErasure(source, audit);
        _simulation = new AdminSimulation(source, time);
    }

    /// <summary>Answers one request, whatever it is.</summary>
    public Task HandleAsync(HttpContext context)
    {
        if (_gate.CheckHost(context.Request) is { } denied)
        {
            return AdminResponse.ErrorAsync(context, denied);
        }
        var path = context.Request.Path.Value ?? "";
        return path switch
        {
            "/metrics" => Read(context, MetricsAsync),
            "/healthz" => Read(context, HealthAsync),
            "/readyz" => Read(context, ReadyAsync),
            // Before anything else is looked at, so that strangers cannot even learn which paths there are.
            _ when path == ApiRoot || path.StartsWith(ApiRoot + "/", StringComparison.Ordinal) =>
                _gate.CheckCaller(context.Request) is { } error ? AdminResponse.ErrorAsync(context, error) : ApiAsync(context, path),
            _ => AdminResponse.ErrorAsync(context, NotFound),
        };
    }

    private Task ApiAsync(HttpContext context, string path)
    {
        const string OneKey = "/admin/v1/keys/";
        const string Rotate = "/rotate";
        return path switch
        {
            "/admin/v1/usage" => Read(context, _queries.UsageAsync),
            "/admin/v1/budgets" => Read(context, _queries.BudgetsAsync),
            "/admin/v1/budgets/raises" => Read(context, _queries.RaisesAsync),
            "/admin/v1/budgets/raise" => HttpMethods.IsPost(context.Request.Method) ? _budgets.RaiseAsync(context) : NotAllowed(context, "POST"),
            "/admin/v1/requests" => Read(context, _queries.RequestsAsync),
            "/admin/v1/audit" => Read(context, _audit.AuditAsync),
            "/admin/v1/config" => Read(context, _queries.ConfigAsync),
            "/admin/v1/config/reload" => HttpMethods.IsPost(context.Request.Method) ? _config.ReloadAsync(context) : NotAllowed(context, "POST"),
            "/admin/v1/erase" => HttpMethods.IsPost(context.Request.Method) ? _erasure.EraseAsync(context) : NotAllowed(context, "POST"),
            "/admin/v1/simulate" => HttpMethods.IsPost(context.Request.Method) ? _simulation.SimulateAsync(context) : NotAllowed(context, "POST"),
            "/admin/v1/keys" when HttpMethods.IsPost(context.Request.Method) => _keys.CreateAsync(context),
            "/admin/v1/keys" => Read(context, _queries.KeysAsync, "GET, HEAD, POST"),
            // Names hold no slash.
            _ when path.StartsWith(OneKey, StringComparison.Ordinal) && path.EndsWith(Rotate, StringComparison.Ordinal) && path.Length > OneKey.Length + Rotate.Length =>
                HttpMethods.IsPost(context.Request.Method)
                    ? _keys.RotateAsync(context, path[OneKey.Length..^Rotate.Length])
                    : NotAllowed(context, "POST"),
            _ when path.StartsWith(OneKey, StringComparison.Ordinal) && path.Length > OneKey.Length =>
                HttpMethods.IsDelete(context.Request.Method)
                    ? _keys.RevokeAsync(context, path[OneKey.Length..])
                    : NotAllowed(context, "DELETE"),
            _ => AdminResponse.ErrorAsync(context, NotFound),
        };
    }

    private static Task Read(HttpContext context, Func<HttpContext, Task> handle, string allowed = "GET, HEAD") =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? handle(context) : NotAllowed(context, allowed);

    private static Task NotAllowed(HttpContext context, string allowed)
    {
        context.Response.Headers.Allow = allowed;
        return AdminResponse.ErrorAsync(context, new AdminError(405, "method_not_allowed", $"Allowed here: {allowed}."));
    }

    private Task MetricsAsync(HttpContext context)
    {
        if (_options.ProtectMetrics && _gate.CheckCaller(context.Request) is { } denied)
        {
            return AdminResponse.ErrorAsync(context, denied);
        }
        var format = ExpositionFormats.Negotiate(context.Request.Headers.Accept);
        var body = new ArrayBufferWriter<byte>(64 * 1024);
        _metrics.Write(body, format);
        context.Response.Headers.Vary = "Accept";
        return AdminResponse.BytesAsync(context, 200, format.ContentType(), body.WrittenMemory);
    }

    private static Task HealthAsync(HttpContext context) => AdminResponse.JsonAsync(context, 200, static json =>
    {
        json.WriteStartObject();
        json.WriteString("status"u8, "ok"u8);
        json.WriteEndObject();
    });

    private Task ReadyAsync(HttpContext context)
    {
        var readiness = _source.Readiness();
        return AdminResponse.JsonAsync(context, readiness.Ready ? 200 : 503, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("ready"u8, readiness.Ready);
            json.WriteStartArray("reasons"u8);
            foreach (var reason in readiness.Reasons)
            {
                json.WriteStringValue(reason);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
