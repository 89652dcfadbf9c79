using System.Globalization;
using System.Text;
using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Metering;

/// <summary>
/// How far off estimates are: recorded streams that do report usage, each cut at ten random places, the estimate against a pro-rata share of the
/// truth. The figures are published in docs/estimation.md, and this keeps them true.
/// </summary>
public sealed class EstimationErrorTests
{
    private const int Seed = 20_261_121;
    private const int Cuts = 10;

    [RequiresCorpusFact]
    public void Published_errors_are_those_of_the_recorded_streams()
    {
        var measured = Table(Measure());
        var document = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "estimation.md"));
        Assert.True(document.Contains(measured, StringComparison.Ordinal), "docs/estimation.md should have this table:\n" + measured);
    }

    private static SortedDictionary<string, List<(double Fresh, double Taught)>> Measure()
    {
        var errors = new SortedDictionary<string, List<(double, double)>>(StringComparer.Ordinal);
        foreach (var row in Corpus.Rows.Where(static r => r is { Stream: true, HasUsage: true, IsError: false, IsAmbiguous: false }))
        {
            var body = Corpus.Body(row);
            var whole = Meter(new UsageEstimator(), row, body);
            // Some recordings hold several answers one after the other, of which only the last one's usage counts.
            var isSpliced = Encoding.Latin1.GetString(body).Split("event: response.created").Length > 2;
            if (whole.Text.IsEmpty || whole.Usage.Output == 0 || whole.Source != UsageSource.Provider || isSpliced)
            {
                continue;
            }
            var random = new Random(Seed);
            var taught = TaughtByOthers(row);
            for (var i = 0; i < Cuts; i++)
            {
                var cut = body[..random.Next(1, body.Length)];
                var fresh = Meter(new UsageEstimator(), row, cut);
                // Running counts need no estimate; and nothing can be told of a cut before the first word.
                if (fresh.Source != UsageSource.Estimated || fresh.Text.IsEmpty)
                {
                    continue;
                }
                var truth = Truth(whole, fresh.Text);
                var name = WireNames.Of(row.Dialect);
                errors.TryAdd(name, []);
                errors[name].Add((Error(fresh, truth), Error(Meter(taught, row, cut), truth)));
            }
        }
        return errors;
    }

    private static double Error(in MeterReading reading, double truth) => Math.Abs(reading.Usage.Output - truth) / Math.Max(truth, 1);

    /// <summary>Thinking that was not shown had all been done before the first word; all else is shared out by bytes.</summary>
    private static double Truth(in MeterReading whole, in TextSeen seen)
    {
        var (usage, text) = (whole.Usage, whole.Text);
        if (usage.Reasoning == 0)
        {
            return usage.Output * (double)seen.Merge().Bytes / text.Merge().Bytes;
        }
        var thinking = text.ThinkingBytes > 0 ? usage.Reasoning * (double)seen.ThinkingBytes / text.ThinkingBytes : usage.Reasoning;
        return thinking + (text.Bytes > 0 ? (usage.Output - usage.Reasoning) * (double)seen.Bytes / text.Bytes : 0);
    }

    private static UsageEstimator TaughtByOthers(CorpusRow row)
    {
        var estimator = new UsageEstimator();
        foreach (var other in Corpus.Rows.Where(r => r != row && r.Provider == row.Provider && !r.IsError))
        {
            Meter(estimator, other, Corpus.Body(other));
        }
        return estimator;
    }

    private static string Table(SortedDictionary<string, List<(double Fresh, double Taught)>> errors)
    {
        var table = new StringBuilder();
        foreach (var (dialect, list) in errors)
        {
            double[] fresh = [.. list.Select(static e => e.Fresh)], taught = [.. list.Select(static e => e.Taught)];
            table.Append(CultureInfo.InvariantCulture,
                $"| {dialect} | {list.Count} | {Share(fresh, 0.5):0.00} | {Share(fresh, 0.95):0.00} | {Share(taught, 0.5):0.00} | {Share(taught, 0.95):0.00} |\n");
        }
        return table.ToString();
    }

    private static double Share(double[] values, double share) => values.Order().ElementAt((int)Math.Min(values.Length - 1, share * values.Length));

    private static MeterReading Meter(UsageEstimator estimator, CorpusRow row, byte[] body)
    {
        using var meter = new AnswerMeter(estimator);
        meter.Start(row.Options);
        meter.Observe(body);
        return meter.Finish();
    }
}
