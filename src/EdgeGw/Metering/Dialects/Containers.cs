using System.Runtime.CompilerServices;

namespace EdgeGw.Metering.Dialects;

/// <summary>Counts the sandboxes that an answer names, each once however often its calls name it.</summary>
internal struct Containers
{
    /// <summary>From here on none is remembered, and each further call counts.</summary>
    private const int Most = 8;

    private Known _known;

    public int Count { get; private set; }

    public void Clear() => Count = 0;

    public void Add(ReadOnlySpan<byte> id)
    {
        var hash = 14_695_981_039_346_656_037; // FNV-1a
        foreach (var b in id)
        {
            hash = unchecked((hash ^ b) * 1_099_511_628_211);
        }
        Span<ulong> known = _known;
        if (!known[..Math.Min(Count, Most)].Contains(hash))
        {
            if (Count < Most)
            {
                known[Count] = hash;
            }
            Count++;
        }
    }

    [InlineArray(Most)]
    private struct Known
    {
        private ulong _first;
    }
}
