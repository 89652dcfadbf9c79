using EdgeGw.Configuration.Reading;

namespace EdgeGw.Tests.Configuration;

public sealed class NameSuggestionTests
{
    private static readonly string[] Known = ["listen", "data_dir", "budgets", "log", "window"];

    [Theory]
    [InlineData("lisetn", "listen")]
    [InlineData("Listen", "listen")]
    [InlineData("datadir", "data_dir")]
    [InlineData("budget", "budgets")]
    [InlineData("logs", "log")]
    [InlineData("windwo", "window")]
    [InlineData("x", null)]
    [InlineData("", null)]
    [InlineData("completely-different", null)]
    public void Nearest_name_is_offered_only_when_near(string written, string? expected) => Assert.Equal(expected, NameSuggestion.Nearest(written, Known));

    [Fact]
    public void Very_long_name_costs_nothing() => Assert.Null(NameSuggestion.Nearest(new string('l', 1_000_000), Known));
}
