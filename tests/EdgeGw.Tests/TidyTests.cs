using System.Text.RegularExpressions;

namespace EdgeGw.Tests;

/// <summary>The rules of the house that a compiler does not know.</summary>
public sealed partial class TidyTests
{
    private const int MaxLines = 600;
    private const int MedianLines = 100;

    private static readonly (string Path, string Text)[] Sources =
    [
        .. Directory.EnumerateFiles(Path.Combine(RepositoryRoot.Path, "src"), "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path.GetRelativePath(RepositoryRoot.Path, path), File.ReadAllText(path))),
    ];

    [Fact]
    public void Files_stay_short()
    {
        var lengths = Sources.Select(source => (source.Path, Lines: source.Text.Count(c => c == '\n'))).OrderBy(source => source.Lines).ToArray();
        Assert.DoesNotContain(lengths, file => file.Lines > MaxLines);
        Assert.True(lengths[lengths.Length / 2].Lines < MedianLines);
    }

    [Fact]
    public void Sources_hold_nothing_unfinished() =>
        Assert.Empty(Sources.Where(source => Unfinished().IsMatch(source.Text)).Select(source => source.Path));

    [Fact]
    public void Sources_take_the_time_from_a_TimeProvider() =>
        Assert.Empty(Sources.Where(source => WallClock().IsMatch(source.Text)).Select(source => source.Path));

    [Fact]
    public void Sources_never_sleep() =>
        Assert.Empty(Sources.Where(source => source.Text.Contains("Thread.Sleep", StringComparison.Ordinal)).Select(source => source.Path));

    [Fact]
    public void HttpClient_stays_out_of_the_data_plane()
    {
        // It buffers bodies when called through its base type; the control plane's client is the one place for it.
        var users = Sources.Where(source => source.Text.Contains("new HttpClient(", StringComparison.Ordinal)).Select(source => Path.GetFileName(source.Path));
        Assert.All(users, user => Assert.Equal("AdminClient.cs", user));
    }

    [Fact]
    public void Public_types_carry_a_docstring()
    {
        var bare = new List<string>();
        foreach (var (path, text) in Sources)
        {
            var lines = text.Split('\n');
            for (var i = 0; i < lines.Length; i++)
            {
                if (PublicType().IsMatch(lines[i]) && !IsDocumented(lines, i))
                {
                    bare.Add($"{path}: {lines[i].Trim()}");
                }
            }
        }
        Assert.Empty(bare);
    }

    private static bool IsDocumented(string[] lines, int declaration)
    {
        var before = declaration - 1;
        while (before >= 0 && lines[before].TrimStart().StartsWith('['))
        {
            before--;
        }
        return before >= 0 && lines[before].TrimStart().StartsWith("///", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\bDateTime(Offset)?\.(UtcNow|Now|Today)\b")]
    private static partial Regex WallClock();

    [GeneratedRegex(@"^\s*public (sealed |static |abstract |readonly |partial |ref )*(class|record|struct|enum|interface|delegate)\b")]
    private static partial Regex PublicType();
}
