using System.Buffers.Text;
using System.Text;

namespace EdgeGw.LoadTests.Client;

/// <summary>What of an HTTP/1.1 answer's head the lab needs.</summary>
internal static class AnswerHead
{
    /// <summary>Status and announced length; a negative length is chunked coding.</summary>
    /// <exception cref="InvalidDataException">It is not an answer of HTTP/1.1 that says where it ends.</exception>
    public static (int Status, long Length) Read(ReadOnlySpan<byte> head)
    {
        if (!head.StartsWith("HTTP/1.1 "u8) || !Utf8Parser.TryParse(head.Slice(9, 3), out int status, out _))
        {
            throw new InvalidDataException("the answer is not HTTP/1.1");
        }
        while (head.IndexOf((byte)'\n') is >= 0 and var end)
        {
            head = head[(end + 1)..];
            if (Starts(head, "content-length:"u8) && Utf8Parser.TryParse(head[15..].TrimStart((byte)' '), out long length, out _))
            {
                return (status, length);
            }
            if (Starts(head, "transfer-encoding:"u8))
            {
                return (status, -1);
            }
        }
        throw new InvalidDataException("the answer has neither a length nor chunked coding");
    }

    private static bool Starts(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name) =>
        line.Length > name.Length && Ascii.EqualsIgnoreCase(line[..name.Length], name);
}
