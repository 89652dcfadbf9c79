using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using EdgeGw.Telemetry;

namespace EdgeGw.Audit;

/// <summary>
/// One line of the log: a JSON object that begins with <c>seq</c> and <c>prev</c>, the hash of the line before, and ends with <c>hash</c>, the
/// SHA-256 of all bytes of the line before <c>,"hash"</c>. Since these hold <c>prev</c>, each hash covers the whole chain up to it.
/// </summary>
internal readonly ref struct AuditLine
{
    /// <summary>Of a hash as it is written: lower-case hexadecimal.</summary>
    public const int HashLength = 64;

    private AuditLine(long sequence, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> hash, bool isIntact)
    {
        Sequence = sequence;
        Previous = previous;
        Hash = hash;
        IsIntact = isIntact;
    }

    /// <summary>What stands before the first line of all.</summary>
    public static string NoHash { get; } = new('0', HashLength);

    public long Sequence { get; }
    public ReadOnlySpan<byte> Previous { get; }
    public ReadOnlySpan<byte> Hash { get; }

    /// <summary>The hash is that of the line's content.</summary>
    public bool IsIntact { get; }

    private static ReadOnlySpan<byte> Start => "{\"seq\":"u8;
    private static ReadOnlySpan<byte> PreviousStart => ",\"prev\":\""u8;
    private static ReadOnlySpan<byte> HashStart => ",\"hash\":\""u8;
    private static ReadOnlySpan<byte> End => "\"}"u8;

    /// <summary>Appends a line with its line feed.</summary>
    /// <returns>Its hash.</returns>
    public static string Write(ArrayBufferWriter<byte> output, long sequence, string previous, DateTimeOffset time, AuditEntry entry)
    {
        var content = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteNumber("seq"u8, sequence);
            json.WriteString("prev"u8, previous);
            JsonFields.WriteTime(json, "time"u8, time);
            json.WriteString("actor"u8, RecordLimits.Cut(entry.Actor));
            if (entry.Remote is { } remote)
            {
                json.WriteString("remote"u8, remote);
            }
            json.WriteString("action"u8, entry.Action);
            json.WriteString("target"u8, RecordLimits.Cut(entry.Target));
            json.WriteString("result"u8, entry.Result);
            if (entry.Count != 1)
            {
                json.WriteNumber("count"u8, entry.Count);
            }
            WriteValue(json, "before", entry.Before);
            WriteValue(json, "after", entry.After);
            json.WriteEndObject();
        }
        var covered = content.WrittenSpan[..^1];
        var hash = Convert.ToHexStringLower(SHA256.HashData(covered));
        output.Write(covered);
        output.Write(HashStart);
        System.Text.Encoding.ASCII.GetBytes(hash, output.GetSpan(HashLength));
        output.Advance(HashLength);
        output.Write(End);
        output.Write("\n"u8);
        return hash;
    }

    /// <summary>False: not a line of this log, down to its last byte.</summary>
    /// <param name="line">Without its line feed.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out AuditLine read)
    {
        read = default;
        var tail = HashStart.Length + HashLength + End.Length;
        if (line.Length < tail || !line.StartsWith(Start) || !line.EndsWith(End))
        {
            return false;
        }
        var covered = line[..^tail];
        var hash = line[(covered.Length + HashStart.Length)..^End.Length];
        if (!line[covered.Length..].StartsWith(HashStart) || !Utf8Parser.TryParse(covered[Start.Length..], out long sequence, out var digits))
        {
            return false;
        }
        var rest = covered[(Start.Length + digits)..];
        if (!rest.StartsWith(PreviousStart) || rest.Length < PreviousStart.Length + HashLength + 1)
        {
            return false;
        }
        Span<byte> sum = stackalloc byte[SHA256.HashSizeInBytes];
        Span<char> text = stackalloc char[HashLength];
        SHA256.HashData(covered, sum);
        Convert.TryToHexStringLower(sum, text, out _);
        read = new AuditLine(sequence, rest.Slice(PreviousStart.Length, HashLength), hash, System.Text.Ascii.Equals(hash, text));
        return true;
    }

    private static void WriteValue(Utf8JsonWriter json, string name, Action<Utf8JsonWriter>? write)
    {
        if (write is not null)
        {
            json.WritePropertyName(name);
            write(json);
        }
    }
}
