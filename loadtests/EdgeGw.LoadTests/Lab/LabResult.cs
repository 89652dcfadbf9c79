using EdgeGw.LoadTests.Targets;

namespace EdgeGw.LoadTests.Lab;

/// <summary>Everything one run found.</summary>
internal sealed class LabResult
{
    /// <summary>The target that all others are compared with.</summary>
    public const string Direct = "direct";

    public required LabOptions Options { get; init; }

    public required Machine Machine { get; init; }

    public required DateTimeOffset Begun { get; init; }

    public Timing Timing { get; set; }

    public List<Cell> Cells { get; } = [];

    /// <summary>What makes the run a failed one.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What a reader must know: targets left out, failures of other people's programs.</summary>
    public List<string> Remarks { get; } = [];

    public List<TimeSpan> StartsToReady { get; } = [];

    public Dictionary<string, MemoryFigures> Memory { get; } = [];

    /// <summary>By target: answered requests, and streams that were left.</summary>
    public Dictionary<string, (long Answered, long Left)> Calls { get; } = [];

    public Dictionary<string, Books> Booked { get; } = [];

    /// <summary>By target: seconds since the start and resident bytes, under a steady load.</summary>
    public Dictionary<string, List<(double Seconds, long Bytes)>> Soaked { get; } = [];

    public string LoadAverageAfter { get; set; } = "";
}

/// <summary>Resident bytes of a target: before any load, after all of it, and at most.</summary>
internal readonly record struct MemoryFigures(long Idle, long After, long Peak);
