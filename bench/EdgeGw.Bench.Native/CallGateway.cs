using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGw.Bench.Native;

/// <summary>A gateway with everything on, in this process and a folder of its own, before a provider on loopback.</summary>
/// <remarks>With relaxed durability: commits of the journal are then as rare for calls in turn as they are for many callers at once, who share them.</remarks>
internal sealed class CallGateway : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly GatewayHost _host;

    private CallGateway(DirectoryInfo folder, GatewayHost host, int port, string secret)
    {
        _folder = folder;
        _host = host;
        Port = port;
        Secret = secret;
    }

    public int Port { get; }

    public string Folder => _folder.FullName;

    /// <summary>A virtual key.</summary>
    public string Secret { get; }

    public static async Task<CallGateway> StartAsync(int provider)
    {
        SocketScheduling.UseInlineCompletions();
        var folder = Directory.CreateTempSubdirectory("edgegw-bench-");
        var port = FreePort();
        var loaded = Load(folder.FullName, port, provider);
        string secret;
        await using (var store = await DataStore.OpenAsync(loaded.Config!, null, TimeProvider.System))
        {
            var key = new VirtualKey { Id = "", Name = "bench", Digest = default };
            secret = (await store.Keys.CreateAsync(key, store.Journal, CancellationToken.None))!.Value.Secret;
        }
        var host = await GatewayHost.StartAsync(
            new ServeOptions { Loaded = loaded }, null, ProcessEnvironment.Instance, NullLoggerProvider.Instance, TimeProvider.System, CancellationToken.None);
        return new(folder, host, port, secret);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        await _host.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static LoadedConfig Load(string folder, int listen, int provider)
    {
        var text = $$"""
            {
              "listen": { "data": "127.0.0.1:{{listen}}", "admin": "127.0.0.1:{{FreePort()}}" },
              "data_dir": "{{folder}}/data",
              "durability": "relaxed",
              "providers": { "openai": { "base_url": "http://127.0.0.1:{{provider}}/v1", "api_key": "sk-bench" } },
              "identity": { "anonymous": false },
              "budgets": [
                { "name": "company", "amount_usd": 1000000, "window": "month" },
                { "name": "per-key", "per": ["key"], "amount_usd": 500000, "window": "day" }
              ],
              "limits": [
                { "name": "requests", "per": ["key"], "requests": 1000000, "window": "1s" },
                { "name": "tokens", "per": ["key"], "tokens": 1000000000, "window": "1s" }
              ],
              "pricing": { "overrides": [{ "model": "openai/lab-*", "input": "2", "output": "8" }] },
              "log": { "requests": "{{folder}}/requests.jsonl" }
            }
            """;
        var result = ConfigLoader.Load(Encoding.UTF8.GetBytes(text), folder + "/edgegw.json", ProcessEnvironment.Instance, new KnownProviders { Kinds = new HashSet<string> { "openai" } });
        var loaded = LoadedConfig.Complete(result);
        return loaded.Config is not null ? loaded : throw new InvalidOperationException(string.Join("; ", loaded.Faults));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
