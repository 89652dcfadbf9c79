using System.Globalization;

namespace EdgeGw.Metering;

/// <summary>Token counts in an answer's headers: Bedrock's <c>InvokeModel</c> has them beside every unstreamed body, and beside some bodies only there.</summary>
/// <remarks>Null: not there. Input leaves out what was read from or written to the cache.</remarks>
public readonly record struct HeaderCounts
{
    private const string Prefix = "x-amzn-bedrock-";

    public long? Input { get; init; }
    public long? Output { get; init; }
    public long? CacheRead { get; init; }
    public long? CacheWrite { get; init; }

    /// <summary>The tier that served.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>These counts and what <paramref name="name"/> adds to them; a header that is none of them, or no number, changes nothing.</summary>
    public HeaderCounts With(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return this;
        }
        name = name[Prefix.Length..];
        if (Is(name, "service-tier"))
        {
            return this with { ServiceTier = value.Trim().ToString() };
        }
        if (!long.TryParse(value, NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var count))
        {
            return this;
        }
        return Is(name, "input-token-count") ? this with { Input = count }
            : Is(name, "output-token-count") ? this with { Output = count }
            : Is(name, "cache-read-input-token-count") ? this with { CacheRead = count }
            : Is(name, "cache-write-input-token-count") ? this with { CacheWrite = count }
            : this;
    }

    private static bool Is(ReadOnlySpan<char> name, string known) => name.Equals(known, StringComparison.OrdinalIgnoreCase);
}
