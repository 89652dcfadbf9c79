using System.IO.Pipelines;
using System.Runtime.InteropServices;
using EdgeGw.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Tests.Requests;

public sealed class RequestBodyTests
{
    private const long Limit = 64 << 20;

    [Theory]
    [InlineData(1, true)]
    [InlineData(4096, true)]
    [InlineData(4096, false)]
    [InlineData(32 * 1024, true)]
    [InlineData(32 * 1024, false)]
    public async Task Body_that_comes_in_pieces_is_read_whole(int piece, bool announced)
    {
        var sent = new byte[piece == 1 ? 20_000 : 700_001];
        new Random(piece).NextBytes(sent);
        var body = new RequestBody();

        Assert.True(await ReadAsync(body, sent, piece, announced ? sent.Length : null));

        Assert.Equal(sent.Length, body.Length);
        Assert.True(body.Bytes.Span.SequenceEqual(sent));
    }

    [Theory]
    [InlineData(100, 16 * 1024)]
    [InlineData(32 * 1024, 64 * 1024)]
    public async Task Announced_length_reserves_no_memory_before_a_part_of_it_is_here(int sent, int most)
    {
        var body = new RequestBody();

        Assert.True(await ReadAsync(body, new byte[sent], piece: 4096, Limit));

        Assert.True(MemoryMarshal.TryGetArray(body.Bytes, out var memory));
        Assert.InRange(memory.Array!.Length, sent, most);
    }

    [Fact]
    public async Task Announced_length_is_reserved_at_once_when_a_part_of_it_is_here()
    {
        const int Announced = 1 << 20;
        var body = new RequestBody();

        Assert.True(await ReadAsync(body, new byte[Announced * 3 / 8], piece: 32 * 1024, Announced));

        Assert.True(MemoryMarshal.TryGetArray(body.Bytes, out var memory));
        Assert.Equal(Announced, memory.Array!.Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_beyond_the_limit_is_not_read_to_its_end(bool announced) =>
        Assert.False(await ReadAsync(new RequestBody(), new byte[200_000], piece: 4096, announced ? 200_000 : null, limit: 100_000));

    private static async Task<bool> ReadAsync(RequestBody body, byte[] sent, int piece, long? announced, long limit = Limit)
    {
        var http = new DefaultHttpContext();
        // What is asked for is what comes in one receive.
        http.Features.Set<IRequestBodyPipeFeature>(
            new Pieces(PipeReader.Create(new MemoryStream(sent), new StreamPipeReaderOptions(bufferSize: piece, minimumReadSize: 1))));
        http.Request.ContentLength = announced;
        return await body.ReadAsync(http.Request, limit, CancellationToken.None);
    }

    private sealed record Pieces(PipeReader Reader) : IRequestBodyPipeFeature;
}
