namespace EdgeGw.Telemetry;

/// <summary>How much of a record is kept, wherever it goes. Callers and providers choose these strings, so they are cut at a length, never refused.</summary>
internal static class RecordLimits
{
    /// <summary>Longest string, in UTF-16 characters.</summary>
    internal const int MaxStringLength = 256;

    /// <summary>Most groups of a principal.</summary>
    internal const int MaxGroups = 128;

    /// <summary>Most entries of a metadata map.</summary>
    internal const int MaxMetadata = 32;

    /// <summary>Cuts to <see cref="MaxStringLength"/> without halving a surrogate pair.</summary>
    internal static ReadOnlySpan<char> Cut(string value) => value.Length <= MaxStringLength
        ? value
        : value.AsSpan(0, char.IsHighSurrogate(value[MaxStringLength - 1]) ? MaxStringLength - 1 : MaxStringLength);
}
