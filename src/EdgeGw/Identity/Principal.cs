using System.Collections.Frozen;

namespace EdgeGw.Identity;

/// <summary>Who is calling: the subject of policy, budgets and records. Immutable; shared by all requests of one key.</summary>
public sealed record Principal
{
    private CallerNotes _notes;

    /// <summary>The configured anonymous caller.</summary>
    public static readonly Principal Anonymous = new() { User = "anonymous" };

    public string? User { get; init; }
    public string? Email { get; init; }

    /// <summary>The issuer of the token that names the user or service; null: no token does.</summary>
    public string? Issuer { get; init; }

    /// <summary>Why the groups may be others than these.</summary>
    public GroupsFault GroupsFault { get; init; }

    public string? Service { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>The virtual key's public id (never its secret), when a key was presented.</summary>
    public string? KeyId { get; init; }

    /// <summary>The virtual key's name.</summary>
    public string? KeyName { get; init; }

    public IReadOnlyDictionary<string, string> Metadata { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>The models that the virtual key is limited to, as <see cref="Configuration.CallMatch.Models"/> names them; empty: no limit.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>What a verified token says beyond the above, by the names that the configuration gives: each a value or several. Bounded where tokens are read.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Claims { get; init; } = FrozenDictionary<string, IReadOnlyList<string>>.Empty;

    /// <summary>False for the first call of an object: one that is made for each call would never read notes.</summary>
    internal bool HasNotes => _notes.AreOf(this);

    /// <summary>Only to be read or written where <see cref="HasNotes"/>.</summary>
    internal ref CallerNotes Notes => ref _notes;

    /// <summary>From the next call on there are notes.</summary>
    internal void StartNotes()
    {
        if (!HasNotes)
        {
            _notes.Start(this);
        }
    }
}
