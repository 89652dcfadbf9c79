namespace EdgeGw.Policy.Import;

/// <summary>How an import differs from its source at one place.</summary>
internal enum ImportLoss : byte
{
    /// <summary>Something that was blocked is not blocked any more: the result must not be used as it is.</summary>
    Opens,
    /// <summary>A limit was left out: what it admitted is refused, but what others admit is not held to it any more.</summary>
    Unlimits,
    /// <summary>Left out; what it admitted is refused.</summary>
    LeftOut,
    /// <summary>Carried over as something stricter, or with the same effect in other words.</summary>
    Changed,
    /// <summary>Carried over; it works as before only where this is so.</summary>
    Needs,
}

/// <param name="Policy">The name in the source; empty for the whole document.</param>
/// <param name="Pointer">JSON pointer (RFC 6901) into the source.</param>
internal sealed record ImportNote(ImportLoss Loss, string Policy, string Pointer, string Message);

/// <summary>All differences between a source and what was made of it: nothing is dropped without a line here.</summary>
internal sealed class PolicyImportReport
{
    private readonly List<ImportNote> _notes = [];

    /// <summary>What matters most first, each kind in the order of the source.</summary>
    public IEnumerable<ImportNote> Notes => _notes.OrderBy(static note => note.Loss);

    /// <summary>The result may let through what the source would not.</summary>
    public bool Opens => _notes.Any(static note => note.Loss is ImportLoss.Opens or ImportLoss.Unlimits);

    public void Add(ImportLoss loss, string policy, string pointer, string message)
    {
        var note = new ImportNote(loss, policy, pointer, message);
        if (!_notes.Contains(note))
        {
            _notes.Add(note);
        }
    }
}
