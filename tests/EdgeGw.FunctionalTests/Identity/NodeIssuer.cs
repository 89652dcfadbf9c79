using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EdgeGw.FunctionalTests.Identity;

/// <summary>A script of <c>oidc/</c> that plays an identity provider on loopback, told what to do line by line.</summary>
internal sealed class NodeIssuer : IAsyncDisposable
{
    private static readonly NpmFolder Folder = new("oidc");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly SemaphoreSlim _turn = new(1);

    private NodeIssuer(Process process)
    {
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What its tokens name as their issuer.</summary>
    public string Name { get; private set; } = "";

    /// <summary>The answer to its start.</summary>
    public JsonObject Started { get; private set; } = [];

    /// <summary>oidc-provider, a certified OpenID provider.</summary>
    public static Task<NodeIssuer> StartOpenIdAsync() => StartAsync("issuer.mjs");

    /// <summary>The endpoints of Cloudflare Access.</summary>
    public static Task<NodeIssuer> StartAccessAsync() => StartAsync("access.mjs");

    /// <summary>Has it do something and gives its answer.</summary>
    public async Task<JsonObject> AskAsync(string what, JsonObject? with = null)
    {
        var command = with ?? [];
        command["do"] = what;
        await _turn.WaitAsync();
        try
        {
            await _process.StandardInput.WriteLineAsync(command.ToJsonString());
            await _process.StandardInput.FlushAsync();
            using var timeout = new CancellationTokenSource(Patience);
            var line = await _process.StandardOutput.ReadLineAsync(timeout.Token) ?? throw new InvalidOperationException($"The issuer ended.\n{await _errors}");
            var answer = JsonNode.Parse(line)!.AsObject();
            return answer["fault"] is { } fault ? throw new InvalidOperationException($"{what}: {fault}") : answer;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A token as the issuer's own endpoint gives it out.</summary>
    public async Task<string> TokenAsync(string what, JsonObject? with = null) => (string)(await AskAsync(what, with))["token"]!;

    /// <summary>A person's.</summary>
    public Task<string> LoginAsync(string user, string algorithm = "RS256", params string[] groups) => TokenAsync("login", new()
    {
        ["user"] = user,
        ["alg"] = algorithm,
        ["claims"] = new JsonObject { ["email"] = $"{user}@example.com", ["groups"] = new JsonArray([.. groups.Select(static group => JsonValue.Create(group))]) },
    });

    /// <summary>How often something was asked for over HTTP.</summary>
    public async Task<int> FetchesAsync(string what) => (int)(await AskAsync("fetches"))[what]!;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
        await _process.WaitForExitAsync();
        await _errors;
        _process.Dispose();
        _turn.Dispose();
    }

    private static async Task<NodeIssuer> StartAsync(string script)
    {
        var folder = await Folder.InstalledAsync();
        var issuer = new NodeIssuer(Process.Start(new ProcessStartInfo("node", [script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        })!);
        issuer.Started = await issuer.AskAsync("start");
        issuer.Name = (string)issuer.Started["issuer"]!;
        return issuer;
    }
}
