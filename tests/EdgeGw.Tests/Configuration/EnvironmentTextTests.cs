namespace EdgeGw.Tests.Configuration;

public sealed class EnvironmentTextTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("/a/${A}/b", "/a/x/b")]
    [InlineData("/${A}${A}", "/xx")]
    [InlineData("/${EMPTY:-d}", "/d")]
    [InlineData("/${UNSET:-d:-e}", "/d:-e")]
    [InlineData("/${UNSET:-}x", "/x")]
    [InlineData("/${EMPTY}x", "/x")]
    [InlineData("/$$A", "/$A")]
    [InlineData("/$${A}", "/${A}")]
    [InlineData("/${REF}", "/${A}")]
    public void Text_is_expanded_once(string text, string expected)
    {
        var config = ConfigFixture.LoadGood($"{{\"data_dir\": \"{text}\"}}", ("A", "x"), ("EMPTY", ""), ("REF", "${A}"));
        Assert.Equal(Path.GetFullPath(expected, "/etc/edgegw"), config.DataDirectory);
    }

    [Fact]
    public void Every_fault_of_one_string_is_listed() =>
        Assert.Equal(3, ConfigFixture.FaultsOf("{\"data_dir\": \"${A} $ ${B}\"}").Length);
}
