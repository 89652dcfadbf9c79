using Microsoft.AspNetCore.Hosting;

namespace EdgeGw.Hosting;

/// <summary>What follows on a socket's event runs on the thread that waited for it, for callers and providers alike.</summary>
/// <remarks>
/// Handing each event to the thread pool costs a call several wake-ups of a thread: where threads sleep in between, up to 45 % of its processor
/// time (docs/performance.md).
/// It demands that nothing on a request's path blocks for long, and that a loop which never waits gives way now and then.
/// </remarks>
internal static class SocketScheduling
{
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>For all sockets of the process; the runtime looks when the first is made. A value from outside stands.</summary>
    public static void UseInlineCompletions()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }

    /// <summary>For a server's connections.</summary>
    public static void UseInlineConnections(IWebHostBuilder server) => server.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
}
