using System.Text;
using System.Text.RegularExpressions;
using EdgeGw.Upstream.Http1;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Upstream;

public sealed class ResponseHeadTests
{
    private static readonly string[] Parts =
    [
        "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200\r\n", "HTTP/1.0 404 x\r\n", "A: b\r\n", "A:b \t\r\n", "B:\r\n", "Content-Length: 5\r\n", "Content-Length: 6\r\n", "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n", "Keep-Alive: timeout=7\r\n", "\r\n", "\r", "\n", " ", ":", "\0", "\u00e9", "X y: z\r\n", " folded\r\n", "HTTP/1.",
    ];

    /// <summary>A slow reading of RFC 9112 sections 4 and 5; null: malformed or incomplete.</summary>
    private static (int Length, int Status, string Fields)? Oracle(string text)
    {
        const string Value = "[\\t\\x20-\\x7e\\x80-\\xff]*";
        var match = Regex.Match(text, $"\\AHTTP/1\\.[01] ([1-5][0-9][0-9])( {Value})?\\r\\n((?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:{Value}\\r\\n)*)\\r\\n");
        if (!match.Success)
        {
            return null;
        }
        var fields = match.Groups[3].Value.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(static l => (Name: l[..l.IndexOf(':')], Value: l[(l.IndexOf(':') + 1)..].Trim(' ', '\t'))).ToArray();
        var lengths = fields.Where(static f => f.Name == "Content-Length").Select(static f => f.Value).ToArray();
        var codings = fields.Count(static f => f.Name == "Transfer-Encoding");
        var bad = lengths.Distinct().Count() > 1 || codings > 1 || (codings > 0 && (lengths.Length > 0 || text[7] == '0'));
        return bad ? null : (match.Length, int.Parse(match.Groups[1].Value), string.Join("\n", fields.Select(static f => f.Name + "=" + f.Value)));
    }

    private static (int Length, int Status, string Fields)? Read(byte[] bytes, int step, ResponseHead head)
    {
        var scanner = new HeadScanner();
        for (var seen = Math.Min(step, bytes.Length); ; seen = Math.Min(seen + step, bytes.Length))
        {
            var length = scanner.Scan(bytes.AsSpan(0, seen));
            if (length > 0)
            {
                var fault = ResponseHeadParser.Parse(bytes.AsSpan(0, length), toHead: false, head);
                return fault is not null ? null : (length, head.Status, string.Join("\n", head.Headers.Select(static h => h.Key + "=" + h.Value)));
            }
            if (length < 0 || seen == bytes.Length)
            {
                return null;
            }
        }
    }

    private static (BodyFraming Framing, long Length, bool KeepAlive, int Seconds) Connection(ResponseHead head) => (head.Framing, head.Length, head.KeepAlive, head.KeepAliveSeconds);

    [Fact]
    public void Any_text_cut_anywhere_reads_as_the_slow_reading_says()
    {
        var head = Gen.Elements(Parts).ListOf().Select(static p => "HTTP/1.1 200 OK\r\n" + string.Concat(p) + "\r\n");
        var used = new ResponseHead();
        var any = Gen.Elements(Parts).ListOf().Select(static p => string.Concat(p));
        Prop.ForAll(Gen.OneOf(head, any).ToArbitrary(), text =>
        {
            var bytes = Encoding.Latin1.GetBytes(text);
            var expected = Oracle(text);
            var fresh = new ResponseHead();
            Assert.Equal(expected, Read(bytes, int.MaxValue / 2, fresh));
            // As a connection does it: over what other answers have left.
            Assert.Equal(expected, Read(bytes, 1, used));
            Assert.Equal(expected, Read(bytes, 3, used));
            Assert.True(expected is null || Connection(fresh) == Connection(used), text);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Theory]
    [InlineData("http://[::1]:8080", "[::1]:8080", "::1")]
    [InlineData("https://api.openai.com", "api.openai.com", "api.openai.com")]
    [InlineData("https://api.openai.com:443/v1", "api.openai.com", "api.openai.com")]
    [InlineData("http://api.openai.com:443", "api.openai.com:443", "api.openai.com")]
    [InlineData("https://b\u00fccher.example", "xn--bcher-kva.example", "xn--bcher-kva.example")]
    public void The_Host_field_is_the_origins_authority(string origin, string field, string host)
    {
        var pool = new Http1Pool(new Uri(origin), false, TransportTesting.Options(), null!);

        Assert.Equal((field, host), (Encoding.ASCII.GetString(pool.HostField), pool.Host));
    }
}
