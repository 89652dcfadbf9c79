using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;

namespace EdgeGw.Identity;

/// <summary>When keys were last used. In memory and in checkpoints, never in the journal: a crash forgets at most a minute, and no call pays for it.</summary>
internal sealed class KeyUses
{
    private readonly ConcurrentDictionary<string, Use> _byId = new(StringComparer.Ordinal);

    public DateTimeOffset? Last(string id) => _byId.TryGetValue(id, out var use) ? new DateTimeOffset(use.Ticks, TimeSpan.Zero) : null;

    public DateTimeOffset? Latest => _byId.IsEmpty ? null : new DateTimeOffset(_byId.Values.Max(static use => use.Ticks), TimeSpan.Zero);

    /// <summary>Allocates nothing but at the first use of an entry.</summary>
    public void Note(KeyEntry entry, DateTimeOffset now) => (entry.Use ??= _byId.GetOrAdd(entry.Key.Id, static _ => new Use())).Note(now.UtcTicks);

    /// <summary>Those of the keys that there still are.</summary>
    public void Write(IBufferWriter<byte> output, IEnumerable<string> ids)
    {
        using var json = new Utf8JsonWriter(output);
        json.WriteStartObject();
        foreach (var id in ids)
        {
            if (Last(id) is { } last)
            {
                json.WriteString(id, last);
            }
        }
        json.WriteEndObject();
    }

    public void Read(ReadOnlyMemory<byte> snapshot)
    {
        using var document = JsonDocument.Parse(snapshot);
        foreach (var use in document.RootElement.EnumerateObject())
        {
            _byId.GetOrAdd(use.Name, static _ => new Use()).Note(use.Value.GetDateTimeOffset().UtcTicks);
        }
    }

    /// <summary>One key's, in UTC ticks.</summary>
    internal sealed class Use
    {
        private long _ticks;

        public long Ticks => Volatile.Read(ref _ticks);

        /// <summary>To the second: calls at once on many cores would otherwise take the line from each other every time.</summary>
        public void Note(long ticks)
        {
            if (ticks - Ticks >= TimeSpan.TicksPerSecond)
            {
                Volatile.Write(ref _ticks, ticks);
            }
        }
    }
}
