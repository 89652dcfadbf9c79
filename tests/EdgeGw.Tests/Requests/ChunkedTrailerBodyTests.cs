using System.IO.Pipelines;
using System.Text;
using EdgeGw.Requests;

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
            ChunkedTrailerBody.WriteEnd(output, [new("x-a", "1"), new("x-b", "two")]);
        });
        Assert.Equal($"5\r\nhello\r\n1a\r\n{new string('\0', 26)}\r\n0\r\nx-a: 1\r\nx-b: two\r\n\r\n", text);
    }

    [Fact]
    public async Task Empty_piece_is_not_written_because_it_would_end_the_body()
    {
        var text = await WriteAsync(output => ChunkedTrailerBody.WriteChunk(output, []));
        Assert.Equal("", text);
    }

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
