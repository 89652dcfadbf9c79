using EdgeGw.Configuration;
using EdgeGw.Heads;
using EdgeGw.Requests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Hosting;

/// <summary>The data plane's listener: Kestrel, driven directly by the spine.</summary>
public sealed class DataServer : IAsyncDisposable
{
    private readonly WebApplication _services;
    private readonly IServer _server;
    private readonly LargeBlocks _blocks;

    internal DataServer(GatewayConfig config, ServerCertificate? certificate, ILoggerProvider logging)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        SocketScheduling.UseInlineConnections(builder.WebHost);
        _blocks = ReceiveBlocks.Use(builder.WebHost);
        builder.Logging.AddProvider(logging).SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => Configure(kestrel, config, certificate));
        _services = builder.Build();
        _server = _services.Services.GetRequiredService<IServer>();
    }

    public Task StartAsync(GatewayApplication application, CancellationToken cancellation) => _server.StartAsync(application, cancellation);

    /// <summary>Stops accepting and waits for what runs, until the token ends the patience; then connections are aborted.</summary>
    public Task StopAsync(CancellationToken patience) => _server.StopAsync(patience);

    /// <summary>Gives up the memory that connections have used and use no more.</summary>
    public void Trim() => _blocks.Trim();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static void Configure(KestrelServerOptions kestrel, GatewayConfig config, ServerCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        kestrel.Limits.MaxRequestBodySize = config.Requests.MaxBodyBytes;
        kestrel.Limits.MaxRequestHeadersTotalSize = config.Requests.MaxHeaderBytes;
        kestrel.Limits.MaxRequestLineSize = Math.Min(kestrel.Limits.MaxRequestLineSize, config.Requests.MaxHeaderBytes);
        kestrel.Listen(config.Listen.Data, listen =>
        {
            if (certificate is not null)
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.Current) });
            }
            else
            {
                listen.Protocols = HttpProtocols.Http1;
            }
            listen.UseHeadLines();
        });
    }
}
