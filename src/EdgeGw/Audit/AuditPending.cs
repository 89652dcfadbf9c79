namespace EdgeGw.Audit;

/// <summary>What requests leave to be written, gathered for a second: of the same actor, action and target one line with a count. Bounded; what has no room is counted.</summary>
/// <param name="most">Different ones in one second.</param>
internal sealed class AuditPending(int most)
{
    private readonly Lock _gate = new();
    private Dictionary<(string Actor, string Action, string Target), long> _counts = [];
    private long _dropped;

    /// <summary>True for the first since the last <see cref="Take"/>: it is to be called in a second.</summary>
    public bool Add(string actor, string action, string target, out bool isDropped)
    {
        lock (_gate)
        {
            var wasEmpty = _counts.Count == 0;
            isDropped = _counts.Count >= most && !_counts.ContainsKey((actor, action, target));
            if (isDropped)
            {
                _dropped++;
            }
            else
            {
                _counts[(actor, action, target)] = _counts.GetValueOrDefault((actor, action, target)) + 1;
            }
            return wasEmpty;
        }
    }

    /// <summary>All that was gathered, and one for what had no room.</summary>
    public List<AuditEntry> Take()
    {
        Dictionary<(string Actor, string Action, string Target), long> counts;
        long dropped;
        lock (_gate)
        {
            (counts, _counts) = (_counts, []);
            (dropped, _dropped) = (_dropped, 0);
        }
        var entries = new List<AuditEntry>(counts.Count + 1);
        foreach (var ((actor, action, target), count) in counts)
        {
            entries.Add(new AuditEntry(actor, action, target) { Result = "refused", Count = count });
        }
        if (dropped > 0)
        {
            entries.Add(new AuditEntry(AuditEntry.Gateway, "audit.dropped", "refusals") { Count = dropped });
        }
        return entries;
    }
}
