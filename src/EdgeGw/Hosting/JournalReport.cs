using System.Globalization;
using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Storage;

namespace EdgeGw.Hosting;

/// <summary>What <c>edgegw verify-journal</c> found, and how it is printed.</summary>
internal sealed record JournalReport
{
    public required string Folder { get; init; }
    public required JournalInspection Journal { get; init; }
    public required JournalAudit Audit { get; init; }

    /// <summary>Null: no checkpoint was ever taken.</summary>
    public CheckpointManifest? Checkpoint { get; init; }

    /// <summary>Slots whose counters were compared with the journal; null: they could not be.</summary>
    public int? SlotsCompared { get; init; }

    public required IReadOnlyList<StorageDamage> Damages { get; init; }

    public void WriteText(TextWriter output)
    {
        var types = string.Join(", ", Audit.Counts.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{JournalAudit.Name(pair.Key)} {pair.Value}")));
        output.WriteLine($"data folder   {Folder}");
        output.WriteLine(Journal.Records == 0
            ? "records       none"
            : string.Create(CultureInfo.InvariantCulture, $"records       {Journal.Records}, from {Journal.FirstSequence} to {Journal.LastSequence}: {types}"));
        output.WriteLine($"time          {Time(Audit.From) ?? "-"} to {Time(Audit.Until) ?? "-"}");
        output.WriteLine(Audit.OpenHolds == 0
            ? "open holds    none"
            : string.Create(CultureInfo.InvariantCulture, $"open holds    {Audit.OpenHolds}, {Audit.OpenHoldAmount} USD; the next start settles them at that, presumed"));
        output.WriteLine(Journal.TornTailBytes == 0
            ? "torn tail     none"
            : string.Create(CultureInfo.InvariantCulture, $"torn tail     {Journal.TornTailBytes} bytes that were never acknowledged; the next start cuts them"));
        output.WriteLine(Checkpoint is null
            ? "checkpoint    none yet; a start replays the whole journal"
            : string.Create(CultureInfo.InvariantCulture, $"checkpoint    up to record {Checkpoint.ReplayFromSequence}"));
        output.WriteLine(SlotsCompared is { } slots
            ? string.Create(CultureInfo.InvariantCulture, $"counters      {slots} slots compared with the journal")
            : "counters      not compared with the journal");
        output.WriteLine(Damages.Count == 0 ? "damage        none" : string.Create(CultureInfo.InvariantCulture, $"damage        {Damages.Count}:"));
        foreach (var damage in Damages)
        {
            output.WriteLine($"  {damage.Place}: {damage.What}");
            output.WriteLine($"    {damage.Advice}");
        }
    }

    public void WriteJson(TextWriter output)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("data_dir"u8, Folder);
            json.WriteNumber("records"u8, Journal.Records);
            json.WriteNumber("first_sequence"u8, Journal.FirstSequence);
            json.WriteNumber("last_sequence"u8, Journal.LastSequence);
            json.WriteString("from"u8, Time(Audit.From));
            json.WriteString("until"u8, Time(Audit.Until));
            json.WriteStartObject("by_type"u8);
            foreach (var (type, count) in Audit.Counts)
            {
                json.WriteNumber(JournalAudit.Name(type), count);
            }
            json.WriteEndObject();
            json.WriteNumber("open_holds"u8, Audit.OpenHolds);
            json.WriteString("open_holds_usd"u8, Audit.OpenHoldAmount.ToString());
            json.WriteNumber("torn_tail_bytes"u8, Journal.TornTailBytes);
            WriteNumber(json, "checkpoint_sequence", Checkpoint?.ReplayFromSequence);
            WriteNumber(json, "slots_compared", SlotsCompared);
            json.WriteStartArray("damages"u8);
            foreach (var damage in Damages)
            {
                json.WriteStartObject();
                json.WriteString("place"u8, damage.Place);
                json.WriteString("what"u8, damage.What);
                json.WriteString("advice"u8, damage.Advice);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)));
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string? Time(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
