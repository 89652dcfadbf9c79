namespace EdgeGw.Identity;

/// <summary>Why the groups of a caller are not known. Rules on groups must then refuse.</summary>
public enum GroupsFault : byte
{
    None,

    /// <summary>More than the token could list.</summary>
    TooMany,

    /// <summary>The identity provider did not say.</summary>
    Unreachable,
}
