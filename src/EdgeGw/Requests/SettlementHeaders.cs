using EdgeGw.Budgets;
using EdgeGw.Heads;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Requests;

/// <summary>What the caller is told when the call is settled: as headers where the body comes later, as trailers where it has gone.</summary>
internal readonly record struct SettlementHeaders
{
    private NanoUsd Cost { get; init; }
    private long TokensInput { get; init; }
    private long TokensOutput { get; init; }

    /// <summary>Null: no budget applies.</summary>
    private BudgetRemainder? Tightest { get; init; }

    public static SettlementHeaders Of(UsageRecord record, BudgetRemainder? tightest) => new()
    {
        Cost = record.Cost,
        TokensInput = record.Usage.Input,
        TokensOutput = record.Usage.Output,
        Tightest = tightest,
    };

    /// <param name="head">The head, or the trailers.</param>
    public void WriteTo(AnswerHead head)
    {
        head.Set(AnswerHeaders.Cost, Cost);
        head.Set(AnswerHeaders.TokensInput, TokensInput);
        head.Set(AnswerHeaders.TokensOutput, TokensOutput);
        if (Tightest is { } budget)
        {
            head.Set(AnswerHeaders.BudgetRemaining, budget.Remaining);
            head.Set(AnswerHeaders.BudgetReset, AnswerHeaders.Rfc3339(budget.WindowEnd));
        }
    }
}
