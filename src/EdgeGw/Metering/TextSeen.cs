namespace EdgeGw.Metering;

/// <summary>Generated text that passed, as escaped in the JSON: what an estimate goes by.</summary>
/// <param name="Bytes">Of answers, refusals and tool arguments.</param>
/// <param name="Deltas">Pieces in which these came.</param>
/// <param name="ThinkingBytes">Of visible thinking, or of a summary of it.</param>
/// <param name="ThinkingDeltas">Pieces in which that came.</param>
public readonly record struct TextSeen(long Bytes, long Deltas, long ThinkingBytes = 0, long ThinkingDeltas = 0)
{
    public bool IsEmpty => Bytes + ThinkingBytes == 0;

    public static TextSeen operator +(in TextSeen a, in TextSeen b) =>
        new(a.Bytes + b.Bytes, a.Deltas + b.Deltas, a.ThinkingBytes + b.ThinkingBytes, a.ThinkingDeltas + b.ThinkingDeltas);

    /// <summary>Thinking that nobody counts apart is text like any other.</summary>
    public TextSeen Merge() => new(Bytes + ThinkingBytes, Deltas + ThinkingDeltas);
}
