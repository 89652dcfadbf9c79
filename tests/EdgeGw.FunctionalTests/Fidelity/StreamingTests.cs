using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Fidelity;

/// <summary>A stream stays a stream: each piece leaves when it came, and a slow reader slows the provider instead of filling memory.</summary>
[Collection(SharedGateway.Name)]
public sealed class StreamingTests(GatewayFixture fixture)
{
    [Theory]
    [InlineData(CallerDialect.Chat)]
    [InlineData(CallerDialect.Responses)]
    [InlineData(CallerDialect.Messages)]
    [InlineData(CallerDialect.Gemini)]
    public async Task FirstPiece_arrivesWhileTheProviderIsStillSilentAboutTheRest(CallerDialect dialect)
    {
        // The provider says two pieces and then nothing more: whatever is held back would never come.
        var id = $"first-{dialect}";
        var call = new Call(dialect, new FakeScript { Id = id, Chunks = 10, Output = 10, Fail = FakeFailure.HangBody, FailAt = 2 }) { Stream = true };
        using var response = await call.SendAsync(fixture.Gateway.Client);
        await using var body = await response.Content.ReadAsStreamAsync();
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (!seen.ToString().Contains(LastTextBeforeTheSilence(), StringComparison.Ordinal))
        {
            var read = await body.ReadAsync(buffer, patience.Token);
            Assert.NotEqual(0, read);
            seen.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }
        Assert.Equal(CallEnding.Running, fixture.Provider.Ledger[id].Ending);
    }

    [Fact]
    public async Task SlowReader_slowsTheProvider()
    {
        const int bigBytes = 64 << 20;
        var call = new Call(CallerDialect.Chat, new FakeScript { Id = "backpressure", Fail = FakeFailure.BigEvent, BigBytes = bigBytes, FailAt = 1, Chunks = 4, Output = 4 }) { Stream = true, IncludeUsage = true };
        var memory = ProcessMemory.Resident(fixture.Gateway.Process);
        var (socket, stream) = await SendRawAsync(call);
        using (socket)
        {
            await stream.ReadExactlyAsync(new byte[100]);
            await Eventually.TrueAsync(() => fixture.Provider.Ledger.TryFind("backpressure", out var row) && row.Delivered >= 1, "the huge event at the provider");
            // The provider cannot have handed over 64 MiB while hardly anything is read, unless somebody keeps it.
            for (var i = 0; i < 50; i++)
            {
                await stream.ReadExactlyAsync(new byte[1000]);
                await Task.Delay(10);
            }
            Assert.Equal(1, fixture.Provider.Ledger["backpressure"].Delivered);
            Assert.InRange(ProcessMemory.Resident(fixture.Gateway.Process) - memory, long.MinValue, 40 << 20);
        }
    }

    // The second of the two pieces that come before the silence.
    private static string LastTextBeforeTheSilence() => FakeAnswer.TextOf(1);

    private async Task<(Socket Socket, NetworkStream Stream)> SendRawAsync(Call call)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, fixture.Gateway.Data.Port);
        var body = call.Body;
        var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {call.NativePath} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"));
        await stream.WriteAsync(body);
        return (socket, stream);
    }
}
