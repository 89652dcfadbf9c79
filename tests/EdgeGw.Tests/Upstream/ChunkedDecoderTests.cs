using System.Text;
using EdgeGw.Upstream.Http1;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Upstream;

public sealed class ChunkedDecoderTests
{
    /// <summary>A slow reading of RFC 9112 section 7.1 over the whole text at once; null: malformed or incomplete.</summary>
    private static (byte[] Body, int Consumed)? Oracle(byte[] bytes)
    {
        var text = Encoding.Latin1.GetString(bytes);
        var body = new StringBuilder();
        var at = 0;
        while (true)
        {
            var line = System.Text.RegularExpressions.Regex.Match(text[at..], "\\A([0-9A-Fa-f]{1,15})([ \t;][\t\x20-\x7e\x80-\xff]*)?\r\n");
            if (!line.Success)
            {
                return null;
            }
            at += line.Length;
            var size = Convert.ToInt64(line.Groups[1].Value, 16);
            if (size == 0)
            {
                break;
            }
            if (size > text.Length - at - 2 || text.Substring(at + (int)size, 2) != "\r\n")
            {
                return null;
            }
            body.Append(text, at, (int)size);
            at += (int)size + 2;
        }
        var trailers = System.Text.RegularExpressions.Regex.Match(text[at..], "\\A(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e\x80-\xff]*\r\n)*\r\n");
        return trailers.Success ? (Encoding.Latin1.GetBytes(body.ToString()), at + trailers.Length) : null;
    }

    private static (byte[] Body, int Consumed)? Decode(byte[] bytes, Func<int, int> pieceLength)
    {
        var decoder = new ChunkedDecoder();
        var body = new List<byte>();
        var at = 0;
        for (var n = 0; at < bytes.Length && !decoder.IsDone; n++)
        {
            var piece = bytes.AsSpan(at, Math.Min(Math.Max(1, pieceLength(n)), bytes.Length - at)).ToArray();
            if (!decoder.TryDecode(piece, out var consumed, out var written))
            {
                return null;
            }
            body.AddRange(piece[..written]);
            at += consumed;
            Assert.True(consumed == piece.Length || decoder.IsDone);
        }
        return decoder.IsDone ? ([.. body], at) : null;
    }

    private static readonly string[] Parts =
    [
        "0", "5", "a", "1F", "00000", "10", "\r\n", "\r", "\n", ";", " ", "\t", "x=1", "hello", ":", "A: b\r\n", "0\r\n\r\n", "0\r\n", "5\r\nhello\r\n", "\0", "3;q\r\nabc\r\n", "\u00e9", "1\r\n\n\r\n",
    ];

    private static void AssertAgrees(byte[] bytes, int seed)
    {
        var expected = Oracle(bytes);
        var random = new Random(seed);
        foreach (var pieces in new Func<int, int>[] { static _ => int.MaxValue, static _ => 1, _ => random.Next(1, 9) })
        {
            var actual = Decode(bytes, pieces);
            Assert.Equal(expected?.Consumed, actual?.Consumed);
            Assert.Equal(expected?.Body, actual?.Body);
        }
    }

    [Fact]
    public void Any_text_cut_anywhere_decodes_as_the_slow_reading_says()
    {
        var text = Gen.Elements(Parts).ListOf().Select(static p => string.Concat(p));
        Prop.ForAll(text.ToArbitrary(), static t => AssertAgrees(Encoding.Latin1.GetBytes(t), t.Length))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void A_well_formed_body_with_one_byte_changed_decodes_as_the_slow_reading_says()
    {
        var good = Encoding.Latin1.GetBytes("5\r\nhello\r\n1;ext=\"v\"\r\n\n\r\n00A \r\n0123456789\r\n0;x\r\nTrailer: v\r\nB:\r\n\r\nHTTP/1.1");
        AssertAgrees(good, 1);
        foreach (var replacement in "\r\n0 aG:;\0\u007f"u8.ToArray())
        {
            for (var i = 0; i < good.Length; i++)
            {
                var bad = good.ToArray();
                bad[i] = replacement;
                AssertAgrees(bad, i);
            }
        }
    }

    [Fact]
    public void Cut_at_every_byte_in_two_it_decodes_to_the_same()
    {
        var good = Encoding.Latin1.GetBytes("5;a=b\r\nhello\r\n6\r\n world\r\n0\r\nA: b\r\n\r\n");
        for (var i = 1; i < good.Length; i++)
        {
            var cut = i;
            var result = Decode(good, n => n == 0 ? cut : int.MaxValue);
            Assert.Equal("hello world", Encoding.Latin1.GetString(result!.Value.Body));
        }
    }

    [Theory]
    [InlineData("1;{0}\r\n")]
    [InlineData("0\r\n{0}: x")]
    [InlineData("0\r\nA: {0}")]
    public void Extensions_and_trailers_are_bounded(string format)
    {
        var bytes = Encoding.Latin1.GetBytes(string.Format(format, new string('x', ChunkedDecoder.MaxOverhead + 1)));
        Assert.False(new ChunkedDecoder().TryDecode(bytes, out _, out _));
    }

    [Fact]
    public void Small_extensions_on_many_chunks_are_bounded_together()
    {
        var bytes = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Repeat("1;xxxxxxxx\r\na\r\n", 5000)));
        Assert.False(new ChunkedDecoder().TryDecode(bytes, out _, out _));
    }
}
