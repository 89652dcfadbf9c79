using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>A running gateway with a configuration, ports and a data folder of its own.</summary>
public sealed class EdgeGwProcess : IAsyncDisposable
{
    /// <summary>Of every configuration file, so that another of the same length can take its place.</summary>
    private const int ConfigLength = 8 * 1024;

    private readonly TemporaryFolder _folder = new();
    private readonly IReadOnlyDictionary<string, string> _environment;
    private Process? _process;
    private Task _pumps = Task.CompletedTask;

    private EdgeGwProcess(JsonObject config, IReadOnlyDictionary<string, string> environment)
    {
        _environment = environment;
        var scheme = (config["listen"] as JsonObject)?.ContainsKey("tls") == true ? "https" : "http";
        Data = new Uri($"{scheme}://127.0.0.1:{FreePorts.Next()}");
        Admin = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
        var listen = config["listen"] as JsonObject ?? [];
        listen["data"] = Data.Authority;
        listen["admin"] = Admin.Authority;
        config["listen"] = listen;
        config["data_dir"] ??= _folder.File("data");
        DataDirectory = (string)config["data_dir"]!;
        ConfigFile = _folder.File("edgegw.json");
        File.WriteAllText(ConfigFile, TextOf(config).PadRight(ConfigLength));
        Client = Clients.Plain(Data);
        AdminApi = new AdminApi(Admin, () => File.ReadAllText(Path.Combine(DataDirectory, "admin-token")).Trim());
    }

    /// <summary>The data listener: scheme, host and port.</summary>
    public Uri Data { get; }

    public Uri Admin { get; }

    public string DataDirectory { get; }

    public string ConfigFile { get; }

    /// <summary>A client of the data listener that neither decompresses nor follows redirects.</summary>
    public HttpClient Client { get; private set; }

    internal AdminApi AdminApi { get; }

    /// <summary>Standard output, with the usage records, of all lives of this process.</summary>
    internal OutputLines Log { get; } = new();

    internal OutputLines Errors { get; } = new();

    internal Process Process => _process ?? throw new InvalidOperationException("The gateway was not started.");

    internal int? ExitCode => Process.HasExited ? Process.ExitCode : null;

    internal static async Task<EdgeGwProcess> StartAsync(JsonObject config, IReadOnlyDictionary<string, string>? environment = null)
    {
        var gateway = new EdgeGwProcess(config, environment ?? new Dictionary<string, string>());
        try
        {
            await gateway.LaunchAsync();
            return gateway;
        }
        catch
        {
            await gateway.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it (again) on the same folder and waits until it is ready.</summary>
    public Task LaunchAsync() => LaunchAsync(HttpStatusCode.OK);

    /// <summary>The same where it need not become ready: waits for that answer of <c>/readyz</c>.</summary>
    /// <exception cref="InvalidOperationException">It ended instead; the message has what it printed.</exception>
    internal async Task LaunchAsync(HttpStatusCode readiness)
    {
        _process = EdgeGwCommand.Start(["serve", "--config", ConfigFile], _environment);
        _pumps = Task.WhenAll(Log.PumpAsync(_process.StandardOutput), Errors.PumpAsync(_process.StandardError));
        await Eventually.TrueAsync(() => AnswersAsync(readiness), "/readyz");
    }

    /// <summary>Puts another configuration in place by a rename, as editors do.</summary>
    /// <param name="unnoticed">With the old one's length and time, so that whoever only looks at the file sees no change.</param>
    internal void ReplaceConfig(JsonObject config, bool unnoticed = true) => ReplaceConfig(TextOf(config), unnoticed);

    /// <inheritdoc cref="ReplaceConfig(JsonObject, bool)"/>
    internal void ReplaceConfig(string json, bool unnoticed = true)
    {
        var next = _folder.File("edgegw.json.new");
        var old = new FileInfo(ConfigFile);
        File.WriteAllText(next, unnoticed ? json.TrimEnd().PadRight(ConfigLength) : json);
        if (unnoticed)
        {
            Assert.Equal(old.Length, new FileInfo(next).Length);
            File.SetLastWriteTimeUtc(next, old.LastWriteTimeUtc);
        }
        File.Move(next, ConfigFile, overwrite: true);
    }

    /// <summary>SIGTERM; returns when the process has ended and all that it printed was read.</summary>
    public async Task StopAsync()
    {
        Signals.SendTerm(Process);
        await WaitForExitAsync(TimeSpan.FromSeconds(40));
    }

    /// <summary>SIGKILL, as a power cut would.</summary>
    public async Task KillAsync()
    {
        Signals.SendKill(Process);
        await WaitForExitAsync(TimeSpan.FromSeconds(10));
        // Pooled connections to a dead process would fail the first request to the next one.
        Client.Dispose();
        Client = Clients.Plain(Data);
    }

    public async Task WaitForExitAsync(TimeSpan patience)
    {
        using var timeout = new CancellationTokenSource(patience);
        await Process.WaitForExitAsync(timeout.Token);
        await _pumps;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            Signals.SendKill(process);
            await process.WaitForExitAsync();
            await _pumps;
            process.Dispose();
        }
        Client.Dispose();
        AdminApi.Dispose();
        _folder.Dispose();
    }

    private static string TextOf(JsonObject config) => config.ToJsonString(new() { WriteIndented = true });

    private async Task<bool> AnswersAsync(HttpStatusCode readiness)
    {
        if (Process.HasExited)
        {
            await _pumps;
            throw new InvalidOperationException($"edgegw ended with {Process.ExitCode} before it was ready.\n{Errors.Text}\n{Log.Text}");
        }
        try
        {
            return await AdminApi.ReadyAsync() == readiness;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
