using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>What the gateway tells the caller about a call: headers where known before the body, trailers of the same names otherwise.</summary>
internal static class AnswerHeaders
{
    public const string RequestId = "x-edgegw-request-id";
    public const string Cost = "x-edgegw-cost-usd";
    public const string TokensInput = "x-edgegw-tokens-input";
    public const string TokensOutput = "x-edgegw-tokens-output";
    public const string BudgetRemaining = "x-edgegw-budget-remaining-usd";
    public const string BudgetReset = "x-edgegw-budget-reset";

    /// <summary>The budgets that are used up and let the call pass.</summary>
    public const string BudgetWarning = "x-edgegw-budget-warning";

    [ThreadStatic]
    private static DateTimeOffset _lastInstant;

    [ThreadStatic]
    private static string? _lastText;

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
        if (request.BudgetWarnings is { } budgets)
        {
            headers[BudgetWarning] = budgets;
        }
        if (request.ClampEdits is not null)
        {
            headers["x-edgegw-output-clamped"] = request.Facts.MaxOutput!.Value.ToString(CultureInfo.InvariantCulture);
        }
        LimitHeaders.Write(headers, request.Limits);
        headers["server-timing"] = string.Create(CultureInfo.InvariantCulture, $"gateway;dur={request.Clock.Overhead().TotalMilliseconds:0.###}");
    }

    /// <summary>Mostly asked for the end of the day or month that everybody else is told of, too.</summary>
    public static string Rfc3339(DateTimeOffset instant)
    {
        if (_lastText is null || _lastInstant != instant)
        {
            _lastInstant = instant;
            _lastText = instant.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }
        return _lastText;
    }
}
