using System.Text;

namespace EdgeGw.Requests.Inspection;

/// <summary>Strings of model names seen lately, so that a request for a common model allocates none.</summary>
/// <remarks>A direct-mapped table: a fixed size whatever callers send, no lock, and a lost race costs one string.</remarks>
internal static class ModelNames
{
    private const int Slots = 512;
    private const int LongestKept = 128;
    private static readonly string?[] Table = new string?[Slots];

    /// <summary>The string of <paramref name="ascii"/>, which must be ASCII.</summary>
    public static string OfAscii(ReadOnlySpan<byte> ascii)
    {
        if (ascii.Length > LongestKept)
        {
            return Encoding.ASCII.GetString(ascii);
        }
        var hash = 2166136261u;
        foreach (var b in ascii)
        {
            hash = (hash ^ b) * 16777619u;
        }
        ref var slot = ref Table[hash % Slots];
        var kept = Volatile.Read(ref slot);
        if (kept is not null && Ascii.Equals(ascii, kept))
        {
            return kept;
        }
        var made = Encoding.ASCII.GetString(ascii);
        Volatile.Write(ref slot, made);
        return made;
    }

    /// <summary>The string of <paramref name="name"/>.</summary>
    public static string Of(ReadOnlySpan<char> name)
    {
        Span<byte> ascii = stackalloc byte[LongestKept];
        return name.Length <= LongestKept && Ascii.FromUtf16(name, ascii, out var written) == System.Buffers.OperationStatus.Done
            ? OfAscii(ascii[..written])
            : new string(name);
    }
}
