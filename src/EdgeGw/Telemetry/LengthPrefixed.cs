using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace EdgeGw.Telemetry;

/// <summary>Whole texts and numbers of the checkpoint's sections that were learned: 32-bit little-endian, a text's length in bytes before it.</summary>
internal static class LengthPrefixed
{
    internal static void Number(IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    internal static void Text(IBufferWriter<byte> output, string text)
    {
        Number(output, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    /// <summary>Takes a text off the front; false where the input ends early.</summary>
    internal static bool TryText(ref ReadOnlySpan<byte> input, out string text)
    {
        text = "";
        if (input.Length < sizeof(int) || BinaryPrimitives.ReadInt32LittleEndian(input) is var length && (length < 0 || length > input.Length - sizeof(int)))
        {
            return false;
        }
        text = Encoding.UTF8.GetString(input.Slice(sizeof(int), length));
        input = input[(sizeof(int) + length)..];
        return true;
    }
}
