using EdgeGw.Telemetry;

namespace EdgeGw.Identity;

/// <summary>What features have worked out for one caller, so that its next call needs neither matching nor lookups. Each may be lost or replaced at any time.</summary>
/// <remarks>
/// They stand in the caller's object instead of in tables: of many callers hardly one is in the processor's caches, and each step from object to
/// object is a wait for the memory. All are equal: notes say nothing of who a caller is.
/// </remarks>
internal struct CallerNotes : IEquatable<CallerNotes>
{
    private const int PlanBytes = 208;
    private const int RowBytes = 80;
    private const int EncodedBytes = 96;

    private Principal? _caller;

    /// <summary>The ledger's: what the last call was held on.</summary>
    public object? Plan;

    /// <summary>The rollup's: the row that the last call was added to.</summary>
    public object? Row;

    /// <summary>The record codec's: the caller as records write it.</summary>
    public byte[]? Encoded;

    /// <summary>False also of notes that a copy of a principal, which may have other properties, has brought along.</summary>
    public readonly bool AreOf(Principal caller) => ReferenceEquals(Volatile.Read(in _caller), caller);

    /// <summary>The principal's own from now on, and empty.</summary>
    public void Start(Principal caller)
    {
        (Plan, Row, Encoded) = (null, null, null);
        Volatile.Write(ref _caller, caller);
    }

    /// <summary>Has the processor fetch all of them at once: one wait is shorter than one for each.</summary>
    public readonly void Prefetch()
    {
        CacheLines.Prefetch(Plan, PlanBytes);
        CacheLines.Prefetch(Row, RowBytes);
        CacheLines.Prefetch(Encoded, EncodedBytes);
    }

    public readonly bool Equals(CallerNotes other) => true;

    public override readonly bool Equals(object? other) => other is CallerNotes;

    public override readonly int GetHashCode() => 0;
}
