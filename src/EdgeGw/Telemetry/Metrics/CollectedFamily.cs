using System.Text;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>A family whose samples are asked for at each scrape instead of being recorded. Not bounded by itself: the source is.</summary>
internal sealed class CollectedFamily(
    MetricType type, string baseName, string help, CollectedFamily.Collect collect) : MetricSource
{
    private readonly byte[] _name = Encoding.UTF8.GetBytes(baseName);

    /// <summary>Adds the family's samples.</summary>
    internal delegate void Collect(in Samples samples);

    /// <summary>One value without labels.</summary>
    internal static CollectedFamily Of(MetricType type, string baseName, string help, Func<double> read) =>
        new(type, baseName, help, (in Samples samples) => samples.Add([], read()));

    internal override void Write(in ExpositionWriter writer)
    {
        writer.Header(_name, type, help);
        collect(new Samples(writer, _name, type));
    }

    /// <summary>Where a source puts its samples.</summary>
    internal readonly ref struct Samples(ExpositionWriter writer, byte[] name, MetricType type)
    {
        private readonly ExpositionWriter _writer = writer;

        internal void Add(ReadOnlySpan<byte> labels, double value) =>
            _writer.Sample(name, ExpositionWriter.Suffix(type), labels, value);

        internal void Add(ReadOnlySpan<byte> labels, long value, int scale) =>
            _writer.Sample(name, ExpositionWriter.Suffix(type), labels, value, scale);
    }
}
