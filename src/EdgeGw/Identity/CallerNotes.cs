namespace EdgeGw.Identity;

/// <summary>What features have worked out for one caller, so that its next call needs neither matching nor lookups. Each may be lost or replaced at any time.</summary>
/// <remarks>They hang on the caller's object instead of in tables: a table of many callers costs a cache miss for each look.</remarks>
internal sealed class CallerNotes(Principal caller)
{
    /// <summary>A copy of a principal with other properties must not use these.</summary>
    public Principal Caller => caller;

    /// <summary>The ledger's: what the last call was held on.</summary>
    public object? Plan { get; set; }

    /// <summary>The rollup's: the row that the last call was added to.</summary>
    public object? Row { get; set; }

    /// <summary>The record codec's: the caller as records write it.</summary>
    public byte[]? Encoded { get; set; }

    /// <summary>Where a principal has its notes. All are equal: notes say nothing of who a caller is.</summary>
    internal struct Place : IEquatable<Place>
    {
        public CallerNotes? Notes;

        public readonly bool Equals(Place other) => true;

        public override readonly bool Equals(object? other) => other is Place;

        public override readonly int GetHashCode() => 0;
    }
}
