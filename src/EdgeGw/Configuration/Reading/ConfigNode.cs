namespace EdgeGw.Configuration.Reading;

internal enum ConfigNodeKind : byte
{
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}

/// <summary>A JSON value that remembers where it stands.</summary>
/// <param name="Text">A string's decoded characters, or the literal as written.</param>
internal sealed record ConfigNode(ConfigNodeKind Kind, ConfigPosition Position, string Text)
{
    public IReadOnlyList<ConfigMember> Members { get; init; } = [];
    public IReadOnlyList<ConfigNode> Items { get; init; } = [];
}

/// <summary>A name and its value, in the order of the file, repeated names included.</summary>
internal sealed record ConfigMember(string Name, ConfigPosition Position, ConfigNode Value);
