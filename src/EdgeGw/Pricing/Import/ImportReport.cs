namespace EdgeGw.Pricing.Import;

/// <summary>What an import could not carry over: nothing is dropped without a line here.</summary>
internal sealed class ImportReport
{
    private readonly Dictionary<string, List<string>> _subjects = [];

    /// <summary>Things left out or changed.</summary>
    public int Count => _subjects.Values.Sum(subjects => subjects.Count);

    /// <summary>By reason, in the order in which reasons came up.</summary>
    public IEnumerable<KeyValuePair<string, List<string>>> ByReason => _subjects;

    /// <param name="reason">The same words for the same kind of loss: they are counted together.</param>
    /// <param name="subject">Such as <c>openai/gpt-4o: input_cost_per_token_above_1k</c>.</param>
    public void Add(string reason, string subject)
    {
        if (!_subjects.TryGetValue(reason, out var subjects))
        {
            _subjects.Add(reason, subjects = []);
        }
        subjects.Add(subject);
    }
}
