using EdgeGw.Identity;
using EdgeGw.Telemetry;

namespace EdgeGw.Matching;

/// <summary>What of a call decides on its budgets: who calls, for which model of which provider, under which labels.</summary>
internal readonly record struct CallSubject(
    Principal Principal, string? Provider, string? Model, IReadOnlyDictionary<string, string> Metadata)
{
    public static CallSubject Of(Principal principal, UsageRecord draft) => new(principal, draft.Provider, draft.Model, draft.Metadata);

    /// <summary>A key's own label wins: an administrator set it, and a caller must not move its spending elsewhere.</summary>
    public string? Label(string name) => Principal.Metadata.GetValueOrDefault(name) ?? Metadata.GetValueOrDefault(name);
}
