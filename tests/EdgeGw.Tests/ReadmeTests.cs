using System.Text;
using System.Text.RegularExpressions;
using EdgeGw.Configuration;
using EdgeGw.Routing;

namespace EdgeGw.Tests;

/// <summary>What the README says holds: its examples run, its names exist.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "README.md"));

    [Fact]
    public void Configuration_example_loads_without_a_fault()
    {
        var example = JsonBlock().Match(Readme).Groups[1].Value.Replace("\"hash\": \"…\"", $"\"hash\": \"{new string('a', 64)}\"", StringComparison.Ordinal);
        var result = ConfigLoader.Load(Encoding.UTF8.GetBytes(example), "README.md", new AnyEnvironment(), new KnownProviders
        {
            Kinds = ProviderCatalogue.Kinds.Select(kind => kind.Name).ToHashSet(),
            Aws = ProviderCatalogue.Kinds.Where(kind => kind.IsAws).Select(kind => kind.Name).ToHashSet(),
            NeedBaseUrl = ProviderCatalogue.Kinds.Where(kind => kind.BaseUrl is null).Select(kind => kind.Name).ToHashSet(),
        });
        Assert.Empty(result.Faults);
        Assert.NotNull(result.Config);
    }

    [Fact]
    public void Provider_names_are_those_of_the_table()
    {
        foreach (var kind in ProviderCatalogue.Kinds)
        {
            Assert.Contains(kind.Name, Readme, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Error_codes_stand_in_the_sources()
    {
        var sources = string.Concat(Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        var rows = Readme.Split('\n').Where(line => StatusRow().IsMatch(line)).ToArray();
        Assert.True(rows.Length >= 8);
        foreach (var code in rows.SelectMany(row => Code().Matches(row)).Select(match => match.Groups[1].Value))
        {
            Assert.Contains($"\"{code}\"", sources, StringComparison.Ordinal);
        }
    }

    [GeneratedRegex("```jsonc\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex JsonBlock();

    [GeneratedRegex(@"^\| \d{3}")]
    private static partial Regex StatusRow();

    [GeneratedRegex("`([a-z_]+)`")]
    private static partial Regex Code();

    private sealed class AnyEnvironment : IEnvironment
    {
        public string? Get(string name) => "0123456789abcdef";
    }
}
