using EdgeGw.Metering;
using EdgeGw.Routing;

namespace EdgeGw.Requests;

/// <summary>Another target for a call whose caller named its own: where a used up budget or a policy sends it.</summary>
internal static class Redirection
{
    /// <param name="model">An alias or <c>provider/model</c>.</param>
    /// <returns>Null: it cannot go there, because nobody serves the model in the call's dialect, no credential is at hand, or the body names no model to be replaced.</returns>
    public static Target? Find(GatewayRequest request, string model)
    {
        var route = request.Route;
        var target = request.Setup.Router.ResolveModel(route with { Surface = Surface.Unified, PathModel = null }, model, out var error);
        if (error is not null)
        {
            return null;
        }
        var inPath = route.Dialect == Dialect.Gemini;
        if (!inPath && request.Facts.ModelRange.IsEmpty)
        {
            return null;
        }
        var provider = target.Provider;
        return !provider.LacksKey || request.Setup.Config.Identity.Passthrough
            // The alias may be called as the model that it stands for is, and the body says neither.
            ? target with { ModelRewritten = !inPath && target.Model != request.Facts.Model }
            : null;
    }
}
