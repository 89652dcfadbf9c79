namespace EdgeGw.Requests;

/// <summary>A request's id in its usual form, <c>01a204a5-4b3e-7ad8-a5d8-00d6de9e438c</c> (RFC 9562, section 4).</summary>
internal readonly record struct RequestIdText(Guid Id) : IUtf8SpanFormattable
{
    private const int Length = 36;

    private static ReadOnlySpan<byte> Digits => "0123456789abcdef"u8;

    public override string ToString() => Id.ToString();

    /// <remarks>The framework's own takes ten times the instructions: it shuffles vectors, in software where the build's instruction set has no such thing.</remarks>
    public bool TryFormat(Span<byte> utf8Destination, out int bytesWritten, ReadOnlySpan<char> format, IFormatProvider? provider)
    {
        bytesWritten = 0;
        if (utf8Destination.Length < Length)
        {
            return false;
        }
        Span<byte> id = stackalloc byte[16];
        Id.TryWriteBytes(id, bigEndian: true, out _);
        var at = 0;
        for (var i = 0; i < id.Length; i++)
        {
            if (i is 4 or 6 or 8 or 10)
            {
                utf8Destination[at++] = (byte)'-';
            }
            utf8Destination[at++] = Digits[id[i] >> 4];
            utf8Destination[at++] = Digits[id[i] & 15];
        }
        bytesWritten = Length;
        return true;
    }
}
