using System.Buffers.Text;
using EdgeGw.Identity.Tokens;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>What RFC 8725 wants before any key is touched.</summary>
public sealed class TokenTextTests
{
    private const string Header = """{"alg":"RS256","kid":"k1"}""";
    private const string Claims = """{"iss":"i","exp":1}""";

    [Theory]
    [InlineData(Header, Claims)]
    [InlineData("""{"alg":"RS256"}""", """{"iss":"i","exp":1.5,"nbf":0}""")]
    [InlineData("""{"alg":"RS256","typ":"JWT"}""", Claims)]
    [InlineData("""{"alg":"RS256","typ":"at+JWT","x5t":"abc"}""", Claims)]
    public void Token_without_anything_strange_is_read(string header, string claims) => Assert.Equal("i", Parse(header, claims)?.Issuer);

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"k1","kid":"k2"}""", Claims)]
    [InlineData("""{"alg":"none","alg":"RS256"}""", Claims)]
    [InlineData(Header, """{"iss":"i","exp":1,"exp":9}""")]
    [InlineData(Header, """{"iss":"i","exp":1,"\u0069ss":"j"}""")]
    [InlineData(Header, """{"iss":"i","exp":1,"a":[{"b":1,"b":2}]}""")]
    [InlineData("""{"alg":"RS256","crit":["exp"]}""", Claims)]
    [InlineData("""{"alg":"RS256","jku":"https://evil.example"}""", Claims)]
    [InlineData("""{"alg":"RS256","x5u":"https://evil.example"}""", Claims)]
    [InlineData("""{"alg":"RS256","jwk":{"kty":"oct"}}""", Claims)]
    [InlineData("""{"alg":"RS256","b64":false}""", Claims)]
    [InlineData("""{"alg":"dir","enc":"A128GCM"}""", Claims)]
    [InlineData("""{"alg":"RS256","zip":"DEF"}""", Claims)]
    [InlineData("""{"alg":"RS256","typ":"logout+jwt"}""", Claims)]
    [InlineData("""{"alg":"RS256","typ":1}""", Claims)]
    [InlineData("""{"alg":1}""", Claims)]
    [InlineData("""{"kid":"k1"}""", Claims)]
    [InlineData("""{"alg":"RS256","kid":1}""", Claims)]
    [InlineData("""["alg"]""", Claims)]
    [InlineData("""{"alg":"RS256"} {}""", Claims)]
    [InlineData(Header, """{"exp":1}""")]
    [InlineData(Header, """{"iss":["i"],"exp":1}""")]
    [InlineData(Header, """{"iss":"i"}""")]
    [InlineData(Header, """{"iss":"i","exp":"1"}""")]
    [InlineData(Header, """{"iss":"i","exp":1e400}""")]
    [InlineData(Header, """{"iss":"i","exp":-1}""")]
    [InlineData(Header, """{"iss":"i","exp":1,"nbf":"0"}""")]
    [InlineData(Header, """{"iss":"i","exp":1,"a":"\ud800"}""")]
    public void Token_that_leaves_doubt_is_refused(string header, string claims) => Assert.Null(Parse(header, claims));

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Key_id_has_at_most_256_bytes(int bytes, bool read)
    {
        Assert.Equal(read, Parse($$"""{"alg":"RS256","kid":"{{new string('k', bytes)}}"}""", Claims) is not null);
        Assert.Equal(read, Parse($$"""{"alg":"RS256","kid":"é{{new string('k', bytes - 2)}}"}""", Claims) is not null);
    }

    [Theory]
    [InlineData(31, true)]
    [InlineData(32, false)]
    public void Claims_are_at_most_32_deep(int arrays, bool read) =>
        Assert.Equal(read, Parse(Header, $$"""{"iss":"i","exp":1,"a":{{new string('[', arrays)}}{{new string(']', arrays)}}}""") is not null);

    [Fact]
    public void Token_has_at_most_16_KiB()
    {
        var start = $"{FakeIssuer.Part(Header)}.{FakeIssuer.Part(Claims)}.";
        Assert.NotNull(TokenText.Parse(start + new string('A', TokenText.Longest - start.Length)));
        Assert.Null(TokenText.Parse(start + new string('A', TokenText.Longest - start.Length + 1)));
    }

    [Fact]
    public void Only_base64url_without_padding_in_three_parts_is_read()
    {
        var (header, claims) = (FakeIssuer.Part(Header), FakeIssuer.Part(Claims));
        Assert.NotNull(TokenText.Parse($"{header}.{claims}.AA"));
        foreach (var bad in new[] { $"{header}.{claims}", $"{header}.{claims}.", $"{header}.{claims}.AA.AA", $"{header}.{claims}.AA.AA.AA", $"{header}=.{claims}.AA",
            $"{header}. {claims}.AA", $"{header}.{claims}\n.AA", $"{header}.{claims}.A+", $"{header}.{claims}A.AA!", ".." , $".{claims}.AA" })
        {
            Assert.Null(TokenText.Parse(bad));
        }
        Assert.Null(TokenText.Parse($"{header}.{Base64Url.EncodeToString("{\"iss\":\"\xff\",\"exp\":1}"u8.ToArray().Select(b => b == 0xc3 ? (byte)0xff : b).ToArray())}.AA"));
    }

    [Fact]
    public void No_bytes_in_the_parts_make_it_throw() =>
        Prop.ForAll<byte[], byte[]>((header, claims) => TokenText.Parse($"{Base64Url.EncodeToString(header)}.{Base64Url.EncodeToString(claims)}.AA") is null).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("eyJhbGciOiJub25lIn0.e30.", true)]
    [InlineData("ewogImEiOiAxfQ.e30.AA", true)]
    [InlineData("eyJh.b.c.d.e", true)]
    [InlineData("sk-ant.a.b", false)]
    [InlineData("eyJhbGciOiJub25lIn0", false)]
    [InlineData("egw_abc", false)]
    [InlineData("", false)]
    public void Token_is_told_from_a_key_by_its_form(string text, bool looks) => Assert.Equal(looks, TokenText.LooksLikeToken(text));

    private static TokenText? Parse(string header, string claims) => TokenText.Parse($"{FakeIssuer.Part(header)}.{FakeIssuer.Part(claims)}.AA");
}
