using System.Globalization;
using EdgeGw.Budgets;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>What the gateway tells the caller about a call: headers where known before the body, trailers of the same names otherwise.</summary>
internal static class AnswerHeaders
{
    public const string RequestId = "x-edgegw-request-id";
    private const string Cost = "x-edgegw-cost-usd";
    private const string TokensInput = "x-edgegw-tokens-input";
    private const string TokensOutput = "x-edgegw-tokens-output";
    private const string BudgetRemaining = "x-edgegw-budget-remaining-usd";
    private const string BudgetReset = "x-edgegw-budget-reset";

    public static readonly string TrailerNames = string.Join(", ", Cost, TokensInput, TokensOutput, BudgetRemaining, BudgetReset);

    /// <summary>Known as soon as a target is chosen.</summary>
    public static void SetRoute(IHeaderDictionary headers, GatewayRequest request)
    {
        headers[RequestId] = request.Id.ToString();
        if (request.Target is { } target)
        {
            headers["x-edgegw-provider"] = target.Provider.Name;
            headers["x-edgegw-attempts"] = "1";
            if (target.Model.Length > 0)
            {
                headers["x-edgegw-model"] = target.Model;
            }
        }
        headers["server-timing"] = string.Create(CultureInfo.InvariantCulture, $"gateway;dur={request.Clock.Overhead().TotalMilliseconds:0.###}");
    }

    /// <summary>Known when the call is settled.</summary>
    public static void SetSettlement(IHeaderDictionary headers, IReadOnlyList<KeyValuePair<string, string>> settlement)
    {
        foreach (var (name, value) in settlement)
        {
            headers[name] = value;
        }
    }

    public static IReadOnlyList<KeyValuePair<string, string>> Settlement(in Usage usage, NanoUsd cost, BudgetStatus? tightest)
    {
        var headers = new List<KeyValuePair<string, string>>(5)
        {
            new(Cost, cost.ToString()),
            new(TokensInput, usage.Input.ToString(CultureInfo.InvariantCulture)),
            new(TokensOutput, usage.Output.ToString(CultureInfo.InvariantCulture)),
        };
        if (tightest is not null)
        {
            headers.Add(new(BudgetRemaining, tightest.Remaining.ToString()));
            headers.Add(new(BudgetReset, Rfc3339(tightest.WindowEnd)));
        }
        return headers;
    }

    public static string Rfc3339(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
