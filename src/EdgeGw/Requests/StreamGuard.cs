using EdgeGw.Budgets;
using EdgeGw.Pricing;

namespace EdgeGw.Requests;

/// <summary>Keeps a running stream within its hold where a hard budget is on it: asks for more in time, and says when there is none.</summary>
/// <remarks>
/// What a stream has cost is never more than its input (as held, or as the provider tells it) and its output so far at the dearest rate of the hold.
/// That is worked out only when a count passes a mark: no byte-level tokenizer makes more tokens than bytes, so until so many bytes of text have
/// passed as there are tokens left nothing can have happened. Each review sets the next mark closer; a piece costs two comparisons.
/// </remarks>
internal sealed class StreamGuard
{
    /// <summary>More is asked for when this much of what the hold pays has been generated.</summary>
    private const int AskAtPercent = 90;

    /// <summary>Asked for is half of the hold again, then ever less, down to this part of it.</summary>
    private const int SmallestPart = 64;

    private readonly GatewayRequest _request;
    private readonly BudgetLedger _ledger;
    private long _textMark;
    private long _tokenMark;

    private StreamGuard(GatewayRequest request, BudgetLedger ledger)
    {
        _request = request;
        _ledger = ledger;
    }

    /// <summary>The hard budget that had no room when more was asked for last; null: none.</summary>
    public string? Exhausted { get; private set; }

    /// <summary>Null: no budget stops this call, or its cost does not grow with its output.</summary>
    public static StreamGuard? For(GatewayRequest request, BudgetLedger ledger) =>
        request.Hold is { IsHard: true, Amount.Value: > 0 } hold && request.CallerPrice?.Total is null
            && CallBound.OutputWithin(request, hold.Amount) is not null
            ? new StreamGuard(request, ledger)
            : null;

    /// <summary>To be asked after each piece that was metered: the hold is used up, no budget has more, and the answer goes on.</summary>
    public bool MustStop() => (_request.Meter.TextBytes >= _textMark || _request.Meter.ReportedOutput >= _tokenMark) && IsUsedUp();

    private bool IsUsedUp()
    {
        var meter = _request.Meter;
        var (input, output) = meter.Progress();
        while (true)
        {
            var room = CallBound.OutputWithin(_request, _request.Hold!.Amount, input) ?? long.MaxValue;
            var mark = Exhausted is null ? long.CreateSaturating((Int128)room * AskAtPercent / 100) : room;
            if (output < mark)
            {
                _textMark = Sum(meter.TextBytes, mark - output);
                _tokenMark = mark;
                return false;
            }
            if (Extend())
            {
                Exhausted = null;
            }
            else if (output >= room)
            {
                return !meter.ReachedEnd;
            }
        }
    }

    private bool Extend()
    {
        var held = _request.Hold!.Amount.Value;
        var least = Math.Max(1, held / SmallestPart);
        for (var amount = Math.Max(least, held / 2); amount >= least; amount /= 2)
        {
            if (_ledger.TryExtend(_request.Hold, new NanoUsd(amount), out var full))
            {
                return true;
            }
            Exhausted = full ?? Exhausted;
        }
        return false;
    }

    private static long Sum(long a, long b) => long.CreateSaturating((Int128)a + b);
}
