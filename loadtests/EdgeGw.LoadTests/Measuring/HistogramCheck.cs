namespace EdgeGw.LoadTests.Measuring;

/// <summary>Proves the histogram against a sorted array before any figure of it is printed.</summary>
internal static class HistogramCheck
{
    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Run()
    {
        var random = new Random(7);
        for (var round = 0; round < 20; round++)
        {
            var values = new long[5000];
            var (whole, left, right) = (new LatencyHistogram(), new LatencyHistogram(), new LatencyHistogram());
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (long)Math.Exp(random.NextDouble() * 24.9);
                whole.Record(values[i]);
                (i % 3 == 0 ? left : right).Record(values[i]);
            }
            left.Add(right);
            Array.Sort(values);
            foreach (var fraction in (double[])[0, 0.01, 0.5, 0.9, 0.99, 0.999, 1])
            {
                var exact = values[Math.Max(1, (int)Math.Ceiling(fraction * values.Length)) - 1];
                if (Math.Abs(whole.Quantile(fraction) - exact) > exact / 1024.0 + 1 || left.Quantile(fraction) != whole.Quantile(fraction))
                {
                    return $"quantile {fraction}: {whole.Quantile(fraction)} and merged {left.Quantile(fraction)}, exact {exact}";
                }
            }
        }
        return null;
    }
}
