using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGw.Metering.Estimation;

/// <summary>What the estimator learned, for the checkpoint: version, size of a calibration, then per model two length-prefixed names and the numbers.</summary>
internal static class EstimatorCodec
{
    private const byte Version = 1;

    private static readonly int Size = Unsafe.SizeOf<Calibration>();

    public static void Write(IBufferWriter<byte> output, IEnumerable<(string Provider, string Model, Calibration Learned)> models)
    {
        output.Write([Version]);
        Number(output, Size);
        foreach (var (provider, model, learned) in models)
        {
            Text(output, provider);
            Text(output, model);
            output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<Calibration>(in learned)));
        }
    }

    /// <returns>Nothing when another version wrote it, or where it ends early.</returns>
    public static List<(string Provider, string Model, Calibration Learned)> Read(ReadOnlySpan<byte> input)
    {
        var models = new List<(string, string, Calibration)>();
        if (input.Length < 1 + sizeof(int) || input[0] != Version || BinaryPrimitives.ReadInt32LittleEndian(input[1..]) != Size)
        {
            return models;
        }
        input = input[(1 + sizeof(int))..];
        while (TryText(ref input, out var provider) && TryText(ref input, out var model) && input.Length >= Size)
        {
            models.Add((provider, model, MemoryMarshal.Read<Calibration>(input)));
            input = input[Size..];
        }
        return models;
    }

    private static void Number(IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    private static void Text(IBufferWriter<byte> output, string text)
    {
        Number(output, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    private static bool TryText(ref ReadOnlySpan<byte> input, out string text)
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
