using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Lab;

/// <summary>One scenario on one target in one round.</summary>
/// <param name="Seconds">That the measured time really took.</param>
/// <param name="CpuSeconds">Processor time of the target in it; 0 for the provider itself.</param>
/// <param name="ForeignCpu">Share of all processors, 0 to 1, used by processes that are no part of the lab: the noise.</param>
/// <param name="AllocatedBytes">On the target's managed heap during the whole cell; null where there is none.</param>
internal sealed record Cell(Scenario Scenario, string Target, int Round, Tally Tally, double Seconds, double CpuSeconds, double ForeignCpu, long? AllocatedBytes)
{
    /// <summary>Managed heap bytes a request, warm-up and new connections included.</summary>
    public double? AllocatedPerRequest => Tally.Answered == 0 ? null : AllocatedBytes / (double)Tally.Answered;

    public double RequestsPerSecond => Tally.Total.Count / Seconds;

    public double CpuMicrosecondsPerRequest => Tally.Total.Count == 0 ? 0 : CpuSeconds * 1e6 / Tally.Total.Count;
}
