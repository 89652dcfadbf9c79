namespace EdgeGw.Policy.Import;

/// <summary>What a condition may ask about a call that a match can ask, too.</summary>
/// <param name="Name">Of the claim or label; null for all others.</param>
internal readonly record struct CelField(CelFieldKind Kind, string? Name = null)
{
    public static readonly CelField User = new(CelFieldKind.User);
    public static readonly CelField Email = new(CelFieldKind.Email);
    public static readonly CelField Groups = new(CelFieldKind.Groups);

    /// <summary>One of a list's values, inside of <c>exists</c>.</summary>
    public static readonly CelField Element = new(CelFieldKind.Element);

    /// <summary>It may have several values, and a pattern holds where one of them has it.</summary>
    public bool IsMany => Kind is CelFieldKind.Groups or CelFieldKind.Claim;

    public override string ToString() => Kind switch
    {
        CelFieldKind.User => "cf.user.id",
        CelFieldKind.Email => "cf.user.email",
        CelFieldKind.Groups => "cf.user.groups",
        CelFieldKind.Claim => "cf.custom." + Name,
        CelFieldKind.Label => "metadata." + Name,
        _ => "the list's value",
    };

    /// <summary>The field that an expression names; null: it names none.</summary>
    public static CelField? Of(CelNode node)
    {
        var path = new List<string>();
        while (true)
        {
            switch (node)
            {
                case CelMember member:
                    path.Add(member.Name);
                    node = member.Of;
                    continue;
                case CelIndex { Key: CelText key } index:
                    path.Add(key.Value);
                    node = index.Of;
                    continue;
                case CelName root:
                    path.Add(root.Name);
                    path.Reverse();
                    return OfPath(path);
                default:
                    return null;
            }
        }
    }

    /// <summary>A field of its name, as templates of actors write it: <c>cf.user.id</c>.</summary>
    public static CelField? OfPath(IReadOnlyList<string> path) => path switch
    {
        ["cf", "user", "id"] => User,
        ["cf", "user", "email"] => Email,
        ["cf", "user", "groups"] => Groups,
        ["cf", "custom", { Length: > 0 } claim] => new CelField(CelFieldKind.Claim, claim),
        ["metadata", { Length: > 0 } label] => new CelField(CelFieldKind.Label, label),
        _ => null,
    };
}

internal enum CelFieldKind : byte
{
    User,
    Email,
    Groups,
    Claim,
    Label,
    Element,
}
