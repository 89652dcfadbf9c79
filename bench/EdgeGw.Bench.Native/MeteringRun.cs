using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Bench.Native;

/// <summary>Metering of token streams, beside parsing every event's JSON with Utf8JsonReader in the same rounds.</summary>
internal static class MeteringRun
{
    private const int Rounds = 15;

    /// <returns>False when a byte was allocated.</returns>
    public static bool Run()
    {
        var failed = false;
        Console.WriteLine($"{"stream",-20} {"bytes/event",11} {"4 KiB GB/s",11} {"64 KiB GB/s",12} {"alone ns",9} {"reader GB/s",12} {"reader ns",10} {"ratio",6} {"allocated B",12}");
        foreach (var stream in SampleStream.All)
        {
            using var meter = new AnswerMeter();
            List<double> small = [], large = [], alone = [], reader = [];
            long allocated = 0;
            for (var round = -3; round < Rounds; round++)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                var s = Meter(meter, stream, 4 << 10);
                var l = Meter(meter, stream, 64 << 10);
                var a = MeterEvents(meter, stream);
                var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
                var r = ReadJson(stream);
                if (round >= 0)
                {
                    small.Add(s);
                    large.Add(l);
                    alone.Add(a);
                    reader.Add(r);
                    allocated += bytes;
                }
            }
            double size = stream.Whole.Length, events = stream.Events.Length;
            string Rate(List<double> seconds) => (size / Median(seconds) / 1e9).ToString("0.00", CultureInfo.InvariantCulture);
            string Each(List<double> seconds) => (Median(seconds) / events * 1e9).ToString("0", CultureInfo.InvariantCulture);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{stream.Name,-20} {size / events,11:0} {Rate(small),11} {Rate(large),12} {Each(alone),9} {Rate(reader),12} {Each(reader),10} {Median(reader) / Median(small),6:0.0} {allocated,12}"));
            failed |= allocated != 0;
        }
        return !failed;
    }

    private static double Median(List<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }

    private static double Meter(AnswerMeter meter, SampleStream stream, int piece)
    {
        var body = stream.Whole;
        var started = Stopwatch.GetTimestamp();
        meter.Start(new MeterOptions { Dialect = stream.Dialect, Provider = stream.Provider, Stream = true });
        for (var at = 0; at < body.Length; at += piece)
        {
            meter.Observe(body.AsSpan(at, Math.Min(piece, body.Length - at)));
        }
        return End(meter, started);
    }

    private static double MeterEvents(AnswerMeter meter, SampleStream stream)
    {
        var started = Stopwatch.GetTimestamp();
        meter.Start(new MeterOptions { Dialect = stream.Dialect, Provider = stream.Provider, Stream = true });
        foreach (var piece in stream.Events)
        {
            meter.Observe(piece);
        }
        return End(meter, started);
    }

    private static double End(AnswerMeter meter, long started)
    {
        var reading = meter.Finish();
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return reading.Usage is { Input: 10, Output: 20 } ? seconds : throw new InvalidOperationException($"metered {reading}");
    }

    // The common way: find the line, parse its JSON from end to end.
    private static double ReadJson(SampleStream stream)
    {
        var rest = stream.Whole.AsSpan();
        var started = Stopwatch.GetTimestamp();
        long tokens = 0;
        while (rest.IndexOf((byte)'\n') is >= 0 and var end)
        {
            var line = rest[..end];
            rest = rest[(end + 1)..];
            if (line.StartsWith("data: {"u8))
            {
                var json = new Utf8JsonReader(line["data: ".Length..]);
                while (json.Read())
                {
                    tokens += json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("usage"u8) ? 1 : 0;
                }
            }
        }
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return tokens >= 0 ? seconds : throw new InvalidOperationException();
    }
}
