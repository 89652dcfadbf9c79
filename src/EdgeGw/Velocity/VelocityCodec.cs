using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeGw.Telemetry;

namespace EdgeGw.Velocity;

/// <summary>What the guard learned, for the checkpoint: version, size of a state, the dimensions, then per scope its name and state.</summary>
internal static class VelocityCodec
{
    private const byte Version = 1;

    private static readonly int Size = Unsafe.SizeOf<VelocityState>();

    public static void Write(IBufferWriter<byte> output, string dimensions, IEnumerable<VelocityScope> scopes)
    {
        output.Write([Version]);
        LengthPrefixed.Number(output, Size);
        LengthPrefixed.Text(output, dimensions);
        foreach (var scope in scopes)
        {
            var state = scope.State;
            LengthPrefixed.Text(output, scope.Name);
            output.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<VelocityState>(in state)));
        }
    }

    /// <returns>Nothing when another version or other dimensions wrote it; what stands before the place where it ends early.</returns>
    public static List<VelocityScope> Read(ReadOnlySpan<byte> input, string dimensions)
    {
        var scopes = new List<VelocityScope>();
        if (input.Length < 1 + sizeof(int) || input[0] != Version || BinaryPrimitives.ReadInt32LittleEndian(input[1..]) != Size)
        {
            return scopes;
        }
        input = input[(1 + sizeof(int))..];
        if (!LengthPrefixed.TryText(ref input, out var written) || written != dimensions)
        {
            return scopes;
        }
        while (LengthPrefixed.TryText(ref input, out var name) && input.Length >= Size)
        {
            scopes.Add(new VelocityScope(name, MemoryMarshal.Read<VelocityState>(input)));
            input = input[Size..];
        }
        return scopes;
    }
}
