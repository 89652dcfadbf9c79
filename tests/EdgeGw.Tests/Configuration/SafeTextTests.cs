using EdgeGw.Configuration.Reading;

namespace EdgeGw.Tests.Configuration;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("mounth", "\"mounth\"")]
    [InlineData("risk-report", "\"risk-report\"")]
    [InlineData("rolling 24h", "\"rolling 24h\"")]
    [InlineData("a\nb\u202e", "\"a\\u000ab\\u202e\"")]
    public void Name_is_quoted_without_control_characters(string text, string expected) => Assert.Equal(expected, SafeText.Quote(text));

    [Theory]
    [InlineData("sk-1")]
    [InlineData("x sk-1")]
    [InlineData("Bearer abc")]
    [InlineData("egw_abc")]
    [InlineData("eyJhbGciOi.x.y")]
    [InlineData("d41d8cd98f00b204e9800998ecf8427e")]
    public void What_looks_like_a_secret_is_not_shown(string text) => Assert.DoesNotContain(text, SafeText.Quote(text));

    [Fact]
    public void Long_text_is_cut() => Assert.Equal(48 + 3, SafeText.Quote(new string('é', 500)).Length);
}
