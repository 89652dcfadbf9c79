using System.IO.Pipelines;
using System.Text;
using EdgeGw.Heads;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests;
using EdgeGw.Telemetry;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

public sealed class ChunkedTrailerBodyTests
{
    [Fact]
    public async Task Body_in_pieces_with_trailers_is_framed_as_RFC_9112_says()
    {
        var text = await WriteAsync(output =>
        {
            ChunkedTrailerBody.WriteChunk(output, "hello"u8);
            ChunkedTrailerBody.WriteChunk(output, new byte[26]);
            var trailers = new HeadLines();
            var head = new AnswerHead();
            head.Begin(new HeaderDictionary(), trailers);
            SettlementHeaders.Of(Record, tightest: null).WriteTo(head);
            ChunkedTrailerBody.WriteEnd(output, trailers.Bytes);
        });
        Assert.Equal($"5\r\nhello\r\n1a\r\n{new string('\0', 26)}\r\n0\r\nx-edgegw-cost-usd: 0.0000025\r\nx-edgegw-tokens-input: 7\r\nx-edgegw-tokens-output: 3\r\n\r\n", text);
    }

    [Fact]
    public async Task Empty_piece_is_not_written_because_it_would_end_the_body()
    {
        var text = await WriteAsync(output => ChunkedTrailerBody.WriteChunk(output, []));
        Assert.Equal("", text);
    }

    private static UsageRecord Record => new()
    {
        Id = Guid.NewGuid(),
        Time = DateTimeOffset.UnixEpoch,
        Principal = Principal.Anonymous,
        Usage = new Usage { Input = 7, Output = 3 },
        Cost = new NanoUsd(2500),
    };

    private static async Task<string> WriteAsync(Action<PipeWriter> write)
    {
        var pipe = new Pipe();
        write(pipe.Writer);
        await pipe.Writer.CompleteAsync();
        using var body = new MemoryStream();
        await pipe.Reader.CopyToAsync(body);
        return Encoding.Latin1.GetString(body.ToArray());
    }
}
