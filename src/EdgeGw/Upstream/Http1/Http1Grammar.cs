using System.Buffers;

namespace EdgeGw.Upstream.Http1;

/// <summary>Character classes of RFC 9110 section 5.</summary>
internal static class Http1Grammar
{
    /// <summary>Field names and methods.</summary>
    public static readonly SearchValues<byte> Token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>Field values and reason phrases: visible characters, space, tab, and bytes above ASCII. No other control character.</summary>
    public static readonly SearchValues<byte> FieldValue = SearchValues.Create(
        [(byte)'\t', .. Enumerable.Range(0x20, 0x5F).Select(static c => (byte)c), .. Enumerable.Range(0x80, 0x80).Select(static c => (byte)c)]);

    private static readonly SearchValues<char> TokenChars =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>What must not stand in a field value: it could start a new line, or end a string early.</summary>
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(
        new string([.. Enumerable.Range(0, 0x20).Where(static c => c != '\t').Select(static c => (char)c), (char)0x7F]));

    /// <summary>A request target on the wire: visible ASCII only.</summary>
    private static readonly SearchValues<char> TargetChars = SearchValues.Create(
        new string([.. Enumerable.Range(0x21, 0x5E).Where(static c => c != '#').Select(static c => (char)c)]));

    public static bool IsToken(byte b) => Token.Contains(b);

    public static bool IsFieldValue(byte b) => FieldValue.Contains(b);

    public static bool IsToken(ReadOnlySpan<char> text) => !text.IsEmpty && !text.ContainsAnyExcept(TokenChars);

    public static bool IsFieldValue(ReadOnlySpan<char> text) => !text.ContainsAny(Forbidden);

    public static bool IsTarget(ReadOnlySpan<char> text) => !text.IsEmpty && text[0] == '/' && !text.ContainsAnyExcept(TargetChars);
}
