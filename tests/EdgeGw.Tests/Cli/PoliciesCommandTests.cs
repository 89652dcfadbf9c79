using System.Text.Json;
using EdgeGw.Cli;

namespace EdgeGw.Tests.Cli;

public sealed class PoliciesCommandTests : IDisposable
{
    private const string Good = """[{ "name": "all", "actor": "x", "resource": "*", "condition": "true", "action": { "type": "no-limit" } }]""";
    private const string Opening = """[{ "name": "no\u001b[2J", "actor": "x", "resource": "*", "condition": "cf.country == 'DE'", "action": { "type": "block" } }]""";

    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-cli-policies-").FullName;
    private readonly CliRun _run = new();

    private string Output => _run.Out.ToString();
    private string Error => _run.Error.ToString();

    [Theory]
    [InlineData("policies --help", "import")]
    [InlineData("policies import --help", "<file>", "--output", "--out", "--json", "Exit code 1")]
    public async Task Help_names_every_option(string line, params string[] expected)
    {
        Assert.Equal(ExitCode.Ok, await _run.Async(line.Split(' ')));
        Assert.All(expected, text => Assert.Contains(text, Output));
    }

    [Theory]
    [InlineData("policies")]
    [InlineData("policies import")]
    [InlineData("policies import /nonexistent.json")]
    public async Task Wrong_command_line_exits_with_2_and_does_nothing(string line)
    {
        Assert.Equal(ExitCode.Usage, await _run.Async(line.Split(' ')));
        Assert.NotEmpty(Error);
        Assert.Empty(Output);
    }

    [Fact]
    public async Task What_is_no_list_of_policies_exits_with_2()
    {
        var file = Write("p.json", "{}");
        Assert.Equal(ExitCode.Usage, await _run.Async("policies", "import", file));
        Assert.StartsWith($"{file}: There is no list of policies", Error);
        Assert.Empty(Output);
    }

    [Fact]
    public async Task Import_writes_a_section_that_check_takes_and_counts()
    {
        var section = Path.Combine(_folder, "section.json");
        Assert.Equal(ExitCode.Ok, await _run.Async("policies", "import", Write("p.json", Good), "--out", section));
        Assert.Empty(Output);
        Assert.EndsWith("2 policies and 0 budgets made\n", Error);
        var config = CliRun.WriteConfig(_folder, $"{File.ReadAllText(section).TrimEnd().TrimEnd('}')}, \"providers\": {{ \"openai\": {{ \"api_key\": \"k\" }} }} }}");
        Assert.Equal(ExitCode.Ok, await _run.Async("check", "-c", config));
        Assert.Contains("1 provider, 0 aliases, 2 policies, 0 budgets, 0 limits, 0 keys;", Output);
    }

    [Fact]
    public async Task Block_that_is_not_carried_over_is_told_first_and_exits_with_1()
    {
        var file = Write("p.json", Opening);
        Assert.Equal(ExitCode.Failure, await _run.Async("policies", "import", file));
        Assert.StartsWith("NOT BLOCKED ANY MORE; do not use this before you have made rules for it:\n  no\\u001b[2J (/0/condition): at character 12: the caller's country is not known here\n", Error);
        Assert.Contains("default-deny", Output);
    }

    [Fact]
    public async Task Json_has_the_section_and_the_notes()
    {
        Assert.Equal(ExitCode.Failure, await _run.Async("policies", "import", Write("p.json", Opening), "--json"));
        using var json = JsonDocument.Parse(Output);
        Assert.Equal(1, json.RootElement.GetProperty("config").GetProperty("policies").GetArrayLength());
        var note = json.RootElement.GetProperty("notes")[0];
        Assert.Equal(["opens", "no\u001b[2J", "/0/condition"], new[] { "kind", "policy", "pointer" }.Select(name => note.GetProperty(name).GetString()!));
        Assert.Empty(Error);
    }

    [Fact]
    public async Task Section_that_cannot_be_written_exits_with_1()
    {
        Assert.Equal(ExitCode.Failure, await _run.Async("policies", "import", Write("p.json", Good), "-o", Path.Combine(_folder, "no", "where.json")));
        Assert.Contains("cannot be written", Error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
