using System.Globalization;

namespace EdgeGw.Telemetry;

/// <summary>HTTP status codes as label values, made once.</summary>
internal static class StatusText
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 600).Select(status => status.ToString(CultureInfo.InvariantCulture))];

    internal static string Of(int status) => (uint)status < (uint)Texts.Length ? Texts[status] : "unknown";
}
