namespace EdgeGw.Policy.Import;

/// <summary>One policy to be written: whom it is for, what it is about, and whether it denies that or allows it.</summary>
internal sealed record ImportedRule(string Name, MatchTerm Term, bool Denies)
{
    /// <summary>What a denial is for, or what is allowed. Not both.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];
    public IReadOnlyList<string> Providers { get; init; } = [];

    /// <summary>What a denial is not for.</summary>
    public IReadOnlyList<string> ExceptModels { get; init; } = [];
    public IReadOnlyList<string> ExceptProviders { get; init; } = [];
}

/// <param name="Amount">Dollars.</param>
/// <param name="GroupAmounts">Of members of groups, instead; of several the highest.</param>
internal sealed record ImportedBudget(
    string Name, MatchTerm Term, IReadOnlyList<string> Models, IReadOnlyList<string> Providers, IReadOnlyList<string> Per, decimal Amount,
    IReadOnlyDictionary<string, decimal> GroupAmounts, string Window);

/// <summary>What an import makes: the parts of a configuration, and how they differ from the source.</summary>
internal sealed record ImportedSection(IReadOnlyList<ImportedRule> Rules, IReadOnlyList<ImportedBudget> Budgets, PolicyImportReport Report);

/// <summary>Names as configurations have them, each given once.</summary>
internal sealed class ImportedNames
{
    private const int LongestStem = 56;

    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Of(string source)
    {
        var plain = string.Concat(source.Select(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '@' ? c : '-')).TrimStart('.', '_', '-', '@').TrimEnd('-');
        var stem = plain.Length == 0 ? "policy" : plain.Length <= LongestStem ? plain : plain[..LongestStem];
        var name = stem;
        for (var number = 2; !_taken.Add(name); number++)
        {
            name = $"{stem}-{number}";
        }
        return name;
    }
}
