namespace EdgeGw.LoadTests.Lab;

/// <summary>How long and on what the lab runs.</summary>
internal sealed record LabOptions
{
    public required string Binary { get; init; }

    /// <summary>Null: not installed; the lab then runs without it and says so.</summary>
    public required string? Nginx { get; init; }

    /// <summary>Raw results and the processes' folders go below it.</summary>
    public required string Folder { get; init; }

    public bool Quick { get; init; }

    /// <summary>Only scenarios whose name contains it; null: all.</summary>
    public string? Only { get; init; }

    public int Rounds => Quick ? 3 : 5;

    public double CellSeconds => Quick ? 0.25 : 1.2;

    public double WarmUpSeconds => Quick ? 0.08 : 0.2;

    public int Starts => Quick ? 3 : 7;
}
