using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using EdgeGw.Storage;

namespace EdgeGw.Budgets;

/// <summary>A slot's name: which budget, which dimension values, which window or which bucket of a rolling one. Its key is a hash of exactly these.</summary>
/// <remarks>The amount is no part of it, so that a changed amount keeps what was spent in the running window.</remarks>
public readonly record struct SlotReference(string Budget, string Scope, WindowSpan Window, bool IsBucket = false)
{
    private const int MaxOnStack = 512;
    private const int MaxSuffix = 64;

    public CounterKey Key { get; } = KeyOf(Budget, Scope, Window, IsBucket);

    // 128 bits of SHA-256: collisions by accident or by a chosen key name are out of reach.
    private static CounterKey KeyOf(string budget, string scope, WindowSpan window, bool isBucket)
    {
        var most = Encoding.UTF8.GetMaxByteCount(budget.Length + scope.Length) + MaxSuffix;
        var name = most <= MaxOnStack ? stackalloc byte[MaxOnStack] : new byte[most];
        Utf8.TryWrite(name, CultureInfo.InvariantCulture, $"{budget}\0{scope}\0{window.Start.UtcTicks}\0{window.End.UtcTicks}{(isBucket ? "\0bucket" : "")}", out var length);
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name[..length], digest);
        return new CounterKey(BinaryPrimitives.ReadUInt64LittleEndian(digest), BinaryPrimitives.ReadUInt64LittleEndian(digest[8..]));
    }
}
