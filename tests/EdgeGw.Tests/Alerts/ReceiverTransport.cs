using System.Collections.Concurrent;
using System.Text;
using EdgeGw.Upstream;

namespace EdgeGw.Tests.Alerts;

/// <summary>A receiver of webhooks that answers as it is told, in order, and 200 after that.</summary>
internal sealed class ReceiverTransport(TimeProvider time) : UpstreamTransport
{
    private readonly ConcurrentQueue<(int Status, string? RetryAfter)> _script = new();
    private readonly ConcurrentQueue<Received> _requests = new();

    public IReadOnlyCollection<Received> Requests => _requests;

    /// <summary>While set, requests hang until they are cancelled.</summary>
    public bool Hangs { get; set; }

    /// <param name="status">0: no connection.</param>
    public ReceiverTransport Then(int status, string? retryAfter = null)
    {
        _script.Enqueue((status, retryAfter));
        return this;
    }

    public override async ValueTask<UpstreamResult> SendAsync(UpstreamRequest request, CancellationToken cancellation)
    {
        _requests.Enqueue(new(time.GetUtcNow(), request.Origin, request.Target, request.Headers.ToDictionary(), Encoding.UTF8.GetString(request.Body.Single().Span)));
        if (Hangs)
        {
            var cancelled = new TaskCompletionSource();
            await using var registration = cancellation.Register(cancelled.SetResult);
            await cancelled.Task;
            return new(null, UpstreamError.Cancelled, true);
        }
        var (status, retryAfter) = _script.TryDequeue(out var next) ? next : (200, null);
        return status == 0 ? new(null, UpstreamError.Connect, false) : new(new Answer(status, retryAfter), UpstreamError.None, true);
    }

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal sealed record Received(DateTimeOffset Time, Uri Origin, string Target, Dictionary<string, string> Headers, string Body);

    private sealed class Answer(int status, string? retryAfter) : UpstreamResponse
    {
        public override int Status => status;

        public override IReadOnlyList<KeyValuePair<string, string>> Headers => retryAfter is null ? [] : [new("retry-after", retryAfter)];

        public override ReadOnlySpan<KeyValuePair<string, string>> HeaderSpan => Headers.ToArray();

        public override ValueTask<UpstreamRead> ReadAsync(CancellationToken cancellation) => new(new UpstreamRead(default, true, UpstreamError.None));

        public override void Abort()
        {
        }

        public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
