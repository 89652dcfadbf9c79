using System.Text.Json;
using EdgeGw.Cli;

namespace EdgeGw.Tests.Cli;

public sealed class PricesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-cli-prices-").FullName;
    private readonly CliRun _run = new();

    private string Output => _run.Out.ToString();
    private string Error => _run.Error.ToString();

    [Theory]
    [InlineData("prices --help", "list", "show", "import", "diff")]
    [InlineData("prices list --help", "--provider", "--format", "--config", "csv", "json", "dollars per million tokens")]
    [InlineData("prices show --help", "<provider/model>", "--at", "--config", "exit code 1")]
    [InlineData("prices import --help", "<file>", "--from", "--output", "--provider", "genai-prices", "litellm", "models.dev")]
    [InlineData("prices diff --help", "<file>", "--from", "--provider", "--format", "0 nothing, 1 differences, 2 not readable")]
    public async Task Help_names_every_option(string line, params string[] expected)
    {
        Assert.Equal(ExitCode.Ok, await _run.Async(line.Split(' ')));
        var help = string.Join(' ', Output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        Assert.All(expected, text => Assert.Contains(text, help));
    }

    [Theory]
    [InlineData("prices")]
    [InlineData("prices list --format xml")]
    [InlineData("prices show")]
    [InlineData("prices show gpt-4o")]
    [InlineData("prices show openai/")]
    [InlineData("prices show openai/gpt-4o --at lately")]
    [InlineData("prices import f")]
    [InlineData("prices import --from openrouter f")]
    [InlineData("prices import --from litellm /nonexistent.json")]
    [InlineData("prices diff /nonexistent.json")]
    [InlineData("prices list --config /nonexistent.json")]
    public async Task Wrong_command_line_exits_with_2_and_does_nothing(string line)
    {
        Assert.Equal(ExitCode.Usage, await _run.Async(line.Split(' ')));
        Assert.NotEmpty(Error);
        Assert.Empty(Output);
    }

    [Fact]
    public async Task List_prints_the_built_in_catalogue_aligned()
    {
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "list"));
        var lines = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("provider model source tiers fees long peak input output cached_input cache_write context max_output", Words(lines[0]));
        Assert.Contains(lines, line => Words(line) == "openai gpt-4o built-in priority=17/10 batch=1/2 flex=1/2 fast=2 web_search=0.01 file_search=0.0025 2.5 10 1.25 2.5 128000 16384");
        Assert.Contains(lines, line => Words(line).StartsWith("gemini gemini-2.5-pro ", StringComparison.Ordinal) && line.Contains(">200000=2.5/15"));
    }

    [Fact]
    public async Task List_has_price_files_and_overrides_each_with_its_source()
    {
        var file = Write("mine.json", """{"providers": [{"kinds": ["openai"], "models": [{"id": "gpt-4o", "prices": [{"input": 7, "output": 9}]}]}]}""");
        var config = CliRun.WriteConfig(_folder, """
            { "providers": { "openai": { "api_key": "k" }, "acme": { "kind": "openai", "api_key": "k" } },
              "pricing": { "files": ["mine.json"], "overrides": [ { "model": "acme/x*", "input": 1, "output": "2.5" } ] } }
            """);
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "list", "--config", config, "--format", "json", "--provider", "acme"));
        using var json = JsonDocument.Parse(Output);
        var models = json.RootElement.GetProperty("models").EnumerateArray().ToDictionary(m => m.GetProperty("model").GetString()!);
        string[] Of(string model) => [.. new[] { "provider", "source", "input", "output" }.Select(name => models[model].GetProperty(name).GetString()!)];
        Assert.Equal(["acme", "override", "1", "2.5"], Of("x*"));
        Assert.Equal(["acme", file, "7", "9"], Of("gpt-4o"));
        Assert.Equal(["acme", "built-in", "0.15", "0.6"], Of("gpt-4o-mini"));
        Assert.DoesNotContain("claude-sonnet-4-5", models.Keys);
    }

    [Fact]
    public async Task List_of_a_reseller_has_what_it_resells()
    {
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "list", "--provider", "azure", "--format", "csv"));
        Assert.Contains("\r\nazure,gpt-4o,built-in,", Output);
    }

    [Fact]
    public async Task Unknown_provider_fails_with_a_suggestion()
    {
        Assert.Equal(ExitCode.Failure, await _run.Async("prices", "list", "--provider", "opnai"));
        Assert.Equal("no prices of a provider opnai; did you mean openai?\n", Error);
    }

    [Theory]
    [InlineData("openai/gpt-4o", "entry gpt-4o", "input 2.5", "cached_input 1.25", "priority x17/10", "web_search 0.01 each", "since ever 2.5 / 10 in force")]
    [InlineData("openai/gpt-35-turbo", "entry gpt-3.5-turbo, by an alias")]
    [InlineData("openai/gpt-4o-2024-08-06", "entry gpt-4o, of which this is a snapshot")]
    [InlineData("openai/ft:gpt-4o-2024-08-06:acme", "entry ft:gpt-4o, by the pattern ft:gpt-4o-2*")]
    [InlineData("azure/gpt-4o", "list openai, resold by azure-openai")]
    [InlineData("gemini/gemini-2.5-pro", "above 200000 tokens of input, for the whole request")]
    [InlineData("deepseek/deepseek-v4-pro", "peak hours x2 at 1-4,6-10 UTC on weekdays, not now", "from 2026-08-16T16:00Z 0.66 / 1.98 in force", "since ever 0.435 / 0.87")]
    [InlineData("openai/gpt-5.6-luna --at 2026-07-01", "input 1 output 6", "since ever 1 / 6 in force")]
    [InlineData("deepseek/deepseek-v4-pro --at 2026-11-20T02:00:00Z", "input 1.32", "as now")]
    public async Task Show_tells_which_entry_matched_and_all_prices(string line, params string[] expected)
    {
        Assert.Equal(ExitCode.Ok, await _run.Async(["prices", "show", .. line.Split(' ')]));
        Assert.All(expected, text => Assert.Contains(text, Words(Output)));
    }

    [Fact]
    public async Task Show_has_contract_and_list_price()
    {
        var config = CliRun.WriteConfig(_folder, """
            { "providers": { "acme": { "kind": "openai", "api_key": "k" }, "local": { "kind": "openai", "base_url": "http://127.0.0.1:1/v1", "pricing": "free" } },
              "pricing": { "overrides": [ { "model": "acme/gpt-*", "input": 1, "output": 2 } ] } }
            """);
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "show", "acme/gpt-4o", "-c", config));
        Assert.Contains("contract pricing.overrides: acme/gpt-* price USD per million tokens input 1 ", Words(Output));
        Assert.Contains("list price USD per million tokens input 2.5 ", Words(Output));
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "show", "local/llama", "-c", config));
        Assert.Contains("contract the provider is configured as free", Words(Output));
    }

    [Theory]
    [InlineData("openai/gpt-4o-mni", "no price of openai/gpt-4o-mni is known; near: gpt-4o-mini")]
    [InlineData("azure/claude-sonnet-4-5", "no price of azure/claude-sonnet-4-5 is known")]
    [InlineData("nobody/x", "no prices of a provider nobody")]
    [InlineData("openai/\u001b[2J", "no price of openai/\\u001b[2J is known")]
    public async Task Show_of_an_unknown_model_fails(string name, string error)
    {
        Assert.Equal(ExitCode.Failure, await _run.Async("prices", "show", name));
        Assert.StartsWith(error, Error);
        Assert.Empty(Output);
    }

    [Fact]
    public async Task Import_writes_a_price_file_that_the_configuration_takes()
    {
        var source = Write("litellm.json", """
            { "acme-1": { "litellm_provider": "openai", "input_cost_per_token": 2.5e-06, "output_cost_per_token": 1e-05, "input_cost_per_token_batches": 1.25e-06 },
              "gpt-4o": { "litellm_provider": "openai", "input_cost_per_token": 1e-06 }, "x": { "litellm_provider": "cohere", "output_cost_per_pixel": 1 } }
            """);
        var prices = Path.Combine(_folder, "prices.json");
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "import", "--from", "litellm", source, "--output", prices));
        Assert.Empty(Output);
        Assert.Contains("1 x prices without a class of ours:\n  cohere/x: output_cost_per_pixel 1\n", Error);
        Assert.EndsWith("2 models of 1 providers imported, 3 things left out or changed\n", Error);
        Assert.Equal("""
            {
              "providers": [
                {
                  "kinds": ["openai"],
                  "models": [
                    {"id":"acme-1","tiers":{"batch":"1/2"},"prices":[{"input":2.5,"output":10}]},
                    {"id":"gpt-4o","prices":[{"input":1}]}
                  ]
                }
              ]
            }

            """, File.ReadAllText(prices));

        var config = CliRun.WriteConfig(_folder, """{ "providers": { "openai": { "api_key": "k" } }, "pricing": { "files": ["prices.json"] } }""");
        Assert.Equal(ExitCode.Ok, await _run.Async("check", "-c", config));
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "show", "openai/acme-1", "-c", config));
        Assert.Contains($"source {prices}", Words(Output));
    }

    [Fact]
    public async Task Import_without_output_prints_and_takes_only_the_providers_asked_for()
    {
        var source = Write("m.json", """{"google": {"models": {"a": {"cost": {"input": 1}}}}, "xai": {"models": {"b": {"cost": {"input": 1}}}}}""");
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "import", "--from", "models.dev", source, "--provider", "gemini", "--provider", "nobody"));
        Assert.Contains("\"id\":\"a\"", Output);
        Assert.DoesNotContain("\"id\":\"b\"", Output);
    }

    [Fact]
    public async Task Diff_lists_what_a_file_would_change_and_exits_with_1()
    {
        var file = Write("p.json", """
            {"providers": [{"kinds": ["writer"], "models": [
              {"id": "palmyra-x4", "fees": {"request": 0.01}, "prices": [{"input": 2.5, "output": 11, "long": [{"above": 1000, "input": 3, "output": 11}]}]},
              {"id": "palmyra-x9", "prices": [{"input": 1}]}]}]}
            """);
        Assert.Equal(ExitCode.Failure, await _run.Async("prices", "diff", file));
        var lines = Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Words).ToArray();
        Assert.Equal("model what built-in file", lines[0]);
        Assert.Contains("writer/palmyra-x4 output 10 11", lines);
        Assert.Contains("writer/palmyra-x4 input above 1000 2.5 3", lines);
        Assert.Contains("writer/palmyra-x4 fee request 0 0.01", lines);
        Assert.Contains("writer/palmyra-x5 only built-in", lines);
        Assert.Contains("writer/palmyra-x9 only in the file", lines);
        Assert.DoesNotContain(lines, line => line.StartsWith("writer/palmyra-x4 input 2.5", StringComparison.Ordinal) || line.Contains("openai") || line.Contains("reasoning"));
    }

    [Fact]
    public async Task Diff_of_the_same_prices_is_empty_and_exits_with_0()
    {
        var file = Write("p.json", """
            {"providers": [{"kinds": ["writer"], "models": [
              {"id": "palmyra-x4", "prices": [{"input": 2.5, "output": 10}]}, {"id": "palmyra-x5", "prices": [{"input": 0.60, "output": 6}]}]}]}
            """);
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "diff", file));
        Assert.Empty(Output);
        Assert.Equal(ExitCode.Ok, await _run.Async("prices", "diff", file, "--format", "json", "--provider", "openai"));
        Assert.Equal("{\"differences\":[]}\n", Output);
    }

    [Fact]
    public async Task Diff_reads_public_shapes_and_prints_json()
    {
        var file = Write("m.json", """{"writer": {"models": {"palmyra-x4": {"cost": {"input": 2.5, "output": 10}}, "palmyra-x5": {"cost": {"input": 1, "output": 6}}}}}""");
        Assert.Equal(ExitCode.Failure, await _run.Async("prices", "diff", "--from", "models.dev", "--format", "json", file));
        using var json = JsonDocument.Parse(Output);
        var first = json.RootElement.GetProperty("differences")[0];
        Assert.Equal(["writer/palmyra-x5", "input", "0.6", "1"], first.EnumerateObject().Select(p => p.Value.GetString()!));
    }

    [Fact]
    public async Task Faults_of_a_price_file_are_listed_and_exit_with_2()
    {
        var file = Write("p.json", "{\"providers\": [{\"kinds\": [\"k\"], \"models\": [\n{\"id\": \"a\", \"prices\": [{\"input\": -1}]}]}]}");
        Assert.Equal(ExitCode.Usage, await _run.Async("prices", "diff", file));
        Assert.StartsWith($"{file}:2:1: providers[0].models[0]: a: a price must be", Error);
        var config = CliRun.WriteConfig(_folder, """{ "providers": { "openai": { "api_key": "k" } }, "pricing": { "files": ["p.json"] } }""");
        foreach (var command in new[] { "check", "serve" })
        {
            var run = new CliRun();
            Assert.Equal(ExitCode.Usage, await run.Async(command, "-c", config));
            Assert.StartsWith($"{file}:2:1: providers[0].models[0]: a: a price must be", run.Error.ToString());
            Assert.Null(run.Served);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
