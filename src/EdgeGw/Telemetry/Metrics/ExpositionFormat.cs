using Microsoft.Net.Http.Headers;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>The two text formats that Prometheus scrapes.</summary>
public enum ExpositionFormat : byte
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,
    /// <summary>OpenMetrics 1.0.</summary>
    OpenMetrics,
}

/// <summary>Content negotiation between the formats.</summary>
internal static class ExpositionFormats
{
    private const string OpenMetricsType = "application/openmetrics-text";

    internal static string ContentType(this ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? OpenMetricsType + "; version=1.0.0; charset=utf-8"
        : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>OpenMetrics when it is asked for at least as strongly as plain text, else plain text: a reader that asks for neither can read that.</summary>
    internal static ExpositionFormat Negotiate(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out var ranges))
        {
            return ExpositionFormat.Text;
        }
        double openMetrics = 0, text = 0;
        foreach (var range in ranges)
        {
            var quality = range.Quality ?? 1;
            if (range.MediaType.Equals(OpenMetricsType, StringComparison.OrdinalIgnoreCase) && IsVersionOne(range))
            {
                openMetrics = Math.Max(openMetrics, quality);
            }
            else if (range.MediaType.Equals("text/plain", StringComparison.OrdinalIgnoreCase))
            {
                text = Math.Max(text, quality);
            }
        }
        return openMetrics > 0 && openMetrics >= text ? ExpositionFormat.OpenMetrics : ExpositionFormat.Text;
    }

    private static bool IsVersionOne(MediaTypeHeaderValue range)
    {
        foreach (var parameter in range.Parameters)
        {
            if (parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))
            {
                return HeaderUtilities.RemoveQuotes(parameter.Value) == "1.0.0";
            }
        }
        return true;
    }
}
