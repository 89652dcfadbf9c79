using EdgeGw.Pricing;

namespace EdgeGw.Requests;

/// <summary>What a call can cost at most, whichever of the models answers that may: the one asked for, or one of <see cref="GatewayRequest.Fallbacks"/>.</summary>
internal static class CallBound
{
    /// <inheritdoc cref="HoldEstimate.UpperBound"/>
    public static NanoUsd? Upper(GatewayRequest request)
    {
        var config = request.Setup.Config.Requests;
        var most = HoldEstimate.UpperBound(request.Facts, request.Price, config);
        foreach (var price in request.FallbackPrices)
        {
            if (most is not { } known || HoldEstimate.UpperBound(request.Facts, price, config) is not { } bound)
            {
                return null;
            }
            most = bound > known ? bound : known;
        }
        return most;
    }

    /// <summary>As <see cref="HoldEstimate.OutputWithin"/>, of the model for which the amount pays least.</summary>
    public static long? OutputWithin(GatewayRequest request, NanoUsd amount, long? input = null)
    {
        var least = HoldEstimate.OutputWithin(request.Facts, request.Price, amount, input);
        foreach (var price in request.FallbackPrices)
        {
            var tokens = HoldEstimate.OutputWithin(request.Facts, price, amount, input);
            least = least is null || tokens < least ? tokens ?? least : least;
        }
        return least;
    }

    /// <summary>The model whose price is not known; null: there is none.</summary>
    public static string? FindUnpriced(GatewayRequest request)
    {
        if (!request.Price.IsPriced)
        {
            return request.Target!.Value.Model;
        }
        var fallback = Array.FindIndex(request.FallbackPrices, static price => !price.IsPriced);
        return fallback < 0 ? null : request.Fallbacks[fallback];
    }
}
