using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;
using EdgeGw.Routing;
using EdgeGw.Upstream;

namespace EdgeGw.Requests;

/// <summary>Builds what goes to the provider: its own head, and the caller's body with no byte moved but those that policy must change.</summary>
internal static class UpstreamRequestFactory
{
    /// <returns>Null, with a refusal, when a header of the caller cannot be sent on.</returns>
    /// <param name="now">When the request is signed, where the provider takes signatures.</param>
    public static UpstreamRequest? Create(GatewayRequest request, DateTimeOffset now, out Refusal? refusal)
    {
        var target = request.Target!.Value;
        var facts = request.Facts;
        var caller = request.Http.Request;
        var config = request.Setup.Config;
        var upstream = request.NewUpstream();
        upstream.Timeouts = config.Timeouts;
        Span<BodyEdit> edits = [default, default, default];
        var count = 0;
        if (request.ClampEdits is { } clamp)
        {
            edits = new BodyEdit[clamp.Length + 3];
            clamp.CopyTo(edits);
            count = clamp.Length;
        }
        if (target.ModelRewritten && !facts.ModelRange.IsEmpty)
        {
            edits[count++] = BodyEdits.ReplaceModel(facts, request.EncodeModel(target.Model));
        }
        if (request.IsMoved && target.Provider.Kind.TakesFallbacks && !facts.FallbacksRange.IsEmpty)
        {
            edits[count++] = BodyEdits.ReplaceFallbacks(facts, request.EncodeModel(target.Model));
        }
        if (BodyEdits.TryAskForUsage(facts, out var ask) && UsageHider.NeedsIncludeUsage(target.Provider.Kind.Name, target.Dialect))
        {
            edits[count++] = ask;
            request.HidesUsage = true;
        }
        BodyEdits.Apply(request.Body.Bytes, edits[..count], upstream.Body);
        var badHeader = HeaderRules.ToUpstream(
            caller.Headers, upstream, target, editsAnswer: request.HidesUsage, config.Identity.Passthrough, request.IdentityHeader, request.Route.QueryCredential,
            request.Setup.Issuers.Headers, request.TokenValue is { } value ? value.AsSpan(request.TokenStart) : default);
        if (badHeader is not null)
        {
            refusal = Refusals.BadHeader(badHeader);
            return null;
        }
        // Last: a signature covers what was said before it.
        target.Provider.Signer?.Sign(upstream, request.AwsCredentials!, now);
        refusal = null;
        return upstream;
    }
}
