namespace EdgeGw.Policy.Import;

/// <summary>Makes budgets of the source's limits. Policies of one actor and resource share a bucket there: its highest matching amount holds, and a policy without limit lifts all.</summary>
/// <remarks>
/// A budget has one match, and amounts by group. What does not fit into that is left out together with what it admits, or holds callers to the lower amount: never to a higher one.
/// </remarks>
internal sealed class CloudflareBuckets(PolicyImportReport report, ImportedNames names)
{
    /// <summary>Stands for no limit, in dollars: the largest that no check of configurations takes for a slip.</summary>
    private const decimal Unlimited = 9_999_999m;

    private readonly List<ImportedBudget> _budgets = [];
    private readonly HashSet<CloudflarePolicy> _carried = [];

    public IReadOnlyList<ImportedBudget> Budgets => _budgets;

    /// <summary>Whether the limit is in force in some budget, so that what it admits may be allowed.</summary>
    public bool IsCarried(CloudflarePolicy limit) => _carried.Contains(limit);

    public void Add(IReadOnlyList<CloudflarePolicy> policies)
    {
        foreach (var bucket in policies.Where(static policy => policy.Action == CloudflareAction.Limit).Where(CanBeBudget).GroupBy(static policy => policy.Bucket))
        {
            var lifting = policies.Where(policy => policy.Action == CloudflareAction.NoLimit && policy.Bucket == bucket.Key).ToArray();
            if (lifting.FirstOrDefault(static policy => policy.Terms.Any(static term => term is { Atoms.Count: 0, Problem: null })) is { } always)
            {
                foreach (var limit in bucket)
                {
                    _carried.Add(limit);
                    report.Add(ImportLoss.Changed, limit.Name, limit.Pointer + "/action", $"\"{always.Name}\" lifts this limit for everybody, so there is no budget of it");
                }
                continue;
            }
            MatchTerm? first = null;
            foreach (var window in bucket.GroupBy(static policy => policy.Window))
            {
                AddBudget([.. window], lifting, ref first);
            }
        }
    }

    private bool CanBeBudget(CloudflarePolicy policy)
    {
        var (models, providers, leftOut) = policy.Resource.Patterns(exactly: false);
        var (member, why) = policy switch
        {
            _ when policy.Actor.Unknown is { } hole => ("/actor", $"{{{hole}}} is not known here"),
            _ when policy.Actor.Dimensions() is null => ("/actor", "no budget can be split so"),
            _ when leftOut.Length > 0 || (models.Length > 0 && providers.Length > 0) => ("/resource", "a budget cannot be for this: make it two policies, one of models and one of providers"),
            { Terms: [{ Problem: { } problem }] } => ("/condition", problem),
            { Terms: [var term] } when term.Atoms.FirstOrDefault(IsUnfit) is { } atom => ("/condition", $"no budget can ask this of {atom.Field}"),
            { Terms.Count: not 1 } => ("/condition", "a budget has one match, and this would be several, or none"),
            _ => ("", ""),
        };
        if (why.Length > 0)
        {
            report.Add(ImportLoss.Unlimits, policy.Name, policy.Pointer + member, why);
        }
        return why.Length == 0;
    }

    private static bool IsUnfit(MatchAtom atom) => atom.IsNegated || atom.Field.Kind == CelFieldKind.Claim;

    /// <param name="first">The match of the bucket's first budget; the others must count the same calls.</param>
    private void AddBudget(CloudflarePolicy[] limits, CloudflarePolicy[] lifting, ref MatchTerm? first)
    {
        var amounts = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        var plain = limits.Where(static limit => limit.Terms[0].Atoms.Count == 0).MaxBy(static limit => limit.Amount);
        var byGroup = limits.Where(static limit => GroupsOf(limit.Terms[0]) is not null).ToArray();
        var main = plain ?? limits[0];
        var term = main.Terms[0];
        if (plain is null && byGroup.Length == limits.Length)
        {
            term = MatchTerm.Of(CelField.Groups, false, byGroup.SelectMany(static limit => GroupsOf(limit.Terms[0])!));
        }
        if (first is not null && !(first.Absorbs(term) && term.Absorbs(first)) && !SplitsAlike(main.Actor, first, term))
        {
            foreach (var limit in limits)
            {
                report.Add(ImportLoss.Unlimits, limit.Name, limit.Pointer, "another limit of its bucket counts other calls, and budgets do not share what they count");
            }
            return;
        }
        first ??= term;
        var amount = plain is null && byGroup.Length == limits.Length ? limits.Min(static limit => limit.Amount) : main.Amount;
        foreach (var limit in limits)
        {
            if (plain is not null || byGroup.Length == limits.Length)
            {
                _carried.Add(limit);
                AddAmounts(limit, amount, amounts);
            }
            else if (limit == main)
            {
                _carried.Add(limit);
            }
            else
            {
                report.Add(ImportLoss.Unlimits, limit.Name, limit.Pointer, $"it shares its bucket with \"{main.Name}\", and a budget has one match");
            }
        }
        foreach (var policy in lifting)
        {
            AddUnlimited(policy, amounts);
        }
        var (models, providers, _) = main.Resource.Patterns(exactly: false);
        _budgets.Add(new ImportedBudget(names.Of(main.Name), term, models, providers, main.Actor.Dimensions()!, amount, amounts, main.Window));
    }

    /// <summary>Calls of one slot are all in the match or none is, so that two matches cannot divide a slot.</summary>
    private static bool SplitsAlike(CloudflareActor actor, MatchTerm one, MatchTerm other) =>
        actor.Fields.Any(static field => field.Kind is CelFieldKind.User or CelFieldKind.Email)
            && !one.Atoms.Concat(other.Atoms).Any(static atom => atom.Field.Kind == CelFieldKind.Label);

    private void AddAmounts(CloudflarePolicy limit, decimal amount, SortedDictionary<string, decimal> amounts)
    {
        if (limit.Amount <= amount)
        {
            return;
        }
        if (GroupsOf(limit.Terms[0]) is not { } groups)
        {
            report.Add(ImportLoss.Changed, limit.Name, limit.Pointer + "/action", $"only groups can have an amount of their own: these callers have the bucket's {amount} dollars");
            return;
        }
        foreach (var group in groups)
        {
            amounts[group] = Math.Max(limit.Amount, amounts.GetValueOrDefault(group));
        }
    }

    private void AddUnlimited(CloudflarePolicy policy, SortedDictionary<string, decimal> amounts)
    {
        foreach (var term in policy.Terms)
        {
            if (GroupsOf(term) is { } groups)
            {
                foreach (var group in groups)
                {
                    amounts[group] = Unlimited;
                }
                report.Add(ImportLoss.Changed, policy.Name, policy.Pointer + "/action", $"no limit is written as {Unlimited} dollars");
            }
            else
            {
                report.Add(ImportLoss.Changed, policy.Name, policy.Pointer + "/action", "only groups can be lifted out of their bucket's limit: these callers stay under it");
            }
        }
    }

    /// <summary>The groups of a term that asks for nothing else, each by its name.</summary>
    private static string[]? GroupsOf(MatchTerm term) =>
        term is { Problem: null, Atoms: [{ IsNegated: false, Field.Kind: CelFieldKind.Groups } atom] } && !atom.Globs.Any(static glob => glob.Contains('*')) ? atom.Globs : null;
}
