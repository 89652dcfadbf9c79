using System.Buffers;
using System.Buffers.Text;
using System.Text;
using EdgeGw.Pricing;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>Writes families and samples in one of the text formats.</summary>
internal readonly ref struct ExpositionWriter(IBufferWriter<byte> output, ExpositionFormat format)
{
    internal ExpositionFormat Format => format;

    /// <summary>HELP and TYPE. <paramref name="name"/> is the family's base name, without <c>_total</c> or <c>_info</c>.</summary>
    internal void Header(ReadOnlySpan<byte> name, MetricType type, string help)
    {
        // The older format names a counter by its sample, the newer one by its family.
        var suffix = format == ExpositionFormat.OpenMetrics ? default : Suffix(type);
        output.Write("# HELP "u8);
        output.Write(name);
        output.Write(suffix);
        output.Write(" "u8);
        Help(help);
        output.Write("\n# TYPE "u8);
        output.Write(name);
        output.Write(suffix);
        output.Write(type switch
        {
            MetricType.Counter => " counter\n"u8,
            MetricType.Histogram => " histogram\n"u8,
            MetricType.Info when format == ExpositionFormat.OpenMetrics => " info\n"u8,
            _ => " gauge\n"u8,
        });
    }

    /// <summary>The suffix that samples of a type carry in both formats.</summary>
    internal static ReadOnlySpan<byte> Suffix(MetricType type) => type switch
    {
        MetricType.Counter => "_total"u8,
        MetricType.Info => "_info"u8,
        _ => default,
    };

    /// <summary>A whole number of 10^-<paramref name="scale"/> units, printed exactly.</summary>
    internal void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, long value, int scale)
    {
        Series(name, suffix, labels, default);
        Value(value, scale);
    }

    internal void Sample(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, double value)
    {
        Series(name, suffix, labels, default);
        if (double.IsFinite(value))
        {
            var destination = output.GetSpan(32);
            Utf8Formatter.TryFormat(value, destination, out var written);
            output.Advance(written);
        }
        else
        {
            output.Write(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
        }
        output.Write("\n"u8);
    }

    /// <summary>One bucket line; <paramref name="bound"/> is the value of <c>le</c>.</summary>
    internal void Bucket(ReadOnlySpan<byte> name, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> bound, long value)
    {
        Series(name, "_bucket"u8, labels, bound);
        Value(value, 0);
    }

    /// <summary>The end marker, without which an OpenMetrics reader takes the text for cut off.</summary>
    internal void End()
    {
        if (format == ExpositionFormat.OpenMetrics)
        {
            output.Write("# EOF\n"u8);
        }
    }

    private void Series(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix, ReadOnlySpan<byte> labels, ReadOnlySpan<byte> bound)
    {
        output.Write(name);
        output.Write(suffix);
        if (!labels.IsEmpty || !bound.IsEmpty)
        {
            output.Write("{"u8);
            output.Write(labels);
            if (!bound.IsEmpty)
            {
                output.Write(labels.IsEmpty ? "le=\""u8 : ",le=\""u8);
                output.Write(bound);
                output.Write("\""u8);
            }
            output.Write("}"u8);
        }
        output.Write(" "u8);
    }

    private void Value(long value, int scale)
    {
        FixedPoint.TryFormat(value, scale, output.GetSpan(FixedPoint.MaxLength), out var length);
        output.Advance(length);
        output.Write("\n"u8);
    }

    private void Help(string help)
    {
        var escaped = help.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
        if (format == ExpositionFormat.OpenMetrics)
        {
            escaped = escaped.Replace("\"", "\\\"", StringComparison.Ordinal);
        }
        Encoding.UTF8.GetBytes(escaped, output);
    }
}
