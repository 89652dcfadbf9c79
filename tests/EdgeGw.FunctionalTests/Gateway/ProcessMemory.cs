using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>What a process keeps in memory, as the kernel counts it. Bytes.</summary>
internal static class ProcessMemory
{
    public static long Resident(Process process) => Read(process, "VmRSS:");

    /// <summary>The most that was ever resident.</summary>
    public static long Peak(Process process) => Read(process, "VmHWM:");

    private static long Read(Process process, string name)
    {
        var line = File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture) * 1024;
    }
}
