using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Fidelity;

/// <summary>Requests sent on one connection without waiting: each answer has the header lines of its own and nobody else's.</summary>
[Collection(SharedGateway.Name)]
public sealed class PipeliningTests(GatewayFixture fixture)
{
    [Fact]
    public async Task AnswersOfEveryKind_onOneConnection_haveTheirOwnHeadsAndBodies()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, fixture.Gateway.Data.Port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Requests());
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));

        var ids = new HashSet<string>();
        foreach (var (status, hasCost, text) in new[] { (200, true, "\"usage\""), (400, false, "invalid_request_error"), (200, false, "[DONE]"), (404, false, "error"), (200, true, "\"usage\"") })
        {
            var (head, body) = await ReadAsync(stream, patience.Token);
            Assert.Equal($"{status}", head[0].Split(' ')[1]);
            Assert.True(ids.Add(Assert.Single(head, line => line.StartsWith("x-edgegw-request-id: ", StringComparison.Ordinal))));
            Assert.Equal(hasCost, head.Any(line => line.StartsWith("x-edgegw-cost-usd: ", StringComparison.Ordinal)));
            Assert.Single(head, line => line.StartsWith("Date: ", StringComparison.Ordinal));
            Assert.Contains(text, body, StringComparison.Ordinal);
            Assert.DoesNotContain("x-edgegw-request-id", body, StringComparison.Ordinal);
        }
    }

    private static byte[] Requests()
    {
        using var all = new MemoryStream();
        var whole = new Call(CallerDialect.Chat, new FakeScript { Id = "pipelined-1", Chunks = 3, Output = 3 });
        Add(whole.NativePath, whole.Body);
        Add(whole.NativePath, "no JSON"u8);
        var streamed = new Call(CallerDialect.Chat, new FakeScript { Id = "pipelined-2", Chunks = 3, Output = 3 }) { Stream = true };
        Add(streamed.NativePath, streamed.Body);
        Add("/nobody/v1/chat/completions", whole.Body);
        Add(whole.NativePath, new Call(CallerDialect.Chat, new FakeScript { Id = "pipelined-3", Chunks = 3, Output = 3 }).Body);
        return all.ToArray();

        void Add(string path, ReadOnlySpan<byte> body)
        {
            all.Write(Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"));
            all.Write(body);
        }
    }

    /// <summary>One answer, of a stated length or in chunks with trailers.</summary>
    private static async Task<(string[] Head, string Body)> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var head = (await UntilAsync(stream, "\r\n\r\n", cancellation)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        if (head.SingleOrDefault(line => line.StartsWith("Content-Length: ", StringComparison.Ordinal)) is { } length)
        {
            return (head, Encoding.UTF8.GetString(await ExactlyAsync(stream, int.Parse(length.AsSpan(16), NumberStyles.None, CultureInfo.InvariantCulture), cancellation)));
        }
        var body = new StringBuilder();
        while (true)
        {
            var size = int.Parse((await UntilAsync(stream, "\r\n", cancellation)).AsSpan().TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                while (await UntilAsync(stream, "\r\n", cancellation) != "\r\n")
                {
                }
                return (head, body.ToString());
            }
            body.Append(Encoding.UTF8.GetString((await ExactlyAsync(stream, size + 2, cancellation)).AsSpan(0, size)));
        }
    }

    private static async Task<string> UntilAsync(Stream stream, string end, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            text.Append((char)(await ExactlyAsync(stream, 1, cancellation))[0]);
        }
        return text.ToString();
    }

    private static async Task<byte[]> ExactlyAsync(Stream stream, int length, CancellationToken cancellation)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, cancellation);
        return bytes;
    }
}
