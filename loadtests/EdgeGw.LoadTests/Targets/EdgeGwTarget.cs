using System.Globalization;
using System.Net;
using EdgeGw.LoadTests.Client;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Targets;

/// <summary>The published binary in one configuration.</summary>
internal sealed class EdgeGwTarget : Target
{
    private readonly EdgeGwMode _mode;
    private readonly IPEndPoint _address;
    private readonly IPEndPoint _admin;
    private readonly string _folder;
    private readonly string _key;

    private EdgeGwTarget(EdgeGwMode mode, IPEndPoint address, IPEndPoint admin, string folder, string key, ProviderPort behind, ChildProcess process)
        : base($"edgegw {mode.ToString().ToLowerInvariant()}", behind, process)
    {
        _mode = mode;
        _address = address;
        _admin = admin;
        _folder = folder;
        _key = key;
    }

    public override string Column => _mode is EdgeGwMode.Strict or EdgeGwMode.Bare ? Name : "edgegw";

    public override bool IsOurs => true;

    /// <summary>From the process's start to the first answer on <c>/readyz</c>, with a fresh data folder.</summary>
    public TimeSpan StartToReady { get; private init; }

    public override long? AllocatedBytes => Metric("dotnet_gc_heap_total_allocated_bytes");

    /// <param name="name">Of a folder that does not exist yet.</param>
    public static EdgeGwTarget Start(string binary, EdgeGwMode mode, string name, LabSetting setting, ProviderPort behind)
    {
        var folder = setting.FolderFor(name);
        var (data, admin) = (FreeAddress(), FreeAddress());
        var config = Path.Combine(folder, "edgegw.json");
        File.WriteAllText(config, EdgeGwConfig.Text(mode, folder, data, admin, behind, setting));
        var key = mode == EdgeGwMode.Bare ? "" : CreateKey(binary, config, folder);
        var begun = Clock.Now;
        var process = setting.Start(
            binary, ["serve", "--config", config], Path.Combine(folder, "serve.log"), [("SSL_CERT_FILE", setting.Certificates.Authority)]);
        process.WaitUntilReady(admin, "/readyz", $"edgegw in {folder}");
        var ready = TimeSpan.FromMicroseconds((Clock.Now - begun) / 1000.0);
        return new EdgeGwTarget(mode, data, admin, folder, key, behind, process) { StartToReady = ready };
    }

    /// <summary>Whether a scenario is measured in that mode.</summary>
    public static bool Measures(EdgeGwMode mode, Scenario scenario) => scenario.Client != ClientSide.Plain
        ? mode == EdgeGwMode.Secured
        : mode switch
        {
            EdgeGwMode.Relaxed => scenario.Order.IsInstant,
            EdgeGwMode.Overlapped => !scenario.Order.IsInstant,
            EdgeGwMode.Strict or EdgeGwMode.Bare => true,
            _ => false,
        };

    public override Door? DoorFor(Scenario scenario) => !Measures(_mode, scenario) ? null : new Door(
        _address, scenario.TlsUpstream ? "secured/lab-model" : Model, _key.Length > 0 ? [("Authorization", $"Bearer {_key}")] : [], _mode == EdgeGwMode.Secured);

    /// <summary>Requests, tokens and cost to the last nano-dollar, also of streams whose callers had left.</summary>
    public override string? CheckBooks()
    {
        if (base.CheckBooks() is { } fault)
        {
            return fault;
        }
        var truth = Settled();
        if (truth.Broken > 0)
        {
            return $"{Name}: {truth.Broken} answers were not drained";
        }
        var cost = _mode == EdgeGwMode.Bare ? 0 : (truth.Input * EdgeGwConfig.InputPrice + truth.Output * EdgeGwConfig.OutputPrice) / 1_000_000_000m;
        var expected = new Books(truth.Requests, truth.Input, truth.Output, cost);
        var giveUp = Clock.Now + Clock.Milliseconds(5_000);
        Books booked;
        while ((booked = Booked()) != expected && Clock.Now < giveUp)
        {
            // The last settlements follow the last bytes.
            Clock.WaitUntil(Clock.Now + Clock.Milliseconds(50));
        }
        return booked == expected ? null : $"{Name}: the provider counted {expected}, the gateway's books say {booked}";
    }

    /// <summary>What <c>/admin/v1/usage</c> says in all.</summary>
    /// <exception cref="InvalidOperationException">It does not answer.</exception>
    public Books Booked()
    {
        var token = File.ReadAllText(Path.Combine(_folder, "data", "admin-token")).Trim();
        return Books.Parse(LabConnection.Get(_admin, "/admin/v1/usage", $"Authorization: Bearer {token}\r\n")
            ?? throw new InvalidOperationException($"{Name}: no answer from /admin/v1/usage"));
    }

    private long? Metric(string name)
    {
        var line = LabConnection.Get(_admin, "/metrics")?.Split('\n').FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        return line is null ? null : (long)double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }

    private static string CreateKey(string binary, string config, string folder)
    {
        using var keys = new ChildProcess(binary, ["keys", "create", "--name", "lab", "--config", config], Path.Combine(folder, "keys.log"), readsOutput: true);
        var key = keys.Output.ReadToEnd().Trim();
        return keys.WaitForExit() == 0 && key.StartsWith("egw_", StringComparison.Ordinal)
            ? key
            : throw new InvalidOperationException($"edgegw keys create failed; see {folder}/keys.log");
    }
}
