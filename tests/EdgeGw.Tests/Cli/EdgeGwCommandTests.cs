using System.Net;
using EdgeGw.Cli;

namespace EdgeGw.Tests.Cli;

public sealed class EdgeGwCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-cli-").FullName;
    private readonly CliRun _run = new();

    [Theory]
    [InlineData("--help", "serve", "demo", "check", "keys", "usage", "meter", "version", "Exit codes: 0 done, 1 failed, 2")]
    [InlineData("serve --help", "--config", "--listen", "--data-dir", "EDGEGW_CONFIG")]
    [InlineData("demo --help", "--listen", "127.0.0.1:8080")]
    [InlineData("check --help", "--config", "--schema")]
    [InlineData("keys create --help", "--name", "--service", "--group", "--metadata", "--expires", "--config")]
    [InlineData("verify-journal --help", "--data-dir", "--config", "--json", "changes nothing")]
    [InlineData("usage --help", "--by", "--from", "--to", "--format", "csv", "not included", "apostrophe")]
    [InlineData("meter --help", "--provider", "--api", "--model", "--stream", "--content-encoding", "--header", "--chunk-size", "<file>")]
    public async Task Help_names_every_option(string line, params string[] expected)
    {
        Assert.Equal(ExitCode.Ok, await _run.Async(line.Split(' ')));
        var help = string.Join(' ', _run.Out.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(expected, text => Assert.Contains(text, help));
        Assert.Empty(_run.Error.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("srve")]
    [InlineData("serve --lisen 127.0.0.1:1")]
    [InlineData("serve --listen 8080")]
    [InlineData("serve extra")]
    [InlineData("keys")]
    [InlineData("keys create")]
    [InlineData("keys create --name a --metadata novalue")]
    [InlineData("keys create --name a --metadata k=1 --metadata k=2")]
    [InlineData("keys create --name a --expires yesterday")]
    [InlineData("keys create --name a --expires 2020-01-01")]
    [InlineData("keys revoke")]
    [InlineData("usage --format xml")]
    [InlineData("usage --from lately")]
    [InlineData("usage --by user,,model")]
    [InlineData("usage --by user,user")]
    [InlineData("usage --from 2026-11-02 --to 2026-11-01")]
    [InlineData("meter f")]
    [InlineData("meter --provider openai --api chat")]
    [InlineData("meter --provider openai --api chat --chunk-size 0 f")]
    [InlineData("meter --provider openai --api chat --header nocolon f")]
    public async Task Wrong_command_line_exits_with_2_and_does_nothing(string line)
    {
        Assert.Equal(ExitCode.Usage, await _run.Async(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
        Assert.NotEmpty(_run.Error.ToString());
        Assert.Empty(_run.Out.ToString());
        Assert.Null(_run.Opened);
        Assert.Null(_run.Served);
        Assert.Null(_run.Metered);
    }

    [Fact]
    public async Task VerifyJournal_takes_a_named_folder_without_any_configuration_and_else_the_configurations()
    {
        Assert.Equal(7, await _run.Async("verify-journal", "--data-dir", _folder, "--json"));
        Assert.Equal(new VerifyJournalOptions(_folder, true), _run.Verified);

        var path = CliRun.WriteConfig(_folder, """{ "data_dir": "/srv/egw", "providers": { "openai": { "api_key": "${NOT_SET}" } } }""");
        Assert.Equal(7, await _run.Async("verify-journal", "-c", path));
        Assert.Equal(new VerifyJournalOptions("/srv/egw", false), _run.Verified);
    }

    [Fact]
    public async Task Serve_from_the_environment_hands_over_the_configuration_and_the_actions_exit_code()
    {
        Assert.Equal(7, await _run.Async("serve", "--listen", "127.0.0.1:0", "--data-dir", _folder));

        var served = _run.Served!;
        Assert.Null(served.Loaded.File);
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 0), served.Loaded.Config!.Listen.Data);
        Assert.Equal(_folder, served.Loaded.Config!.DataDirectory);
        Assert.NotEmpty(served.Loaded.Notes);
        Assert.Equal(_folder, served.Reload!().Config!.DataDirectory);
    }

    [Fact]
    public async Task Serve_reloads_the_file_with_the_same_overrides()
    {
        var path = CliRun.WriteConfig(_folder, """{ "providers": { "openai": { "api_key": "k" } } }""");
        Assert.Equal(7, await _run.Async("serve", "-c", path, "--listen", "127.0.0.1:0"));
        Assert.Equal(path, _run.Served!.Loaded.File);

        File.WriteAllText(path, """{ "providers": { "openai": { "api_key": "k" } }, "durability": "strict" }""");
        var reloaded = _run.Served.Reload!().Config!;
        Assert.Equal((EdgeGw.Configuration.Durability.Strict, 0), (reloaded.Durability, reloaded.Listen.Data.Port));

        File.WriteAllText(path, "{");
        Assert.Null(_run.Served.Reload!().Config);
    }

    [Fact]
    public async Task Serve_whose_file_is_gone_reloads_nothing_from_elsewhere()
    {
        var path = CliRun.WriteConfig(_folder, """{ "providers": { "openai": { "api_key": "k" } } }""");
        await _run.Async("serve", "-c", path);

        File.Delete(path);

        // The environment alone would do for a start, with anonymous callers and without a budget.
        var reloaded = _run.Served!.Reload!();
        Assert.Null(reloaded.Config);
        Assert.Equal($"{path}: there is no such file", Assert.Single(reloaded.Faults).ToString());
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("check")]
    public async Task Faulty_file_exits_with_2_and_lists_every_fault(string command)
    {
        var path = CliRun.WriteConfig(_folder, "{ \"lisen\": 1,\n \"abort\": { \"policy\": \"x\" },\n \"listen\": { \"tls\": { \"certificate\": \"c\" } } }");

        Assert.Equal(ExitCode.Usage, await _run.Async(command, "--config", path));

        var lines = _run.Error.ToString().Split('\n');
        Assert.Contains(lines, line => line.StartsWith($"{path}:1:3: lisen: unknown name", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"{path}:2:23: abort.policy: ", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith($"{path}:3:21: listen.tls: \"key\" is missing", StringComparison.Ordinal));
        Assert.Null(_run.Served);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("check")]
    public async Task Missing_tls_file_is_found_before_serving(string command)
    {
        var path = CliRun.WriteConfig(_folder, """{ "providers": { "openai": { "api_key": "k" } }, "listen": { "tls": { "certificate": "c", "key": "k" } } }""");

        Assert.Equal(ExitCode.Usage, await _run.Async(command, "--config", path));
        Assert.Contains("listen.tls.certificate: there is no file", _run.Error.ToString());
        Assert.Null(_run.Served);
    }

    [Fact]
    public async Task Named_file_that_is_missing_is_never_replaced_by_the_environment()
    {
        var run = new CliRun { Variables = [("OPENAI_API_KEY", "k"), ("EDGEGW_CONFIG", "/nonexistent.json")] };
        Assert.Equal(ExitCode.Usage, await run.Async("serve"));
        Assert.Contains("/nonexistent.json: there is no such file", run.Error.ToString());
    }

    [Fact]
    public async Task Check_of_a_good_file_sums_it_up_and_warns()
    {
        var path = CliRun.WriteConfig(_folder, """
            { "providers": { "openai": { "api_key": "k" }, "local": { "kind": "openai", "base_url": "http://127.0.0.1:1/v1" } }, "models": { "fast": "openai/x" },
              "listen": { "admin": "0.0.0.0:9090" } }
            """);

        Assert.Equal(ExitCode.Ok, await _run.Async("check", "--config", path));
        Assert.Equal($"{path}: good: 2 providers, 1 alias, 0 policies, 0 budgets, 0 limits, 0 keys; data on 127.0.0.1:8080, admin on 0.0.0.0:9090\n", _run.Out.ToString());
        Assert.StartsWith($"warning: {path}:2:", _run.Error.ToString());
    }

    [Fact]
    public async Task Check_prints_the_schema()
    {
        Assert.Equal(ExitCode.Ok, await _run.Async("check", "--schema"));
        Assert.Contains("https://json-schema.org/draft/2020-12/schema", _run.Out.ToString());
    }

    [Fact]
    public async Task Demo_listens_on_loopback_unless_told()
    {
        Assert.Equal(7, await _run.Async("demo"));
        Assert.Equal(new IPEndPoint(IPAddress.Loopback, 8080), _run.Demoed!.Listen);
        Assert.Equal(7, await _run.Async("demo", "--listen", "[::1]:1"));
        Assert.Equal(new IPEndPoint(IPAddress.IPv6Loopback, 1), _run.Demoed.Listen);
    }

    [Fact]
    public async Task Meter_takes_everything_about_the_recording()
    {
        Assert.Equal(7, await _run.Async("meter", "--provider", "openai", "--api", "chat", "--model", "m", "--stream", "--content-encoding", "gzip",
            "--header", "x-a: 1", "--header", "x-b:2:3", "--chunk-size", "7", "body.sse"));

        var metered = _run.Metered!;
        Assert.Equal(("openai", "chat", "m", true, "gzip", 7, "body.sse"),
            (metered.Provider, metered.Api, metered.Model, metered.Stream, metered.ContentEncoding, metered.ChunkSize!.Value, metered.File));
        Assert.Equal([new("x-a", "1"), new("x-b", "2:3")], metered.Headers);
    }

    [Fact]
    public async Task Header_takes_one_value_and_leaves_the_file_alone()
    {
        Assert.Equal(7, await _run.Async("meter", "--provider", "@p", "--api", "a", "--header", "x-a: 1", "body"));
        Assert.Equal(("body", 1, "@p"), (_run.Metered!.File, _run.Metered.Headers.Count, _run.Metered.Provider));
    }

    [Fact]
    public async Task Meter_reads_standard_input_by_the_customary_dash()
    {
        Assert.Equal(7, await _run.Async("meter", "--provider", "p", "--api", "a", "-"));
        Assert.Equal("-", _run.Metered!.File);
        Assert.Null(_run.Metered.ChunkSize);
    }

    [Fact]
    public async Task Version_names_the_version_and_the_runtime()
    {
        Assert.Equal(ExitCode.Ok, await _run.Async("version"));
        Assert.Matches(@"^edgegw \d+\.\d+\.\d+\S* \(\.NET \S+, JIT, \S+\)\n$", _run.Out.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
