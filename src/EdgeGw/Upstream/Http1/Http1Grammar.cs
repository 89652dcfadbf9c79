using System.Buffers;

namespace EdgeGw.Upstream.Http1;

/// <summary>Character classes of RFC 9110 section 5.</summary>
internal static class Http1Grammar
{
    /// <summary>Field names and methods.</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>What must not stand in a field value or reason phrase: every control character but the tab. Bytes above ASCII may.</summary>
    /// <remarks>A set of ASCII alone, since such a set is searched for several times as fast as one that the allowed bytes would need.</remarks>
    public static readonly SearchValues<byte> NotFieldValue = SearchValues.Create([.. Controls.Select(static c => (byte)c)]);

    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> NotFieldValueChars = SearchValues.Create(new string([.. Controls]));

    /// <summary>A request target on the wire: visible ASCII only.</summary>
    private static readonly SearchValues<char> TargetChars = SearchValues.Create(
        new string([.. Enumerable.Range(0x21, 0x5E).Where(static c => c != '#').Select(static c => (char)c)]));

    /// <summary>They could start a new line, or end a string early.</summary>
    private static IEnumerable<char> Controls => Enumerable.Range(0, 0x20).Append(0x7F).Where(static c => c != '\t').Select(static c => (char)c);

    public static bool IsToken(byte b) => Token.Contains(b);

    public static bool IsFieldValue(byte b) => !NotFieldValue.Contains(b);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    public static bool IsFieldValue(ReadOnlySpan<char> text) => !text.ContainsAny(NotFieldValueChars);

    public static bool IsTarget(ReadOnlySpan<char> text) => !text.IsEmpty && text[0] == '/' && !text.ContainsAnyExcept(TargetChars);
}
