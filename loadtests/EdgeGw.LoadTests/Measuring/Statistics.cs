namespace EdgeGw.LoadTests.Measuring;

/// <summary>Of a few rounds.</summary>
internal static class Statistics
{
    /// <exception cref="InvalidOperationException">There are no values.</exception>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        if (sorted.Length == 0)
        {
            throw new InvalidOperationException("no values");
        }
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
