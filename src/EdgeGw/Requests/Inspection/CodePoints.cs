namespace EdgeGw.Requests.Inspection;

/// <summary>Counts Unicode code points: what providers that bill by the character mean by one.</summary>
internal static class CodePoints
{
    /// <param name="text">A JSON string's bytes, without its quotes.</param>
    public static long Count(ReadOnlySpan<byte> text, bool isEscaped)
    {
        long count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (isEscaped && text[i] == '\\')
            {
                // The second half of a surrogate pair belongs to the character that the first half began.
                var isUnicode = i + 5 < text.Length && text[i + 1] == 'u';
                var isSecondHalf = isUnicode && (text[i + 2] | 0x20) == 'd' && (text[i + 3] | 0x20) is >= (byte)'c' and <= (byte)'f';
                count += isSecondHalf ? 0 : 1;
                i += isUnicode ? 5 : 1;
            }
            else
            {
                count += (text[i] & 0xC0) == 0x80 ? 0 : 1;
            }
        }
        return count;
    }
}
