using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>All four dialects and embeddings on one loopback port, with an account of its own of every request and token.</summary>
/// <remarks>Requests say in their prompt what is to happen (<see cref="FakeScript"/>), so one provider serves any number of tests at once.</remarks>
public sealed class FakeProvider : IAsyncDisposable
{
    /// <summary>The credential that a caller must present; a gateway's own keys are violations.</summary>
    public const string ApiKey = "sk-fake-upstream-0123456789abcdef";

    private readonly WebApplication _app;

    private FakeProvider(WebApplication app) => _app = app;

    /// <summary>Scheme, host and port.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    internal ProviderLedger Ledger { get; } = new();

    /// <summary>Starts on a free loopback port; with a certificate it speaks TLS with HTTP/2 and HTTP/1.1.</summary>
    public static async Task<FakeProvider> StartAsync(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (certificate is not null)
        {
            builder.WebHost.UseKestrelHttpsConfiguration();
        }
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
                if (certificate is not null)
                {
                    listen.UseHttps(certificate);
                }
            });
        });
        var app = builder.Build();
        var provider = new FakeProvider(app);
        app.Run(provider.HandleAsync);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        provider.BaseUrl = new Uri(address);
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        // A test that failed may have left a hanging call behind; stopping must not wait for it.
        using var now = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
        }
        await _app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        RequestRules.Check(context.Request, Ledger);
        FakeRequest? request;
        try
        {
            request = await FakeRequest.ReadAsync(context);
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            Ledger.Violate($"{context.Request.Path}: a body that cannot be read: {fault.Message}");
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }
        if (request is null)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            await context.Response.WriteAsync("""{"error":{"message":"fake provider: no such path","type":"invalid_request_error","param":null,"code":null}}""");
            return;
        }
        if (request.Unauthorized)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(request.Dialect.Error(401, "Incorrect API key provided"));
            return;
        }
        if (request.Script.Recording is not null)
        {
            await RecordedAnswer.ServeAsync(context, request.Script, new Random(request.Script.Seed));
            return;
        }
        var call = Ledger.Open(id => new ProviderCall(id, request, context), request.Script.Id ?? Ledger.NextId());
        await new AnswerWriter(context, request, call).RunAsync();
    }
}
