using System.IO.Compression;
using System.Text;
using EdgeGw.Metering;
using EdgeGw.Metering.Framing;

namespace EdgeGw.Tests.Metering;

public sealed class BodyDecoderTests
{
    private static readonly byte[] Stream = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Range(0, 50).Select(static i => $"data: {{\"model\":\"m\",\"choices\":[{{\"delta\":{{\"content\":\"word {i * 7919}\"}}}}]}}\n\n"))
        + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":31,\"completion_tokens\":50}}\n\ndata: [DONE]\n\n");

    [Theory]
    [InlineData("gzip", 1)]
    [InlineData("gzip", 100)]
    [InlineData("x-gzip", 100_000)]
    [InlineData("deflate", 1)]
    [InlineData("deflate", 100_000)]
    [InlineData("raw", 3)]
    [InlineData("br", 1)]
    [InlineData("br", 100_000)]
    [InlineData("identity", 5)]
    [InlineData(" GZIP ", 5)]
    public void Compressed_stream_is_metered(string encoding, int pieceLength)
    {
        var reading = Meter(Compress(encoding.Trim().ToLowerInvariant(), Stream), encoding == "raw" ? "deflate" : encoding, pieceLength);
        Assert.Equal((UsageSource.Provider, 31, 50, 52), (reading.Source, reading.Usage.Input, reading.Usage.Output, reading.Events));
    }

    [Fact]
    public void Events_are_seen_as_their_compressed_bytes_pass()
    {
        using var compressed = new MemoryStream();
        using var gzip = new GZipStream(compressed, CompressionLevel.Fastest);
        gzip.Write(Stream);
        gzip.Flush();
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai", ContentEncoding = "gzip" });
        meter.Observe(compressed.ToArray());
        Assert.True(meter.ReachedEnd);
    }

    [Fact]
    public void Inflating_beyond_the_bounds_stops()
    {
        var bomb = Compress("gzip", new byte[64 << 20]);
        Assert.True(BodyDecoder.TryCreate("gzip", out var decoder));
        var total = 0L;
        decoder!.Write(bomb, this, (bytes, _) => total += bytes.Length);
        Assert.True(decoder.Failed);
        Assert.InRange(total, 1, BodyDecoder.MaxBurst + (64 << 10));
        decoder.Dispose();
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("zstd")]
    public void Bytes_that_cannot_be_decoded_are_estimated(string encoding)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai", ContentEncoding = encoding, InputBytes = 40 });
        meter.Observe(Enumerable.Repeat((byte)0xFF, 40).ToArray());
        var reading = meter.Finish();
        Assert.Equal((UsageSource.Estimated, 10), (reading.Source, reading.Usage.Input));
    }

    private static MeterReading Meter(byte[] body, string encoding, int pieceLength)
    {
        using var meter = new AnswerMeter();
        meter.Start(new MeterOptions { Dialect = Dialect.ChatCompletions, Provider = "openai", Stream = true, ContentEncoding = encoding });
        foreach (var piece in Pieces.Cut(body, [pieceLength]))
        {
            meter.Observe(piece);
        }
        return meter.Finish();
    }

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var output = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" or "x-gzip" => new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(output, CompressionLevel.Fastest, leaveOpen: true),
            "raw" => new DeflateStream(output, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(output, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(new Kept(output)),
        })
        {
            stream.Write(bytes);
        }
        return output.ToArray();
    }

    /// <summary>Leaves the stream below open.</summary>
    private sealed class Kept(Stream below) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => below.Write(buffer, offset, count);

        public override void Write(ReadOnlySpan<byte> buffer) => below.Write(buffer);
    }
}
