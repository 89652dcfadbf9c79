using System.Text;

namespace EdgeGw.Requests;

/// <summary>Strings of what is mostly written as bytes.</summary>
internal static class Utf8Text
{
    /// <param name="value">Short: no more than 64 bytes.</param>
    public static string Of<T>(T value)
        where T : struct, IUtf8SpanFormattable
    {
        Span<byte> text = stackalloc byte[64];
        value.TryFormat(text, out var length, default, null);
        return Encoding.ASCII.GetString(text[..length]);
    }
}
