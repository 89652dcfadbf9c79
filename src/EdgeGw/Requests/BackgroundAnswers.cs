using EdgeGw.Budgets;
using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using EdgeGw.Routing;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>What a reading says of an answer that is made in the background: whether it is over, and what it used.</summary>
internal static class BackgroundAnswers
{
    /// <summary>The request that asked for an answer is over, and the answer may not be.</summary>
    public static bool IsUnfinished(GatewayRequest request)
    {
        ref readonly var reading = ref request.Attempt.Reading;
        if (request.Route.Dialect is not (Dialect.Responses or Dialect.Interactions))
        {
            return false;
        }
        var finished = reading.Complete && (reading.State > AnswerState.Pending || (reading.State == AnswerState.Unknown && reading.Source == UsageSource.Provider));
        // A whole answer that is pending was put in the background whether or not that was asked for.
        return request.Facts.Background ? !finished : reading is { Complete: true, State: AnswerState.Pending };
    }

    /// <summary>A stored answer was read, whole and at its end, so that what it says of usage, or that it says nothing, is final.</summary>
    public static bool IsConclusive(GatewayRequest request, in MeterReading reading) =>
        request.Attempt.Status == StatusCodes.Status200OK && reading is { Complete: true, ResponseId: not null }
        && (reading.State is AnswerState.Failed or AnswerState.Cancelled || (reading.State == AnswerState.Ended && reading.Source == UsageSource.Provider))
        && !AsksForPart(request);

    /// <summary>What a conclusive reading amounts to, where the provider reports nothing: of a failed answer nothing, of a cancelled one what is known.</summary>
    public static MeterReading Concluded(in MeterReading reading, DeferredAnswer answer, Provider provider, UsageEstimator estimator)
    {
        if (reading.Source == UsageSource.Provider)
        {
            return reading;
        }
        if (reading.State == AnswerState.Failed)
        {
            return WithoutUsage(reading);
        }
        var input = estimator.EstimateInput(provider.Kind.Name, answer.Model, answer.InputBytes);
        return reading with { Usage = reading.Usage with { Input = input }, Source = UsageSource.Estimated };
    }

    /// <summary>The reading of an answer that is billed elsewhere.</summary>
    public static MeterReading WithoutUsage(in MeterReading reading) =>
        reading with { Usage = default, Source = UsageSource.None, ProviderCost = null };

    /// <summary>Google's APIs leave out of an answer what a field mask does not name: its silence on usage, or on some of it, proves nothing.</summary>
    private static bool AsksForPart(GatewayRequest request) =>
        Uri.UnescapeDataString(request.Route.Query).Contains("fields", StringComparison.OrdinalIgnoreCase)
        || request.Http.Request.Headers.ContainsKey("X-Goog-FieldMask");
}
