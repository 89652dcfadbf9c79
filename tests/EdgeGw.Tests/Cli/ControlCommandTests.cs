using System.Net;
using System.Net.Sockets;
using EdgeGw.Budgets;
using EdgeGw.Cli;
using EdgeGw.Metering;
using EdgeGw.Pricing;

namespace EdgeGw.Tests.Cli;

public sealed class ControlCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-cli-").FullName;
    private readonly CliRun _run = new();

    [Fact]
    public async Task Key_is_created_in_the_data_folder_when_no_gateway_runs()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("keys", "create", "--name", "ci", "--service", "s", "--group", "a", "--group", "b",
            "--metadata", "team=x", "--metadata", "k=v=w", "--expires", "90d"));

        var created = _run.Plane.Created!;
        Assert.Equal(("ci", "s"), (created.Name, created.Service));
        Assert.Equal(["a", "b"], created.Groups);
        Assert.Equal(new Dictionary<string, string> { ["team"] = "x", ["k"] = "v=w" }, created.Metadata);
        Assert.Equal(CliRun.Now.AddDays(90), created.Expires);
        Assert.Equal("egw_secret\n", _run.Out.ToString());
        Assert.DoesNotContain("egw_secret", _run.Error.ToString());
        Assert.True(_run.Plane.Disposed);
        Assert.Equal(_folder, _run.Opened!.DataDirectory);
    }

    [Fact]
    public async Task Simulation_asks_with_what_was_given_and_prints_the_answer()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("simulate", "--model", "openai/gpt-5", "--user", "ann", "--group", "a", "--group", "b", "--metadata", "team=x",
            "--claim", "role=dev", "--max-output", "5", "--tools", "--source", "10.0.0.1"));

        Assert.Equal(
            """{"model":"openai/gpt-5","user":"ann","source":"10.0.0.1","groups":["a","b"],"metadata":{"team":"x"},"claims":{"role":"dev"},"max_output":5,"stream":false,"tools":true,"images":false}""",
            _run.Plane.Simulated);
        Assert.Equal("{ }\n", _run.Out.ToString());
    }

    [Fact]
    public async Task Simulation_of_recorded_calls_judges_by_the_configuration_that_is_named()
    {
        await RunAsync("simulate", "--last", "500", "--json");

        var options = _run.DryRun!;
        Assert.Equal((500, true, _folder), (options.Last, options.Json, options.Loaded.Config!.DataDirectory));
        Assert.Null(_run.Plane.Simulated);
    }

    [Theory]
    [InlineData("--model describes one call and cannot be combined with --last", "--last", "5", "--model", "openai/gpt-5")]
    [InlineData("--stream describes one call and cannot be combined with --last", "--stream", "--last", "5")]
    [InlineData("name a call by --model, or ask for recorded ones by --last")]
    [InlineData("--json goes with --last", "--model", "openai/gpt-5", "--json")]
    [InlineData("--last takes 1 to 100000 calls", "--last", "0")]
    [InlineData("--last takes 1 to 100000 calls", "--last", "100001")]
    public async Task Simulation_of_one_call_and_of_recorded_ones_are_not_mixed(string fault, params string[] line)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync(["simulate", .. line]));
        Assert.Contains(fault, _run.Error.ToString());
        Assert.Null(_run.DryRun);
    }

    [Theory]
    [InlineData(24, "keys", "rotate", "bot")]
    [InlineData(0, "keys", "rotate", "bot", "--overlap", "0s")]
    [InlineData(168, "keys", "rotate", "bot", "--overlap", "7d")]
    public async Task Rotation_prints_the_new_secret_alone_and_says_how_long_the_old_one_works(int hours, params string[] line)
    {
        Assert.Equal(ExitCode.Ok, await RunAsync(line));
        Assert.Equal(("bot", TimeSpan.FromHours(hours)), _run.Plane.Rotated);
        Assert.Equal("egw_new\n", _run.Out.ToString());
        Assert.Contains("the old secret works until 2026-11-", _run.Error.ToString());
        Assert.DoesNotContain("egw_new", _run.Error.ToString());
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("-1h")]
    [InlineData("91d")]
    public async Task Overlap_that_is_none_is_a_usage_fault_and_changes_nothing(string overlap)
    {
        Assert.Equal(ExitCode.Usage, await RunAsync("keys", "rotate", "bot", "--overlap", overlap));
        Assert.Null(_run.Plane.Rotated.Key);
    }

    [Fact]
    public async Task Keys_are_listed_with_their_state_and_without_control_characters()
    {
        _run.Plane.Keys =
        [
            new() { Id = "1", Name = "a", Groups = ["x", "y"], Created = CliRun.Now, User = "ann", Models = ["local/*"], LastUsed = CliRun.Now },
            new() { Id = "2", Name = "b\u001b[31m", Expires = CliRun.Now },
            new() { Id = "3", Name = "c", Revoked = true },
            new() { Id = "4", Name = "d", OldSecretUntil = CliRun.Now.AddHours(1) },
        ];

        Assert.Equal(ExitCode.Ok, await RunAsync("keys", "list"));
        Assert.Equal(
            """
            name         id  user  service  groups  models   created            last used          expires            state
            a            1   ann            x,y     local/*  2026-11-15T12:00Z  2026-11-15T12:00Z                     active
            b\u001b[31m  2                                                                         2026-11-15T12:00Z  expired
            c            3                                                                                            revoked
            d            4                                                                                            active, old secret until 2026-11-15T13:00Z

            """, _run.Out.ToString());
    }

    [Fact]
    public async Task Budgets_are_shown_with_what_is_left_and_where_they_are_heading()
    {
        _run.Plane.Budgets =
        [
            new("company", "", NanoUsd.FromDollars(100), NanoUsd.FromDollars(60), NanoUsd.FromDollars(1.5m), CliRun.Now.AddDays(-10), CliRun.Now.AddDays(20)),
            new("person", "ann", NanoUsd.FromDollars(10), NanoUsd.FromDollars(2), default, CliRun.Now.AddDays(-1), CliRun.Now) { IsRolling = true },
        ];

        Assert.Equal(ExitCode.Ok, await RunAsync("budgets", "--budget", "company"));
        Assert.Equal(
            """
            budget   scope  limit_usd  spent_usd  held_usd  remaining_usd  used  forecast_usd       exhausted_at         window_end
            company               100         60       1.5           38.5   60%           180  2026-11-22T04:00Z  2026-12-05T12:00Z
            person   ann           10          2         0              8   20%             2                     2026-11-15T12:00Z

            """, _run.Out.ToString());
        Assert.Equal(("company", null), _run.Plane.AskedBudget);
    }

    [Fact]
    public async Task Raise_asks_for_what_was_written_and_refuses_a_negative_amount()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("budgets", "raise", "--budget", "person", "--scope", "ann", "--amount", "50.5", "--until", "2h", "--reason", "launch"));
        Assert.Equal(new BudgetRaise("person", "ann", NanoUsd.FromDollars(50.5m), CliRun.Now.AddHours(2), "launch"), _run.Plane.Raised);
        Assert.Equal("person ann: 50.5 USD more until 2026-11-15T14:00Z\n", _run.Out.ToString());
        Assert.Equal(ExitCode.Usage, await RunAsync("budgets", "raise", "--budget", "person", "--amount", "-1", "--until", "2h", "--reason", "x"));
    }

    [Fact]
    public async Task Revoking_says_so_and_a_refusal_exits_with_1()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("keys", "revoke", "ci"));
        Assert.Equal("revoked ci\n", _run.Out.ToString());

        Assert.Equal(ExitCode.Failure, await RunAsync("keys", "revoke", "ghost"));
        Assert.Equal("no key is called ghost (key_not_found)\n", _run.Error.ToString());
    }

    [Fact]
    public async Task Usage_asks_for_what_the_options_say_and_prints_the_chosen_format()
    {
        _run.Plane.Report = new UsageReport(["user"], [new UsageRow(["=1+1"], 2, new Usage { Input = 3 }, new NanoUsd(1))], new UsageRow([], 2, default, default));

        Assert.Equal(ExitCode.Ok, await RunAsync("usage", "--by", "user,model", "--from", "-7d", "--to", "now", "--format", "csv"));

        Assert.Equal(["user", "model"], _run.Plane.Asked!.By);
        Assert.Equal((CliRun.Now.AddDays(-7), CliRun.Now), (_run.Plane.Asked.From, _run.Plane.Asked.To));
        Assert.Equal("user,requests,input,cached_input,cache_write,output,reasoning,cost_usd\r\n'=1+1,2,3,0,0,0,0,0.000000001\r\n", _run.Out.ToString());
    }

    [Fact]
    public async Task Usage_takes_the_model_and_all_time_by_default()
    {
        Assert.Equal(ExitCode.Ok, await RunAsync("usage"));
        Assert.Equal(["model"], _run.Plane.Asked!.By);
        Assert.Null(_run.Plane.Asked.From);
        Assert.Null(_run.Plane.Asked.To);
    }

    [Fact]
    public async Task Providers_variable_missing_in_the_operators_shell_does_not_matter()
    {
        var path = Config("\"providers\": { \"openai\": { \"api_key\": \"${ONLY_THE_SERVICE_HAS_IT}\" } }");
        Assert.Equal(ExitCode.Ok, await _run.Async("keys", "list", "--config", path));
        Assert.NotNull(_run.Opened);
    }

    [Fact]
    public async Task Without_file_and_providers_the_default_folder_is_opened()
    {
        var run = new CliRun { Variables = [("XDG_STATE_HOME", _folder), ("EDGEGW_ADMIN_TOKEN", "t")] };
        // Whether something answers on the default admin port of this machine is not ours to say; the command line itself is right.
        Assert.NotEqual(ExitCode.Usage, await run.Async("keys", "list"));
    }

    [Fact]
    public async Task Folder_that_cannot_be_opened_exits_with_1()
    {
        var run = new CliRun { OpenFault = new ControlError("locked", "another process holds the folder") };
        Assert.Equal(ExitCode.Failure, await run.Async("keys", "list", "--config", Config()));
        Assert.Equal("another process holds the folder (locked)\n", run.Error.ToString());
    }

    [Fact]
    public async Task Listening_gateway_is_never_bypassed_even_when_its_token_is_unknown()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        Assert.Equal(ExitCode.Failure, await _run.Async("keys", "list", "--config", Config(port: ((IPEndPoint)listener.LocalEndpoint).Port)));

        Assert.Null(_run.Opened);
        Assert.Contains("EDGEGW_ADMIN_TOKEN", _run.Error.ToString());
        Assert.Contains("(no_token)", _run.Error.ToString());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Task<int> RunAsync(params string[] arguments) => _run.Async([.. arguments, "--config", Config()]);

    /// <summary>Port 0 cannot be listened on: no gateway runs there.</summary>
    private string Config(string more = "", int port = 0) =>
        CliRun.WriteConfig(_folder, $"{{ \"data_dir\": \"{_folder}\", \"listen\": {{ \"admin\": \"127.0.0.1:{port}\" }}, {more} }}");
}
