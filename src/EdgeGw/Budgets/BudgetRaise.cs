using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>More than a budget's amount, for a while. A later one of the same budget and scope takes its place; one of nothing ends it.</summary>
/// <param name="Scope">The dimension values that it is for; null: every scope of the budget.</param>
/// <param name="Amount">What comes on top of the amount, in each window that runs before <paramref name="Until"/>.</param>
public sealed record BudgetRaise(string Budget, string? Scope, NanoUsd Amount, DateTimeOffset Until, string Reason)
{
    private const int FixedLength = (2 * sizeof(long)) + (3 * sizeof(int));

    internal void Write(IBufferWriter<byte> output)
    {
        var (budget, scope, reason) = (Encoding.UTF8.GetBytes(Budget), Scope is null ? null : Encoding.UTF8.GetBytes(Scope), Encoding.UTF8.GetBytes(Reason));
        var length = FixedLength + budget.Length + (scope?.Length ?? 0) + reason.Length;
        var span = output.GetSpan(length);
        BinaryPrimitives.WriteInt64LittleEndian(span, Amount.Value);
        BinaryPrimitives.WriteInt64LittleEndian(span[8..], Until.UtcTicks);
        BinaryPrimitives.WriteInt32LittleEndian(span[16..], budget.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[20..], scope?.Length ?? -1);
        BinaryPrimitives.WriteInt32LittleEndian(span[24..], reason.Length);
        var rest = span[FixedLength..];
        budget.CopyTo(rest);
        scope?.CopyTo(rest[budget.Length..]);
        reason.CopyTo(rest[(budget.Length + (scope?.Length ?? 0))..]);
        output.Advance(length);
    }

    internal static BudgetRaise Read(ReadOnlySpan<byte> payload, out int consumed)
    {
        var budget = BinaryPrimitives.ReadInt32LittleEndian(payload[16..]);
        var scope = BinaryPrimitives.ReadInt32LittleEndian(payload[20..]);
        var reason = BinaryPrimitives.ReadInt32LittleEndian(payload[24..]);
        var text = payload[FixedLength..];
        var scopeLength = Math.Max(0, scope);
        consumed = FixedLength + budget + scopeLength + reason;
        return new BudgetRaise(
            Encoding.UTF8.GetString(text[..budget]),
            scope < 0 ? null : Encoding.UTF8.GetString(text.Slice(budget, scope)),
            new NanoUsd(BinaryPrimitives.ReadInt64LittleEndian(payload)),
            new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(payload[8..]), TimeSpan.Zero),
            Encoding.UTF8.GetString(text.Slice(budget + scopeLength, reason)));
    }
}
