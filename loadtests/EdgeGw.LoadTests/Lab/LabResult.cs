namespace EdgeGw.LoadTests.Lab;

/// <summary>Everything one run found.</summary>
internal sealed class LabResult
{
    /// <summary>The target that all others are compared with.</summary>
    public const string Direct = "direct";

    public required LabOptions Options { get; init; }

    public required Machine Machine { get; init; }

    public required DateTimeOffset Begun { get; init; }

    public List<Cell> Cells { get; } = [];

    /// <summary>What makes the run a failed one.</summary>
    public List<string> Faults { get; } = [];

    public List<TimeSpan> StartsToReady { get; } = [];

    public Dictionary<string, MemoryFigures> Memory { get; } = [];

    public Dictionary<string, long> Answered { get; } = [];

    public Dictionary<string, (long Requests, long Input, long Output, decimal Cost)> Booked { get; } = [];

    public string LoadAverageAfter { get; set; } = "";
}

/// <summary>Resident bytes of a target: before any load, after all of it, and at most.</summary>
internal readonly record struct MemoryFigures(long Idle, long After, long Peak);
