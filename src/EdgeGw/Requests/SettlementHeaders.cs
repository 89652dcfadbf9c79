using System.Globalization;
using System.IO.Pipelines;
using EdgeGw.Budgets;
using EdgeGw.Telemetry;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>What the caller is told when the call is settled: as headers where the body comes later, as trailers where it has gone.</summary>
internal readonly record struct SettlementHeaders
{
    private string Cost { get; init; }
    private string TokensInput { get; init; }
    private string TokensOutput { get; init; }
    private string? BudgetRemaining { get; init; }
    private string? BudgetReset { get; init; }

    public static SettlementHeaders Of(UsageRecord record, BudgetRemainder? tightest) => new()
    {
        Cost = record.Cost.ToString(),
        TokensInput = record.Usage.Input.ToString(CultureInfo.InvariantCulture),
        TokensOutput = record.Usage.Output.ToString(CultureInfo.InvariantCulture),
        BudgetRemaining = tightest?.Remaining.ToString(),
        BudgetReset = tightest is { } budget ? AnswerHeaders.Rfc3339(budget.WindowEnd) : null,
    };

    /// <summary>Sets them on a head or on the trailers that the server sends.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        headers[AnswerHeaders.Cost] = Cost;
        headers[AnswerHeaders.TokensInput] = TokensInput;
        headers[AnswerHeaders.TokensOutput] = TokensOutput;
        if (BudgetRemaining is not null)
        {
            headers[AnswerHeaders.BudgetRemaining] = BudgetRemaining;
            headers[AnswerHeaders.BudgetReset] = BudgetReset;
        }
    }

    /// <summary>Writes the trailers of a chunked body.</summary>
    public void WriteTo(PipeWriter output)
    {
        ChunkedTrailerBody.WriteTrailer(output, AnswerHeaders.Cost, Cost);
        ChunkedTrailerBody.WriteTrailer(output, AnswerHeaders.TokensInput, TokensInput);
        ChunkedTrailerBody.WriteTrailer(output, AnswerHeaders.TokensOutput, TokensOutput);
        if (BudgetRemaining is not null)
        {
            ChunkedTrailerBody.WriteTrailer(output, AnswerHeaders.BudgetRemaining, BudgetRemaining);
            ChunkedTrailerBody.WriteTrailer(output, AnswerHeaders.BudgetReset, BudgetReset!);
        }
    }
}
