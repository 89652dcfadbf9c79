using System.Globalization;
using System.Text;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>The text of <c>le</c>. It is a label, compared as a string, so every exporter must write the same number the same way.</summary>
internal static class BucketBound
{
    /// <summary>OpenMetrics 1.0, "Canonical Numbers": as Go's <c>%g</c>, there with <c>.0</c> on whole numbers.</summary>
    internal static byte[] Render(long bound, int scale, ExpositionFormat format)
    {
        var value = (double)(bound / (decimal)Math.Pow(10, scale));
        var text = value >= 1e6
            ? value.ToString("0.###############e+00", CultureInfo.InvariantCulture)
            : value.ToString(CultureInfo.InvariantCulture).Replace('E', 'e');
        if (format == ExpositionFormat.OpenMetrics && text.AsSpan().IndexOfAny('.', 'e') < 0)
        {
            text += ".0";
        }
        return Encoding.UTF8.GetBytes(text);
    }
}
