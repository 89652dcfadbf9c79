namespace EdgeGw.Limits;

/// <summary>How much of a limit one caller, or whatever else splits it, has taken. Every member but <see cref="Advance"/> speaks of the moment last advanced to.</summary>
internal abstract class LimitScope(LimitRule rule)
{
    /// <summary>The rule as it is configured now.</summary>
    public LimitRule Rule { get; set; } = rule;

    /// <summary>Calls that were admitted and have not ended.</summary>
    public int Running { get; set; }

    /// <summary>The table's count of admissions when this scope last had one: the order in which scopes are forgotten.</summary>
    public long LastUsed { get; set; }

    /// <summary>Units that may be taken; below 1 where there is no room.</summary>
    public abstract long Remaining { get; }

    /// <summary>Until nothing shows that anything was taken, in ticks of the rule's clock.</summary>
    public abstract long Reset { get; }

    /// <summary>A new scope would do as well.</summary>
    public abstract bool IsFresh { get; }

    /// <summary>Lets what has come back by <paramref name="now"/> come back. A time before the last one is taken for that one.</summary>
    public abstract void Advance(long now);

    /// <summary>Until there is room for <paramref name="units"/>, which must not exceed the rule's capacity, in ticks of the rule's clock.</summary>
    public abstract long WaitFor(long units);

    /// <summary>Takes units, whether or not there is room.</summary>
    /// <returns>What <see cref="Correct"/> must know to find them again.</returns>
    public abstract Int128 Take(long units);

    /// <summary>Units that were taken turn out to be others: a surplus counts from now, what is too much comes back as far as it has not yet.</summary>
    public abstract void Correct(Int128 mark, long from, long to);

    /// <summary>No call finds an amount of zero too much.</summary>
    public bool HasRoom(long units) => units <= Math.Max(0, Remaining);
}
