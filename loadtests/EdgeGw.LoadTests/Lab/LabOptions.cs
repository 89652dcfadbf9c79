namespace EdgeGw.LoadTests.Lab;

/// <summary>How long and on what the lab runs.</summary>
internal sealed record LabOptions
{
    public required string Binary { get; init; }

    /// <summary>Null: not installed, here as with the others; the lab then runs without it and says so.</summary>
    public string? Nginx { get; init; }

    public string? Haproxy { get; init; }

    /// <summary>Its <c>start-server.js</c>.</summary>
    public string? Portkey { get; init; }

    /// <summary>Raw results and the processes' folders go below it.</summary>
    public required string Folder { get; init; }

    public Depth Depth { get; init; } = Depth.Main;

    /// <summary>Only scenarios whose name contains it, of all depths; null: those of the depth.</summary>
    public string? Only { get; init; }

    /// <summary>The page whose marked part is replaced by the run's summary; null: none.</summary>
    public string? Page { get; init; }

    /// <summary>Memory is watched under a steady load for so long, instead of the scenarios; 0: the scenarios.</summary>
    public double SoakMinutes { get; init; }

    /// <summary>The commit that lab and binary were built from.</summary>
    public string Source { get; init; } = "unknown";

    public bool IsShort => Depth <= Depth.Quick;

    public int Rounds => Depth == Depth.All ? 5 : 3;

    /// <summary>What all cells together may take, in seconds.</summary>
    public double Budget => Depth switch { Depth.Ci => 20, Depth.Quick => 35, Depth.Main => 400, _ => 3600 };

    /// <summary>When this has passed since the start, no more scenarios begin: a loaded machine takes longer than the cells themselves.</summary>
    public TimeSpan Patience => TimeSpan.FromSeconds(Depth switch { Depth.Ci => 40, Depth.Quick => 52, Depth.Main => 560, _ => 14400 });

    public int Starts => IsShort ? 3 : 7;

    /// <summary>On the command line.</summary>
    public static LabOptions? Read(string[] args)
    {
        if (args is not ["run", ..] || Value("--binary") is not { } binary || Value("--out") is not { } output)
        {
            return null;
        }
        return new LabOptions
        {
            Binary = Path.GetFullPath(binary),
            Nginx = Value("--nginx"),
            Haproxy = Value("--haproxy"),
            Portkey = Value("--portkey"),
            Folder = Path.GetFullPath(output),
            Depth = args.Contains("--ci") ? Depth.Ci : args.Contains("--quick") ? Depth.Quick : args.Contains("--all") ? Depth.All : Depth.Main,
            Only = Value("--only"),
            Page = Value("--page"),
            Source = Value("--source") ?? "unknown",
            SoakMinutes = double.Parse(Value("--soak") ?? "0", System.Globalization.CultureInfo.InvariantCulture),
        };

        string? Value(string option)
        {
            var at = Array.IndexOf(args, option);
            return at >= 0 && at + 1 < args.Length && args[at + 1].Length > 0 ? args[at + 1] : null;
        }
    }
}
