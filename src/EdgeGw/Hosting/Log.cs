using Microsoft.Extensions.Logging;

namespace EdgeGw.Hosting;

/// <summary>Every operational message of the gateway, with stable ids. They go to standard error; usage records go elsewhere.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "edgegw {Version} serves on {Data}; admin on {Admin}; data in {DataDirectory}")]
    public static partial void Started(ILogger logger, string version, string data, string admin, string dataDirectory);

    [LoggerMessage(2, LogLevel.Information, "{Note}")]
    public static partial void Note(ILogger logger, string note);

    [LoggerMessage(3, LogLevel.Information, "Stopping: no new requests; {Active} under way may finish within {Limit}")]
    public static partial void Stopping(ILogger logger, long active, TimeSpan limit);

    [LoggerMessage(4, LogLevel.Information, "Stopped: everything is settled and on disk")]
    public static partial void Stopped(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "{Count} calls were under way when the process last ended; each was settled at its hold's full value, {Amount} USD in all, and marked presumed")]
    public static partial void Presumed(ILogger logger, int count, string amount);

    [LoggerMessage(6, LogLevel.Warning, "The journal's tail was torn: {Bytes} bytes after the last commit were cut")]
    public static partial void TornTail(ILogger logger, long bytes);

    [LoggerMessage(7, LogLevel.Error, "A request failed inside the gateway")]
    public static partial void RequestFailed(ILogger logger, Exception exception);

    [LoggerMessage(8, LogLevel.Critical, "The journal cannot be written: metered calls are refused until a restart. {Message}")]
    public static partial void JournalFaulted(ILogger logger, string message);

    [LoggerMessage(9, LogLevel.Error, "A checkpoint failed; the journal has everything, the next start replays more of it")]
    public static partial void CheckpointFailed(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Warning, "Model {Provider}/{Model} has no price: its cost is recorded as unknown")]
    public static partial void Unpriced(ILogger logger, string provider, string model);
}
