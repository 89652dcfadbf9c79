using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Hosting.DryRuns;

/// <summary>What became of recorded calls under another configuration, added up.</summary>
internal sealed class DryRunReport
{
    private readonly Dictionary<(string Kind, string Rule, string Caller), Refusals> _refusals = [];
    private readonly Dictionary<string, Totals> _callers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Totals> _groups = new(StringComparer.Ordinal);

    public DateTimeOffset? From { get; private set; }

    public DateTimeOffset? Until { get; private set; }

    public Totals Total { get; } = new();

    /// <summary>By rule and caller, the most first.</summary>
    public IReadOnlyList<KeyValuePair<(string Kind, string Rule, string Caller), Refusals>> RefusedBy =>
        [.. _refusals.OrderByDescending(static pair => pair.Value.Calls).ThenBy(static pair => pair.Key)];

    /// <summary>The dearest first.</summary>
    public IReadOnlyList<KeyValuePair<string, Totals>> Callers => Sorted(_callers);

    /// <summary>As <see cref="Callers"/>; a call of a member of several counts in each.</summary>
    public IReadOnlyList<KeyValuePair<string, Totals>> Groups => Sorted(_groups);

    /// <summary>How many calls a rule would send where.</summary>
    public SortedDictionary<(string Kind, string Rule, string Target), int> MovedBy { get; } = [];

    /// <summary>How many calls that go on a rule in shadow, or a budget that only warns or watches, would refuse.</summary>
    public SortedDictionary<(string Kind, string Rule), int> WouldBeRefusedBy { get; } = [];

    /// <summary>How many calls could not be judged by what, and why.</summary>
    public SortedDictionary<(string What, string Why), int> NotJudged { get; } = [];

    /// <summary>How many calls' recorded cost stands in the place of a new one, and why.</summary>
    public SortedDictionary<string, int> CostsKept { get; } = new(StringComparer.Ordinal);

    public void Refused(UsageRecord record, string kind, string rule, string reason)
    {
        var key = (kind, rule, CallerOf(record.Principal));
        if (!_refusals.TryGetValue(key, out var refusals))
        {
            _refusals.Add(key, refusals = new Refusals(reason));
        }
        refusals.Calls++;
        refusals.Recorded += record.Cost.Value;
    }

    public void Moved(string kind, string rule, in TrialTarget target) => Count(MovedBy, (kind, rule, $"{target.Provider}/{target.Model}"), 1);

    public void WouldRefuse(string kind, string rule) => Count(WouldBeRefusedBy, (kind, rule), 1);

    public void CannotJudge(string what, string why, int calls) => Count(NotJudged, (what, why), calls);

    public void AddRefused(UsageRecord record) => Add(record, NanoUsd.Zero, isRefused: true);

    public void Add(UsageRecord record, NanoUsd cost, string? kept)
    {
        Add(record, cost, isRefused: false);
        if (kept is not null)
        {
            Count(CostsKept, kept, 1);
        }
    }

    private void Add(UsageRecord record, NanoUsd cost, bool isRefused)
    {
        From = From < record.Time ? From : record.Time;
        Until = Until > record.Time ? Until : record.Time;
        Total.Add(record.Cost, cost, isRefused);
        // A correction is of the cost of the call that made the answer.
        var caller = (record.Corrects ?? record).Principal;
        Of(_callers, CallerOf(caller)).Add(record.Cost, cost, isRefused);
        foreach (var group in caller.Groups.Distinct(StringComparer.Ordinal))
        {
            Of(_groups, group).Add(record.Cost, cost, isRefused);
        }
    }

    private static string CallerOf(Principal caller) => caller.User ?? caller.Email ?? caller.Service ?? caller.KeyName ?? caller.KeyId ?? "unknown";

    private static Totals Of(Dictionary<string, Totals> totals, string name)
    {
        if (!totals.TryGetValue(name, out var own))
        {
            totals.Add(name, own = new Totals());
        }
        return own;
    }

    private static void Count<TKey>(SortedDictionary<TKey, int> counts, TKey key, int more)
        where TKey : notnull => counts[key] = counts.GetValueOrDefault(key) + more;

    private static KeyValuePair<string, Totals>[] Sorted(Dictionary<string, Totals> totals) =>
        [.. totals.OrderByDescending(static pair => Int128.Max(pair.Value.Recorded, pair.Value.Would)).ThenBy(static pair => pair.Key, StringComparer.Ordinal)];

    /// <summary>Costs in nano-dollars.</summary>
    internal sealed class Totals
    {
        public int Calls { get; private set; }

        public int Refused { get; private set; }

        public Int128 Recorded { get; private set; }

        /// <summary>What they would have cost; a refused call nothing.</summary>
        public Int128 Would { get; private set; }

        public void Add(NanoUsd recorded, NanoUsd would, bool isRefused)
        {
            Calls++;
            Refused += isRefused ? 1 : 0;
            Recorded += recorded.Value;
            Would += would.Value;
        }
    }

    /// <param name="reason">What the first of the callers would have been told.</param>
    internal sealed class Refusals(string reason)
    {
        public string Reason { get; } = reason;

        public int Calls { get; set; }

        /// <summary>What they cost as recorded, nano-dollars.</summary>
        public Int128 Recorded { get; set; }
    }
}
