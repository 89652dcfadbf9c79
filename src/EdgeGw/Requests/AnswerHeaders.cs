using System.Globalization;
using EdgeGw.Heads;

namespace EdgeGw.Requests;

/// <summary>What the gateway tells the caller about a call: headers where known before the body, trailers of the same names otherwise.</summary>
internal static class AnswerHeaders
{
    public static readonly HeaderName RequestId = new("x-edgegw-request-id");
    public static readonly HeaderName Provider = new("x-edgegw-provider");
    public static readonly HeaderName Attempts = new("x-edgegw-attempts");
    public static readonly HeaderName Model = new("x-edgegw-model");
    public static readonly HeaderName OutputClamped = new("x-edgegw-output-clamped");
    public static readonly HeaderName ServerTiming = new("server-timing");
    public static readonly HeaderName Cost = new("x-edgegw-cost-usd");
    public static readonly HeaderName TokensInput = new("x-edgegw-tokens-input");
    public static readonly HeaderName TokensOutput = new("x-edgegw-tokens-output");
    public static readonly HeaderName BudgetRemaining = new("x-edgegw-budget-remaining-usd");
    public static readonly HeaderName BudgetReset = new("x-edgegw-budget-reset");

    /// <summary>The budgets that are used up and let the call pass.</summary>
    public static readonly HeaderName BudgetWarning = new("x-edgegw-budget-warning");

    public static readonly HeaderName Trailer = new("Trailer");
    public static readonly HeaderName AccelBuffering = new("X-Accel-Buffering");

    [ThreadStatic]
    private static DateTimeOffset _lastInstant;

    [ThreadStatic]
    private static string? _lastText;

    public static readonly string TrailerNames = string.Join(", ", Cost, TokensInput, TokensOutput, BudgetRemaining, BudgetReset);

    /// <summary>Known as soon as a target is chosen.</summary>
    public static void SetRoute(GatewayRequest request)
    {
        var head = request.Head;
        head.Set(RequestId, new RequestIdText(request.Id));
        if (request.Target is { } target)
        {
            head.Set(Provider, target.Provider.Name);
            head.Set(Attempts, "1");
            if (target.Model.Length > 0)
            {
                head.Set(Model, target.Model);
            }
        }
        if (request.BudgetWarnings is { } budgets)
        {
            head.Set(BudgetWarning, budgets);
        }
        if (request.ClampEdits is not null)
        {
            head.Set(OutputClamped, request.Facts.MaxOutput!.Value);
        }
        LimitHeaders.Write(head, request.Limits);
        head.Set(ServerTiming, new ServerTiming(request.Clock.Overhead()));
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
