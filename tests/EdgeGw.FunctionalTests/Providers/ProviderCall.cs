using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>The fake provider's own account of one request: the truth that the gateway's books are held against.</summary>
internal sealed class ProviderCall(string id, FakeRequest request, HttpContext context)
{
    private long _generated;
    private long _delivered;
    private int _ending;

    public string Id { get; } = id;
    public string Dialect { get; } = request.Dialect.Name;
    public string Model { get; } = request.Model;
    public string Path { get; } = context.Request.Path;
    public string Protocol { get; } = context.Request.Protocol;
    public bool Stream { get; } = request.Stream;
    public long? MaxOutput { get; } = request.MaxOutput;
    public bool AskedForUsage { get; } = request.IncludeUsage;
    public string BodyHash { get; } = request.BodyHash;
    public FakeScript Script { get; } = request.Script;

    /// <summary>The prompt is charged for: the provider started to work on it.</summary>
    public bool Started { get; private set; }

    /// <summary>Output tokens generated, each of them billed.</summary>
    public long Generated => Interlocked.Read(ref _generated);

    /// <summary>Output tokens whose bytes were handed to the connection.</summary>
    public long Delivered => Interlocked.Read(ref _delivered);

    public CallEnding Ending => (CallEnding)Volatile.Read(ref _ending);

    public long BilledInput => Started ? Script.Input : 0;
    public long BilledCachedInput => Started ? Script.CachedInput : 0;
    public long BilledCacheWrite => Started ? Script.CacheWrite : 0;
    public long BilledOutput => Started ? Generated : 0;

    public void Start() => Started = true;

    public void Generate(long tokens) => Interlocked.Add(ref _generated, tokens);

    public void Deliver(long tokens) => Interlocked.Add(ref _delivered, tokens);

    public void End(CallEnding ending) => Interlocked.CompareExchange(ref _ending, (int)ending, (int)CallEnding.Running);

    public override string ToString() =>
        $"{Id} {Dialect} stream={Stream} fail={Script.Fail} ending={Ending} input={BilledInput} output={BilledOutput} delivered={Delivered}";
}

/// <summary>How a call ended, seen from the provider.</summary>
internal enum CallEnding
{
    Running,
    /// <summary>The whole answer was written.</summary>
    Completed,
    /// <summary>The other side went away first.</summary>
    Aborted,
    /// <summary>It failed as its script said.</summary>
    Failed,
}
