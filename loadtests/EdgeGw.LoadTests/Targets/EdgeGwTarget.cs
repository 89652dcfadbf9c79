using System.Globalization;
using System.Net;
using System.Text.Json;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Targets;

/// <summary>The published binary with everything on: a virtual key, a shared and a per-key budget, contract prices, records to a file.</summary>
internal sealed class EdgeGwTarget : Target
{
    /// <summary>Nano-dollars a token, as in the configuration's dollars per million.</summary>
    private const long InputPrice = 2000;
    private const long OutputPrice = 8000;
    private readonly IPEndPoint _admin;
    private readonly string _folder;

    private EdgeGwTarget(string name, IPEndPoint address, IPEndPoint admin, string folder, string key, ProviderPort behind, ChildProcess process)
        : base(name, address, behind, process)
    {
        _admin = admin;
        _folder = folder;
        Bearer = key;
    }

    public override string Bearer { get; }

    /// <summary>From the process's start to the first answer on <c>/readyz</c>, with a fresh data folder.</summary>
    public TimeSpan StartToReady { get; private init; }

    /// <param name="durability">As in the configuration.</param>
    /// <param name="folder">Made for it alone; must not exist.</param>
    public static EdgeGwTarget Start(string binary, string durability, string folder, ProviderPort behind)
    {
        Directory.CreateDirectory(folder);
        var (data, admin) = (FreeAddress(), FreeAddress());
        var config = Path.Combine(folder, "edgegw.json");
        File.WriteAllText(config, Config(folder, durability, data, admin, behind.Address));
        string key;
        using (var keys = new ChildProcess(binary, ["keys", "create", "--name", "lab", "--config", config], Path.Combine(folder, "keys.log"), readsOutput: true))
        {
            key = keys.Output.ReadToEnd().Trim();
            if (keys.WaitForExit() != 0 || !key.StartsWith("egw_", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"edgegw keys create failed; see {folder}/keys.log");
            }
        }
        var begun = Clock.Now;
        var process = new ChildProcess(binary, ["serve", "--config", config], Path.Combine(folder, "serve.log"));
        try
        {
            WaitUntil(() => TryGet(admin, "/readyz") is not null, process, $"edgegw in {folder}");
        }
        catch
        {
            process.Dispose();
            throw;
        }
        var ready = TimeSpan.FromMicroseconds((Clock.Now - begun) / 1000.0);
        return new EdgeGwTarget($"edgegw {durability}", data, admin, folder, key, behind, process) { StartToReady = ready };
    }

    public override long? AllocatedBytes
    {
        get
        {
            const string Name = "dotnet_gc_heap_total_allocated_bytes";
            var line = TryGet(_admin, "/metrics")?.Split('\n').FirstOrDefault(line => line.StartsWith(Name, StringComparison.Ordinal));
            return line is null ? null : (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Requests, tokens and cost to the last nano-dollar.</summary>
    public override string? CheckBooks()
    {
        if (base.CheckBooks() is { } fault)
        {
            return fault;
        }
        var truth = Behind.Counts();
        var expected = (truth.Requests, truth.Input, truth.Output, Cost: (truth.Input * InputPrice + truth.Output * OutputPrice) / 1_000_000_000m);
        var booked = Booked();
        return booked == expected ? null : $"{Name}: the provider counted {expected}, the gateway's books say {booked}";
    }

    /// <summary>What <c>/admin/v1/usage</c> says in all.</summary>
    public (long Requests, long Input, long Output, decimal Cost) Booked()
    {
        var token = File.ReadAllText(Path.Combine(_folder, "data", "admin-token")).Trim();
        var text = TryGet(_admin, "/admin/v1/usage", token) ?? throw new InvalidOperationException($"{Name}: no answer from /admin/v1/usage");
        using var json = JsonDocument.Parse(text);
        var total = json.RootElement.GetProperty("total");
        var usage = total.GetProperty("usage");
        return (
            total.GetProperty("requests").GetInt64(), Number(usage, "input"), Number(usage, "output"),
            decimal.Parse(total.GetProperty("cost_usd").GetString()!, CultureInfo.InvariantCulture));
    }

    private static long Number(JsonElement usage, string name) => usage.TryGetProperty(name, out var value) ? value.GetInt64() : 0;

    private static string Config(string folder, string durability, IPEndPoint data, IPEndPoint admin, IPEndPoint provider) => $$"""
        {
          "listen": { "data": "{{data}}", "admin": "{{admin}}" },
          "data_dir": "{{folder}}/data",
          "durability": "{{durability}}",
          "providers": { "openai": { "base_url": "http://{{provider}}/v1", "api_key": "sk-lab" } },
          "identity": { "anonymous": false },
          "budgets": [
            { "name": "company", "amount_usd": 1000000, "window": "month" },
            { "name": "per-key", "per": ["key"], "amount_usd": 500000, "window": "day" }
          ],
          "pricing": { "overrides": [ { "model": "openai/lab-*", "input": "{{InputPrice / 1000m}}", "output": "{{OutputPrice / 1000m}}" } ] },
          "log": { "requests": "{{folder}}/requests.jsonl" }
        }
        """;
}
