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

    private static readonly string[] Lines =
    [
        "Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n", "Date: Thu, 01 Jan 2026 00:00:01 GMT\r\n", "Content-Type: application/json\r\n", "Content-Length: 5\r\n",
        "Content-Length: 6\r\n", "content-length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
        "Keep-Alive: timeout=7\r\n", "x-request-id: 1\r\n", "x-request-id: 22\r\n", "x: \u00e9\r\n", "x:\0\r\n", " folded\r\n", "no colon\r\n",
    ];

    private static readonly string[] StatusLines = ["HTTP/1.1 200 OK\r\n", "HTTP/1.1 100 Continue\r\n", "HTTP/1.1 204 x\r\n", "HTTP/1.0 200 OK\r\n", "HTTP/1.1 999 x\r\n"];

    private static string Everything(ResponseHead head, string? fault) =>
        fault ?? $"{head.Status} {Connection(head)}\n" + string.Join("\n", head.Headers.Select(static h => h.Key + "=" + h.Value));

    /// <summary>One connection's answers: each head keeps most of the last one's lines, and any byte of it may have become another.</summary>
    [Fact]
    public void Head_that_keeps_lines_of_the_last_one_reads_as_if_it_were_the_first()
    {
        var heads = Gen.Choose(0, int.MaxValue).Select(static seed =>
        {
            var random = new Random(seed);
            var lines = new List<string>();
            return Enumerable.Range(0, 12).Select(_ =>
            {
                if (lines.Count == 0 || random.Next(6) == 0)
                {
                    lines = [StatusLines[random.Next(4) == 0 ? random.Next(StatusLines.Length) : 0], .. Enumerable.Range(0, random.Next(9)).Select(_ => Lines[random.Next(Lines.Length - 3)])];
                }
                for (var changes = random.Next(3); changes > 0; changes--)
                {
                    var at = random.Next(1, lines.Count + 1);
                    switch (random.Next(3))
                    {
                        case 0: lines.Insert(at, Lines[random.Next(Lines.Length)]); break;
                        case 1 when at < lines.Count: lines.RemoveAt(at); break;
                        case 2 when at < lines.Count: lines[at] = Lines[random.Next(Lines.Length)]; break;
                    }
                }
                var bytes = Encoding.Latin1.GetBytes(string.Concat(lines) + "\r\n");
                if (random.Next(3) == 0)
                {
                    bytes[random.Next(bytes.Length)] = (byte)"\0\r\n: aA5,\u00e9"[random.Next(10)];
                }
                return (Bytes: bytes, ToHead: random.Next(8) == 0);
            }).ToArray();
        });
        Prop.ForAll(heads.ToArbitrary(), answers =>
        {
            var used = new ResponseHead();
            foreach (var (bytes, toHead) in answers)
            {
                var length = new HeadScanner().Scan(bytes);
                if (length > 0)
                {
                    var fresh = new ResponseHead();
                    var expected = Everything(fresh, ResponseHeadParser.Parse(bytes.AsSpan(0, length), toHead, fresh));
                    Assert.Equal(expected, Everything(used, ResponseHeadParser.Parse(bytes.AsSpan(0, length), toHead, used)));
                }
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Head_that_differs_in_one_byte_is_read_anew()
    {
        var bytes = Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 5\r\nx-id: abc\r\nKeep-Alive: timeout=7\r\n\r\n");
        for (var at = 0; at < bytes.Length; at++)
        {
            var used = new ResponseHead();
            Assert.Null(ResponseHeadParser.Parse(bytes, false, used));
            var other = bytes.ToArray();
            other[at] ^= 1;
            var length = new HeadScanner().Scan(other);
            if (length > 0)
            {
                var fresh = new ResponseHead();
                var expected = Everything(fresh, ResponseHeadParser.Parse(other.AsSpan(0, length), false, fresh));
                Assert.Equal(expected, Everything(used, ResponseHeadParser.Parse(other.AsSpan(0, length), false, used)));
            }
        }
    }

    [Fact]
    public void Large_head_is_not_kept()
    {
        var head = new ResponseHead();
        var bytes = Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nx: {new string('a', 4000)}\r\n\r\n");

        Assert.Null(ResponseHeadParser.Parse(bytes, false, head));

        Assert.True(head.Last.Bytes.IsEmpty);
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
