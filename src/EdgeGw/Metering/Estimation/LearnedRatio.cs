namespace EdgeGw.Metering.Estimation;

/// <summary>A ratio of two sums in which older samples fade: long answers teach more than short ones, recent ones more than old ones.</summary>
internal struct LearnedRatio
{
    private const double Keep = 15.0 / 16;

    private double _above;
    private double _below;

    /// <summary>How many samples there were.</summary>
    public long Samples { get; private set; }

    public void Add(double above, double below)
    {
        _above = (_above * Keep) + above;
        _below = (_below * Keep) + below;
        Samples++;
    }

    /// <summary>The ratio, drawn towards what was expected of it as long as little was seen.</summary>
    /// <param name="expected">The ratio without any sample.</param>
    /// <param name="weight">How much below the line the expectation counts for.</param>
    public readonly double Value(double expected, double weight) => (_above + (expected * weight)) / (_below + weight);
}
