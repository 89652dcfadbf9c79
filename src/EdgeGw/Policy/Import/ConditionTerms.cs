namespace EdgeGw.Policy.Import;

/// <summary>A condition as terms of which one must hold: its disjunctive normal form, as far as matches can say it.</summary>
/// <remarks>
/// CEL knows a third outcome beside true and false: an error, where a field is missing. A policy that admits is for the calls whose condition is true; one that blocks also for those
/// whose condition is an error. Both are the same walk over the tree, since each operator gives an error only where none of its operands decides: only the leaves differ.
/// </remarks>
/// <param name="errorsCount">The terms are to hold for errors, too.</param>
internal sealed class ConditionTerms(bool errorsCount)
{
    private const int MostTerms = 64;

    private bool _isTooLarge;

    /// <summary>Null, and why, where the condition cannot be read or becomes too large.</summary>
    public static List<MatchTerm>? Of(string condition, bool errorsCount, out string? fault)
    {
        if (CelParser.Parse(condition, out fault) is not { } node)
        {
            return null;
        }
        var lowering = new ConditionTerms(errorsCount);
        var terms = lowering.Bounded(lowering.Lower(node, want: true).SelectMany(static term => term.ByLabel()));
        fault = lowering._isTooLarge ? $"it becomes more than {MostTerms} matches" : null;
        return lowering._isTooLarge ? null : terms;
    }

    /// <summary>Terms for a field that a call lacks.</summary>
    /// <remarks>Whoever has neither a user nor a group has no list of groups; a user's may be empty.</remarks>
    public static MatchTerm Absent(CelField field) => field == CelField.Groups
        ? new MatchTerm { Atoms = [new MatchAtom(CelField.Groups, true, [Globs.Any]), new MatchAtom(CelField.User, true, [Globs.Any])] }
        : MatchTerm.Of(field, isNegated: true, [Globs.Any]);

    public static List<MatchTerm> Present(CelField field) => field == CelField.Groups
        ? [MatchTerm.Of(field, false, [Globs.Any]), MatchTerm.Of(CelField.User, false, [Globs.Any])]
        : [MatchTerm.Of(field, false, [Globs.Any])];

    /// <summary>Without terms that another makes needless, those that one can stand for united.</summary>
    public static List<MatchTerm> Simplify(IEnumerable<MatchTerm> terms)
    {
        var simple = new List<MatchTerm>();
        foreach (var term in terms)
        {
            Add(simple, term);
        }
        return simple;
    }

    private static void Add(List<MatchTerm> simple, MatchTerm term)
    {
        for (var i = 0; i < simple.Count; i++)
        {
            if ((simple[i].Absorbs(term) ? simple[i] : term.Absorbs(simple[i]) ? term : simple[i].Or(term)) is { } united)
            {
                // It may stand for others, too, which have been looked at.
                simple.RemoveAt(i);
                Add(simple, united);
                return;
            }
        }
        simple.Add(term);
    }

    private List<MatchTerm> Lower(CelNode node, bool want) => node switch
    {
        CelBool constant => constant.Value == want ? [MatchTerm.Always] : [],
        CelNot not => Lower(not.Of, !want),
        CelBinary { Operator: "&&" or "||" } both => (both.Operator == "&&") == want
            ? And(Lower(both.Left, want), Lower(both.Right, want))
            : Or(Lower(both.Left, want), Lower(both.Right, want)),
        CelBinary { Operator: "!=" } unequal => Leaf(CelLeaf.Of(unequal), !want),
        _ => Leaf(CelLeaf.Of(node), want),
    };

    private List<MatchTerm> Leaf(CelLeaf leaf, bool want)
    {
        if (leaf.Problem is { } problem)
        {
            return [MatchTerm.Unknown(problem)];
        }
        if (leaf.AsksPresence)
        {
            return want ? Present(leaf.Field) : [Absent(leaf.Field)];
        }
        var held = leaf.Globs.Length == 0 ? [] : new List<MatchTerm> { MatchTerm.Of(leaf.Field, !want, leaf.Globs) };
        if (want)
        {
            return errorsCount ? Or(held, [Absent(leaf.Field)]) : held;
        }
        var unheld = leaf.Globs.Length == 0 ? [MatchTerm.Always] : held;
        return errorsCount ? unheld : And(Present(leaf.Field), unheld);
    }

    private List<MatchTerm> And(List<MatchTerm> left, List<MatchTerm> right)
    {
        var terms = new List<MatchTerm>();
        foreach (var one in left)
        {
            foreach (var other in right)
            {
                if (one.And(other) is { } both)
                {
                    terms.Add(both);
                }
            }
        }
        return Bounded(terms);
    }

    private List<MatchTerm> Or(List<MatchTerm> left, List<MatchTerm> right) => Bounded([.. left, .. right]);

    private List<MatchTerm> Bounded(IEnumerable<MatchTerm> terms)
    {
        var simple = new List<MatchTerm>();
        foreach (var term in terms)
        {
            Add(simple, term);
            if (_isTooLarge || simple.Count > MostTerms)
            {
                _isTooLarge = true;
                return [];
            }
        }
        return simple;
    }
}
