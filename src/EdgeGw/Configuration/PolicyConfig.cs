namespace EdgeGw.Configuration;

/// <summary>A rule on who may use what: whom and when it is for, and one effect. Order among rules means nothing.</summary>
public sealed record PolicyConfig
{
    public required string Name { get; init; }

    /// <summary>Null: every call.</summary>
    public PolicyMatch? Match { get; init; }

    public required PolicyEffect Effect { get; init; }

    /// <summary>What may be used; set exactly with <see cref="PolicyEffect.Allow"/>.</summary>
    public ResourceMatch? Allow { get; init; }

    /// <summary>Why calls are denied, told to the caller; null: the rule's name alone is.</summary>
    public string? Reason { get; init; }

    /// <summary>Set exactly with <see cref="PolicyEffect.Require"/>.</summary>
    public Requirement? Require { get; init; }

    /// <summary>An alias or <c>provider/model</c> to which calls go instead; set exactly with <see cref="PolicyEffect.Route"/>.</summary>
    public string? Route { get; init; }

    /// <summary>Rates of the calls that the rule is for, one of each kind; not empty exactly with <see cref="PolicyEffect.Limits"/>.</summary>
    public IReadOnlyList<LimitConfig> Limits { get; init; } = [];

    /// <summary>Only counted and recorded; the outcome is as if the rule did not exist.</summary>
    public bool Shadow { get; init; }
}

/// <summary>What a rule does to the calls that it matches.</summary>
public enum PolicyEffect : byte
{
    /// <summary>They need at least one rule that allows them.</summary>
    Allow,
    /// <summary>They are refused, whatever allows them.</summary>
    Deny,
    /// <summary>They are refused unless they are as demanded.</summary>
    Require,
    /// <summary>They go to another model.</summary>
    Route,
    /// <summary>They are counted, and refused beyond a rate.</summary>
    Limits,
}

/// <summary>Models and where they are served: those that every list that is not empty names.</summary>
public sealed record ResourceMatch
{
    /// <summary>As in <see cref="CallMatch.Models"/>. A call whose model is not known is not among them.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    public IReadOnlyList<string> Providers { get; init; } = [];
    public IReadOnlyList<Metering.Dialect> Dialects { get; init; } = [];
}

/// <summary>What a call must have.</summary>
public sealed record Requirement
{
    /// <summary>Labels that must be present and not empty.</summary>
    public IReadOnlyList<string> Metadata { get; init; } = [];

    /// <summary>The largest cap on output tokens, at least 1; null: any. A call without a cap is given this one where its dialect has a place for it.</summary>
    public long? MaxOutput { get; init; }
}
