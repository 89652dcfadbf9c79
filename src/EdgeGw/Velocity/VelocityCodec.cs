using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeGw.Velocity;

/// <summary>What the guard learned, for the checkpoint: version, size of a state, the dimensions, then per scope its name and state.</summary>
internal static class VelocityCodec
{
    private const byte Version = 1;

    private static readonly int Size = Unsafe.SizeOf<VelocityState>();

    public static void Write(IBufferWriter<byte> output, string dimensions, IEnumerable<VelocityScope> scopes)
    {
        output.Write([Version]);
        Number(output, Size);
        Text(output, dimensions);
        foreach (var scope in scopes)
        {
            var state = scope.State;
            Text(output, scope.Name);
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
        if (!TryText(ref input, out var written) || written != dimensions)
        {
            return scopes;
        }
        while (TryText(ref input, out var name) && input.Length >= Size)
        {
            scopes.Add(new VelocityScope(name, MemoryMarshal.Read<VelocityState>(input)));
            input = input[Size..];
        }
        return scopes;
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
