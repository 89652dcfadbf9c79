using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGw.Bench.Native;

/// <summary>The memory of whole unstreamed calls with everything on, from the caller's socket to the provider's and back: all that the process allocates meanwhile.</summary>
/// <remarks>With relaxed durability: commits of the journal are then as rare for calls in turn as they are for many callers at once, who share them.</remarks>
internal static class CallRun
{
    /// <summary>A little above what is measured; the goal is 2 KiB.</summary>
    private const int MostBytes = 1900;

    private const int Rounds = 7;
    private const int Calls = 4_000;

    /// <returns>False when a call allocates more than it may.</returns>
    public static async Task<bool> RunAsync()
    {
        SocketScheduling.UseInlineCompletions();
        var folder = Directory.CreateTempSubdirectory("edgegw-bench-");
        using var provider = new SampleProvider();
        var listen = FreePort();
        var loaded = Load(folder.FullName, listen, provider.Port);
        string secret;
        await using (var store = await DataStore.OpenAsync(loaded.Config!, null, TimeProvider.System))
        {
            var key = new VirtualKey { Id = "", Name = "bench", Digest = default };
            secret = (await store.Keys.CreateAsync(key, store.Journal, CancellationToken.None))!.Value.Secret;
        }
        List<double> bytes = [];
        var host = await GatewayHost.StartAsync(
            new ServeOptions { Loaded = loaded }, null, ProcessEnvironment.Instance, NullLoggerProvider.Instance, TimeProvider.System, CancellationToken.None);
        await using (host)
        {
            using var caller = new SampleCaller(listen, secret);
            for (var round = -1; round < Rounds; round++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                for (var i = 0; i < Calls; i++)
                {
                    caller.Call();
                }
                if (round >= 0)
                {
                    bytes.Add((double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
                }
            }
            await host.StopAsync();
        }
        folder.Delete(recursive: true);
        var median = bytes.Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"unstreamed call with everything on: {median:0} B allocated ({bytes.Min():0} .. {bytes.Max():0}), at most {MostBytes}"));
        return median <= MostBytes;
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
