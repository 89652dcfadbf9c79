namespace EdgeGw.Storage.Tests;

/// <summary>How often faults are injected: few in CI, many before a release (<c>EDGEGW_FAULT_SCALE=release</c>).</summary>
internal static class FaultScale
{
    internal static bool IsRelease { get; } = Environment.GetEnvironmentVariable("EDGEGW_FAULT_SCALE") == "release";

    internal static int Of(int ci, int release) => IsRelease ? release : ci;
}
