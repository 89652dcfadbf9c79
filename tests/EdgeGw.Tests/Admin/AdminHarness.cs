using System.Text;
using System.Text.Json;
using EdgeGw.Admin;
using EdgeGw.Audit;
using EdgeGw.Configuration;
using EdgeGw.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Tests.Admin;

/// <summary>The admin plane over a fake gateway, called without a network.</summary>
internal sealed class AdminHarness
{
    internal const string Token = "the-admin-token";
    private static readonly string Folders = TemporaryFolders();
    private readonly AuditLog _audit;
    private readonly AdminApi _api;
    private readonly string _folder;

    internal AdminHarness(AdminOptions? options = null)
    {
        var time = new FixedTime();
        var token = AdminToken.Load(Token, "/nowhere");
        _folder = Path.Combine(Folders, Guid.NewGuid().ToString("N"));
        _audit = new AuditLog(_folder, new AuditConfig(), time);
        _api = new AdminApi(Source, Metrics, token, new AdminAudit(_audit, token), time, options);
    }

    internal FakeAdminSource Source { get; } = new();

    internal GatewayMetrics Metrics { get; } = new("test");

    /// <summary>The audit log's lines, oldest first.</summary>
    internal string[] Audit => [.. AuditReader.ReadFolder(_folder, new AuditQuery()).Reverse()];

    /// <summary>Made by the first line; all go when the process does.</summary>
    private static string TemporaryFolders()
    {
        var folder = Directory.CreateTempSubdirectory("edgegw-admin-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    }

    internal Task<AdminReply> GetAsync(string target) => SendAsync("GET", target);

    /// <param name="authorization">Null: the right token; empty: none.</param>
    internal async Task<AdminReply> SendAsync(
        string method, string target, string? body = null, string? authorization = null, params (string Name, StringValues Value)[] headers)
    {
        var context = new DefaultHttpContext();
        var question = target.IndexOf('?', StringComparison.Ordinal);
        context.Request.Method = method;
        context.Request.Host = new HostString("127.0.0.1", 9090);
        context.Request.Path = question < 0 ? target : target[..question];
        context.Request.QueryString = new QueryString(question < 0 ? "" : target[question..]);
        if (authorization != "")
        {
            context.Request.Headers.Authorization = authorization ?? "Bearer " + Token;
        }
        if (body is not null)
        {
            context.Request.ContentType = "application/json";
            context.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        }
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = value;
        }
        var answer = new MemoryStream();
        context.Response.Body = answer;
        await _api.HandleAsync(context);
        return new AdminReply(context.Response, Encoding.UTF8.GetString(answer.ToArray()));
    }

    private sealed class FixedTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => FakeAdminSource.Now;
    }
}

internal sealed record AdminReply(HttpResponse Response, string Text)
{
    internal int Status => Response.StatusCode;

    internal JsonElement Json => JsonDocument.Parse(Text).RootElement;

    internal string? ErrorCode => Json.GetProperty("error").GetProperty("code").GetString();
}
