using System.Globalization;

namespace EdgeGw.Bench.Native;

/// <summary>The memory of whole unstreamed calls with everything on, from the caller's socket to the provider's and back: all that the process allocates meanwhile.</summary>
internal static class CallRun
{
    /// <summary>A little above what is measured; the goal is 2 KiB.</summary>
    private const int MostBytes = 1600;

    private const int Rounds = 7;
    private const int Calls = 4_000;

    /// <returns>False when a call allocates more than it may.</returns>
    public static async Task<bool> RunAsync()
    {
        using var provider = new SampleProvider();
        List<double> bytes = [];
        await using (var gateway = await CallGateway.StartAsync(provider.Port))
        {
            using var caller = new SampleCaller(gateway.Port, gateway.Secret);
            for (var round = -1; round < Rounds; round++)
            {
                var before = GC.GetTotalAllocatedBytes(precise: true);
                for (var i = 0; i < Calls; i++)
                {
                    caller.Call();
                }
                if (round >= 0)
                {
                    bytes.Add((double)(GC.GetTotalAllocatedBytes(precise: true) - before) / Calls);
                }
            }
        }
        var median = bytes.Order().ElementAt(Rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"unstreamed call with everything on: {median:0} B allocated ({bytes.Min():0} .. {bytes.Max():0}), at most {MostBytes}"));
        return median <= MostBytes;
    }
}
