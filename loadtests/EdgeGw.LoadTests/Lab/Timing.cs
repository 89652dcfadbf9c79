namespace EdgeGw.LoadTests.Lab;

/// <summary>How long the cells are, so that all of them fit into the time that the run may take.</summary>
/// <param name="WarmUp">Seconds at a cell's beginning that are not measured; a swarm's streams start spread over them.</param>
/// <param name="Seconds">Measured seconds of a cell whose length is not its streams'.</param>
internal readonly record struct Timing(double WarmUp, double Seconds)
{
    /// <summary>Connections, collection, and figures before and after.</summary>
    private const double Overhead = 0.12;
    private const double WarmUpShare = 0.2;
    private const double Longest = 1.5;
    private const double Shortest = 0.2;

    /// <param name="cells">The scenario of every cell to come.</param>
    /// <param name="budget">Seconds for all of them.</param>
    public static Timing For(IReadOnlyCollection<Scenario> cells, double budget)
    {
        var swarms = cells.Where(each => each.IsSwarm).ToArray();
        var others = cells.Count - swarms.Length;
        var left = budget - cells.Count * Overhead - swarms.Sum(each => each.StreamSeconds);
        var whole = Math.Clamp(left / Math.Max(1, others + swarms.Length * WarmUpShare), Shortest, Longest);
        return new Timing(whole * WarmUpShare, whole * (1 - WarmUpShare));
    }
}
