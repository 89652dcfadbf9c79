using EdgeGw.Pricing;

namespace EdgeGw.Policy.Import;

/// <summary>That one of a field's values has one of the patterns, or, negated, that none has: also where there is no value.</summary>
internal sealed record MatchAtom(CelField Field, bool IsNegated, string[] Globs)
{
    public bool IsSame(MatchAtom other) => Field == other.Field && IsNegated == other.IsNegated && Import.Globs.AreSame(Globs, other.Globs);
}

/// <summary>Conditions that must all hold: what one match of ours says. No field stands in it twice with the same sign.</summary>
internal sealed record MatchTerm
{
    private const int MostGlobs = 200;

    public static readonly MatchTerm Always = new();

    public IReadOnlyList<MatchAtom> Atoms { get; init; } = [];

    /// <summary>Something more must hold, and no match can say it; null: nothing more.</summary>
    public string? Problem { get; init; }

    public static MatchTerm Unknown(string problem) => new() { Problem = problem };

    public static MatchTerm Of(CelField field, bool isNegated, IEnumerable<string> globs) =>
        new() { Atoms = [new MatchAtom(field, isNegated, Globs.Set(globs))] };

    /// <summary>Both; null: they can never hold together.</summary>
    public MatchTerm? And(MatchTerm other)
    {
        var term = this with { Problem = Problem ?? other.Problem };
        foreach (var atom in other.Atoms)
        {
            if (term.And(atom) is not { } narrower)
            {
                return null;
            }
            term = narrower;
        }
        return term;
    }

    /// <summary>Whatever this says, the other says no less.</summary>
    public bool Absorbs(MatchTerm other) => Problem is null && Atoms.All(atom => other.Atoms.Any(atom.IsSame));

    /// <summary>One term for either; null: there is none.</summary>
    public MatchTerm? Or(MatchTerm other)
    {
        if (Problem is not null || other.Problem is not null || Atoms.Count != other.Atoms.Count)
        {
            return null;
        }
        var own = Atoms.Where(atom => !other.Atoms.Any(atom.IsSame)).ToArray();
        var others = other.Atoms.Where(atom => !Atoms.Any(atom.IsSame)).ToArray();
        // A match has lists for all but labels.
        return own is [{ IsNegated: false } one] && others is [{ IsNegated: false } another] && one.Field == another.Field && one.Field.Kind != CelFieldKind.Label
            && one.Globs.Length + another.Globs.Length <= MostGlobs
            ? this with { Atoms = [.. Atoms.Where(atom => atom != one), one with { Globs = Globs.Set([.. one.Globs, .. another.Globs]) }] }
            : null;
    }

    /// <summary>The same as terms that want one pattern of a label each: a match has no lists for labels.</summary>
    public IEnumerable<MatchTerm> ByLabel() =>
        Atoms.FirstOrDefault(static atom => atom is { IsNegated: false, Field.Kind: CelFieldKind.Label, Globs.Length: > 1 }) is { } label
            ? label.Globs.SelectMany(glob => (this with { Atoms = [.. Atoms.Where(atom => atom != label), label with { Globs = [glob] }] }).ByLabel())
            : [this];

    private MatchTerm? And(MatchAtom atom)
    {
        var problem = Problem;
        if (Atoms.FirstOrDefault(each => each.Field == atom.Field && each.IsNegated == atom.IsNegated) is { } own)
        {
            var both = atom.IsNegated ? Globs.Set([.. own.Globs, .. atom.Globs])
                : atom.Field.IsMany ? Subset(own.Globs, atom.Globs) ?? Subset(atom.Globs, own.Globs)
                : Globs.Intersect(own.Globs, atom.Globs);
            if (both is null || both.Length > MostGlobs)
            {
                problem ??= $"{atom.Field} must have two things at once, which no list of patterns says";
                both = own.Globs;
            }
            atom = atom with { Globs = both };
        }
        var rest = Atoms.Where(each => each.Field != atom.Field || each.IsNegated != atom.IsNegated);
        var opposite = Atoms.FirstOrDefault(each => each.Field == atom.Field && each.IsNegated != atom.IsNegated);
        var (wanted, unwanted) = atom.IsNegated ? (opposite, atom) : (atom, opposite);
        if (wanted is not null && unwanted is not null && (unwanted.Globs is [Globs.Any] || !wanted.Field.IsMany))
        {
            var left = wanted.Globs.Where(glob => !unwanted.Globs.Any(not => not == Globs.Any || (!glob.Contains('*') && Wildcard.IsMatch(not, glob)))).ToArray();
            rest = Atoms.Where(each => each.Field != atom.Field);
            wanted = wanted with { Globs = left };
            return left.Length == 0 ? null : new MatchTerm { Atoms = [.. rest, wanted, unwanted], Problem = problem };
        }
        return atom is { IsNegated: false, Globs.Length: 0 } ? null : new MatchTerm { Atoms = [.. rest, atom], Problem = problem };
    }

    private static string[]? Subset(string[] part, string[] whole) =>
        whole is [Globs.Any] || part.All(glob => whole.Contains(glob, StringComparer.OrdinalIgnoreCase)) ? part : null;
}
