using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

/// <summary>Ways to cut bytes into pieces.</summary>
internal static class Pieces
{
    /// <summary>Lengths of pieces, used over and over until the bytes are spent.</summary>
    public static Gen<int[]> Lengths { get; } = Gen.NonEmptyListOf(Gen.Choose(1, 24)).Select(static l => l.ToArray());

    public static List<byte[]> Cut(byte[] bytes, int[] lengths)
    {
        var pieces = new List<byte[]>();
        for (int at = 0, i = 0; at < bytes.Length; i++)
        {
            var length = Math.Min(lengths[i % lengths.Length], bytes.Length - at);
            pieces.Add(bytes[at..(at + length)]);
            at += length;
        }
        return pieces;
    }
}
