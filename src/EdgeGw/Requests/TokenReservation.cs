using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;

namespace EdgeGw.Requests;

/// <summary>The tokens that a call is expected to use at most, for limits on tokens. Unlike a hold of money no strict bound: what is wrong is corrected when the answer ends.</summary>
internal static class TokenReservation
{
    /// <summary>Output of a call whose caller sets no cap: more than most answers have, and little enough that small limits are of use.</summary>
    private const long AssumedOutput = 1_000;

    /// <summary>An image or page inside the body, whose bytes say nothing of its tokens; and the text beside such.</summary>
    private const long MediaTokens = 1_600;
    private const long TextBesideMedia = 4_000;

    public static long Of(GatewayRequest request, UsageEstimator estimator) =>
        request.Route.IsStored ? 0 : Of(request.Route.Dialect, request.Facts, request.Target!.Value, estimator);

    public static long Of(Dialect dialect, in RequestFacts facts, in Target target, UsageEstimator estimator)
    {
        if (dialect is Dialect.Opaque or Dialect.Images or Dialect.Transcriptions or Dialect.Speech or Dialect.Ocr)
        {
            return 0;
        }
        var input = estimator.EstimateInput(target.Provider.Kind.Name, target.Model, facts.InputBytes);
        if (facts.HasMedia)
        {
            input = Math.Min(input, (Math.Max(1, facts.MediaParts) * MediaTokens) + TextBesideMedia);
        }
        var answers = dialect is not (Dialect.Embeddings or Dialect.Rerank);
        var output = answers ? (Int128)(facts.MaxOutput ?? AssumedOutput) * Math.Max(1, facts.Choices) : 0;
        return long.CreateSaturating(input + output);
    }
}
