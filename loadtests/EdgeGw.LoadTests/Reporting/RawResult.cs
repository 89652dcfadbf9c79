using System.Text.Json;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;

namespace EdgeGw.LoadTests.Reporting;

/// <summary>The run as JSON, with every histogram's buckets, so that any other figure can be computed later.</summary>
internal static class RawResult
{
    public static void Write(string path, LabResult result, Provenance provenance)
    {
        using var file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = false });
        json.WriteStartObject();
        json.WriteString("begun", result.Begun);
        json.WriteString("depth", result.Options.Depth.ToString());
        json.WriteStartObject("machine");
        json.WriteString("processor", result.Machine.Processor);
        json.WriteNumber("processors", result.Machine.Processors);
        json.WriteString("kernel", result.Machine.Kernel);
        json.WriteString("load_average_before", result.Machine.LoadAverageBefore);
        json.WriteString("load_average_after", result.LoadAverageAfter);
        json.WriteNumber("memory_bytes", result.Machine.Memory);
        json.WriteNumber("sync_us", result.Machine.SyncMicroseconds);
        json.WriteEndObject();
        json.WriteStartObject("programs");
        json.WriteString("edgegw", provenance.Version);
        json.WriteString("edgegw_sha256", provenance.Sha256);
        json.WriteNumber("edgegw_bytes", provenance.Bytes);
        json.WriteString("others", string.Join("; ", provenance.Others));
        json.WriteString("source", provenance.Source);
        json.WriteString("runtime", Environment.Version.ToString());
        json.WriteEndObject();
        json.WriteStartArray("starts_ms");
        result.StartsToReady.ForEach(start => json.WriteNumberValue(start.TotalMilliseconds));
        json.WriteEndArray();
        json.WriteStartObject("memory_bytes");
        foreach (var (target, memory) in result.Memory)
        {
            json.WriteStartObject(target);
            json.WriteNumber("idle", memory.Idle);
            json.WriteNumber("after", memory.After);
            json.WriteNumber("peak", memory.Peak);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartArray("cells");
        result.Cells.ForEach(cell => Write(json, cell));
        json.WriteEndArray();
        WriteSoak(json, result);
        json.WriteStartArray("faults");
        result.Faults.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteStartArray("remarks");
        result.Remarks.ForEach(json.WriteStringValue);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteSoak(Utf8JsonWriter json, LabResult result)
    {
        json.WriteStartObject("soak_seconds_and_bytes");
        foreach (var (target, samples) in result.Soaked)
        {
            json.WriteStartArray(target);
            foreach (var (seconds, bytes) in samples)
            {
                json.WriteNumberValue(Math.Round(seconds, 1));
                json.WriteNumberValue(bytes);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Cell cell)
    {
        json.WriteStartObject();
        json.WriteString("scenario", cell.Scenario.Name);
        json.WriteString("target", cell.Target);
        json.WriteNumber("round", cell.Round);
        json.WriteNumber("seconds", cell.Seconds);
        json.WriteNumber("requests_per_second", cell.RequestsPerSecond);
        json.WriteNumber("cpu_us_per_request", cell.CpuMicrosecondsPerRequest);
        json.WriteNumber("foreign_cpu", cell.ForeignCpu);
        if (cell.AllocatedPerRequest is { } allocated)
        {
            json.WriteNumber("allocated_bytes_per_request", allocated);
        }
        json.WriteNumber("answered", cell.Tally.Answered);
        json.WriteNumber("errors", cell.Tally.Errors);
        json.WriteNumber("resident_bytes", cell.ResidentBytes);
        json.WriteNumber("left", cell.Tally.Left);
        json.WriteNumber("unsent", cell.Tally.Unsent);
        json.WriteNumber("late_events", cell.Tally.LateEvents);
        Write(json, "total", cell.Tally.Total);
        Write(json, "since_sent", cell.Tally.Service);
        Write(json, "first_event", cell.Tally.FirstEvent);
        Write(json, "between_events", cell.Tally.Gaps);
        Write(json, "lateness", cell.Tally.Lateness);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, LatencyHistogram histogram)
    {
        if (histogram.Count == 0)
        {
            return;
        }
        json.WriteStartObject(name);
        json.WriteNumber("count", histogram.Count);
        foreach (var (label, fraction) in (ReadOnlySpan<(string, double)>)[("p50_us", 0.5), ("p90_us", 0.9), ("p99_us", 0.99), ("p999_us", 0.999)])
        {
            json.WriteNumber(label, histogram.Quantile(fraction) / 1000);
        }
        json.WriteNumber("max_us", histogram.Max / 1000.0);
        json.WriteStartArray("buckets_ns");
        foreach (var (from, count) in histogram.Buckets())
        {
            json.WriteNumberValue(from);
            json.WriteNumberValue(count);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
