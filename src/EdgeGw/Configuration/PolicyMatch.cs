using System.Collections.Frozen;
using System.Net;
using EdgeGw.Metering;

namespace EdgeGw.Configuration;

/// <summary>The calls that a policy is for: those for which everything that is named holds, exceptions aside.</summary>
public sealed record PolicyMatch
{
    /// <summary>Caller, target and labels, as budgets and limits match them.</summary>
    public CallMatch Calls { get; init; } = new();

    /// <summary>Claims of a verified token, all of them: one of the caller's values must be one of these, with <c>*</c>.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Claims { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    public IReadOnlyList<Dialect> Dialects { get; init; } = [];

    /// <summary>Null: at any time.</summary>
    public TimeMatch? Time { get; init; }

    /// <summary>Null: whatever the request asks for.</summary>
    public RequestMatch? Request { get; init; }

    /// <summary>Where callers connect from; a proxy in front is the caller.</summary>
    public IReadOnlyList<IPNetwork> Networks { get; init; } = [];

    /// <summary>Calls that are left out although all else holds: those that one of these describes. They have no exceptions and no environments of their own.</summary>
    public IReadOnlyList<PolicyMatch> Except { get; init; } = [];
}

/// <summary>Hours of the wall clock in a time zone, on some days of the week.</summary>
public sealed record TimeMatch
{
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>Empty: every day. A span over midnight belongs to the day on which it begins.</summary>
    public IReadOnlyList<DayOfWeek> Days { get; init; } = [];

    /// <summary>From midnight, less than a day.</summary>
    public TimeSpan From { get; init; }

    /// <summary>From midnight, exclusive, at most a day; before <see cref="From"/>: the span ends on the next day.</summary>
    public TimeSpan To { get; init; } = TimeSpan.FromDays(1);
}

/// <summary>What a request asks for. Null: not asked.</summary>
public sealed record RequestMatch
{
    public bool? Tools { get; init; }

    /// <summary>Images and other media in the body.</summary>
    public bool? Images { get; init; }

    public bool? Stream { get; init; }

    /// <summary>More output tokens than these may come; a call without a cap is above every number.</summary>
    public long? MaxOutputAbove { get; init; }

    /// <summary>The body is larger than this, in bytes.</summary>
    public long? PromptBytesAbove { get; init; }
}
