using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Lab;

/// <summary>One scenario on one target in one round.</summary>
/// <param name="Target">Its name.</param>
/// <param name="Column">Where it stands in the summary.</param>
internal sealed record Cell(Scenario Scenario, string Target, string Column, int Round, Tally Tally)
{
    /// <summary>That the measured time really took.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor time of the target in it; 0 for the provider itself.</summary>
    public required double CpuSeconds { get; init; }

    /// <summary>Share of all processors, 0 to 1, used by processes that are no part of the lab: the noise.</summary>
    public required double ForeignCpu { get; init; }

    /// <summary>On the target's managed heap during the whole cell; null where there is none.</summary>
    public required long? AllocatedBytes { get; init; }

    /// <summary>Of the target at the end of the measured time; 0 for the provider itself.</summary>
    public required long ResidentBytes { get; init; }

    public bool IsDirect => Target == LabResult.Direct;

    /// <summary>Managed heap bytes a request, warm-up and new connections included.</summary>
    public double? AllocatedPerRequest => Tally.Answered == 0 ? null : AllocatedBytes / (double)Tally.Answered;

    public double RequestsPerSecond => Tally.Service.Count / Seconds;

    public double CpuMicrosecondsPerRequest => Tally.Service.Count == 0 ? 0 : CpuSeconds * 1e6 / Tally.Service.Count;
}
