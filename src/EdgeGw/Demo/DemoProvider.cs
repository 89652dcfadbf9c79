using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGw.Demo;

/// <summary>The provider behind <c>edgegw demo</c>: all four dialects and embeddings on a free loopback port, with invented text and true token counts.</summary>
/// <remarks>It accepts any credential, because it costs nothing and can only be reached from this machine.</remarks>
public sealed class DemoProvider : IAsyncDisposable
{
    private const long MaxBodyBytes = 4 * 1024 * 1024;

    private readonly WebApplication _app;
    private long _answers;

    private DemoProvider(WebApplication app) => _app = app;

    /// <summary>Scheme, host and port. OpenAI paths stand under <c>/v1</c>, Anthropic's and Gemini's under the version that their SDKs add.</summary>
    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>Starts to listen. Throws <see cref="IOException"/> where no loopback port can be had.</summary>
    public static async Task<DemoProvider> StartAsync(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaxBodyBytes;
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
        });
        var app = builder.Build();
        var provider = new DemoProvider(app);
        app.Run(provider.AnswerAsync);
        await app.StartAsync(cancellation).ConfigureAwait(false);
        provider.BaseUrl = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync().ConfigureAwait(false);
        await _app.DisposeAsync().ConfigureAwait(false);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        if (!HttpMethods.IsPost(context.Request.Method) || DemoDialect.Of(path) is not { } dialect)
        {
            await WriteErrorAsync(context, StatusCodes.Status404NotFound, "The demo provider serves chat/completions, responses, messages, embeddings and generateContent.")
                .ConfigureAwait(false);
            return;
        }
        DemoRequest request;
        try
        {
            request = await DemoRequest.ReadAsync(context.Request, context.RequestAborted).ConfigureAwait(false);
        }
        catch (System.Text.Json.JsonException)
        {
            await WriteErrorAsync(context, StatusCodes.Status400BadRequest, "The body is not a JSON object.").ConfigureAwait(false);
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }
        var answer = new DemoAnswer(Interlocked.Increment(ref _answers), request, TimeProvider.System.GetUtcNow());
        try
        {
            await DemoWriter.WriteAsync(context, dialect, answer).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller left: a provider stops generating then, and so do we.
        }
    }

    private static Task WriteErrorAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$$"""{"error":{"message":"{{{message}}}","type":"invalid_request_error","param":null,"code":null}}""");
    }
}
