namespace EdgeGw.Telemetry.Metrics;

/// <summary>Up to five label values in the order of the family's label names: the key of a series. A struct, so that a look-up allocates nothing.</summary>
internal readonly struct LabelValues(string a, string b, string c, string d, string e) : IEquatable<LabelValues>
{
    /// <summary>What values beyond a bound are reported as.</summary>
    internal const string Other = "other";

    internal const int MaxCount = 5;

    /// <summary>The key of a family without labels. Not <c>default</c>, whose fields are null.</summary>
    internal static readonly LabelValues None = new("", "", "", "", "");

    internal string this[int index] => index switch
    {
        0 => a,
        1 => b,
        2 => c,
        3 => d,
        4 => e,
        _ => throw new ArgumentOutOfRangeException(nameof(index)),
    };

    private string A => a;
    private string B => b;
    private string C => c;
    private string D => d;
    private string E => e;

    internal static LabelValues AllOther(int count) => new(
        count > 0 ? Other : "", count > 1 ? Other : "", count > 2 ? Other : "", count > 3 ? Other : "", count > 4 ? Other : "");

    public bool Equals(LabelValues other) =>
        a == other.A && b == other.B && c == other.C && d == other.D && e == other.E;

    public override bool Equals(object? obj) => obj is LabelValues other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(a, b, c, d, e);
}
