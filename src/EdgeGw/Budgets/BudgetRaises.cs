using System.Buffers;
using System.Buffers.Binary;
using EdgeGw.Pricing;

namespace EdgeGw.Budgets;

/// <summary>The temporary raises in force: journaled, kept by checkpoints, gone when they expire.</summary>
public sealed class BudgetRaises
{
    private readonly Lock _gate = new();
    private BudgetRaise[] _all = [];

    /// <summary>Those that have not expired at an instant.</summary>
    public IReadOnlyList<BudgetRaise> At(DateTimeOffset now) => [.. Volatile.Read(ref _all).Where(raise => raise.Until > now)];

    internal void Add(BudgetRaise raise)
    {
        lock (_gate)
        {
            var others = _all.Where(other => other.Budget != raise.Budget || other.Scope != raise.Scope);
            Volatile.Write(ref _all, raise.Amount == NanoUsd.Zero ? [.. others] : [.. others, raise]);
        }
    }

    internal void Apply(List<ScopeOfCall> scopes, DateTimeOffset now)
    {
        var raises = Volatile.Read(ref _all);
        if (raises.Length == 0)
        {
            return;
        }
        for (var i = 0; i < scopes.Count; i++)
        {
            scopes[i] = scopes[i] with { Raised = Of(raises, scopes[i].Rule.Name, scopes[i].Scope, now) };
        }
    }

    internal NanoUsd Of(string budget, string scope, DateTimeOffset now) => Of(Volatile.Read(ref _all), budget, scope, now);

    internal void Write(IBufferWriter<byte> output, DateTimeOffset now)
    {
        var raises = At(now);
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), raises.Count);
        output.Advance(sizeof(int));
        foreach (var raise in raises)
        {
            raise.Write(output);
        }
    }

    internal void Read(ReadOnlySpan<byte> snapshot)
    {
        var count = BinaryPrimitives.ReadInt32LittleEndian(snapshot);
        snapshot = snapshot[sizeof(int)..];
        for (var i = 0; i < count; i++)
        {
            Add(BudgetRaise.Read(snapshot, out var consumed));
            snapshot = snapshot[consumed..];
        }
    }

    private static NanoUsd Of(BudgetRaise[] raises, string budget, string scope, DateTimeOffset now)
    {
        var extra = NanoUsd.Zero;
        foreach (var raise in raises)
        {
            if (raise.Budget == budget && (raise.Scope is null || raise.Scope == scope) && raise.Until > now)
            {
                extra += raise.Amount;
            }
        }
        return extra;
    }
}
