using EdgeGw.Requests.Inspection;

namespace EdgeGw.Requests;

/// <summary>Models that the provider may answer with in place of the one asked for, because the body lists them.</summary>
/// <remarks>Whoever could name there what policies deny, or what costs more than was held, would be past both.</remarks>
internal static class ProviderFallbacks
{
    /// <summary>Reads them, where the target's provider would.</summary>
    public static Refusal? Take(GatewayRequest request)
    {
        if (request.Facts.FallbacksRange is not { IsEmpty: false } range || !request.Target!.Value.Provider.Kind.TakesFallbacks)
        {
            return null;
        }
        if (FallbackModels.Read(request.Body.Bytes.Span.Slice(range.Offset, range.Length)) is not { } models)
        {
            return Refusals.BadFallbacks();
        }
        request.Fallbacks = models;
        return null;
    }
}
