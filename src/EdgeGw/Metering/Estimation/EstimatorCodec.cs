using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeGw.Telemetry;

namespace EdgeGw.Metering.Estimation;

/// <summary>What the estimator learned, for the checkpoint: version, size of a calibration, then per model two length-prefixed names and the numbers.</summary>
internal static class EstimatorCodec
{
    private const byte Version = 1;

    private static readonly int Size = Unsafe.SizeOf<Calibration>();

    public static void Write(IBufferWriter<byte> output, IEnumerable<(string Provider, string Model, Calibration Learned)> models)
    {
        output.Write([Version]);
        LengthPrefixed.Number(output, Size);
        foreach (var (provider, model, learned) in models)
        {
            LengthPrefixed.Text(output, provider);
            LengthPrefixed.Text(output, model);
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
        while (LengthPrefixed.TryText(ref input, out var provider) && LengthPrefixed.TryText(ref input, out var model) && input.Length >= Size)
        {
            models.Add((provider, model, MemoryMarshal.Read<Calibration>(input)));
            input = input[Size..];
        }
        return models;
    }
}
