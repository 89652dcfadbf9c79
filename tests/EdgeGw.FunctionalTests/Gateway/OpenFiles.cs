using System.Diagnostics;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>What a process has open, sockets included, as the kernel counts it.</summary>
internal static class OpenFiles
{
    public static int Count(Process process) => Directory.GetFiles($"/proc/{process.Id}/fd").Length;
}
