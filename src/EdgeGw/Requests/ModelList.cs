using System.Text.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Requests;

/// <summary>Answers <c>GET /v1/models</c>: every name that this caller may put as <c>model</c> here and now, in OpenAI's shape, with what it costs this caller.</summary>
internal static class ModelList
{
    public static async ValueTask WriteAsync(GatewayRequest request)
    {
        var body = request.Gathered;
        body.ResetWrittenCount();
        var showsPrices = request.Setup.Config.Pricing.ShowPrices is { } seers && PrincipalFilter.Matches(seers, request.Principal);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var (alias, target) in request.Setup.Config.Models.OrderBy(model => model.Key, StringComparer.Ordinal))
            {
                var slash = target.IndexOf('/');
                var (provider, model) = (target[..slash], target[(slash + 1)..]);
                if (MayUse(request, provider, model))
                {
                    Write(json, alias, "edgegw", showsPrices ? PriceOf(request, provider, model) : null);
                }
            }
            foreach (var (name, provider) in request.Setup.Config.Providers.OrderBy(each => each.Key, StringComparer.Ordinal))
            {
                foreach (var model in request.Setup.Prices.Catalogue.ModelsOf(provider.Kind))
                {
                    if (MayUse(request, name, model))
                    {
                        Write(json, $"{name}/{model}", name, showsPrices ? PriceOf(request, name, model) : null);
                    }
                }
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        var response = request.Http.Response;
        response.ContentType = "application/json";
        response.ContentLength = body.WrittenCount;
        AnswerHeaders.SetRoute(request);
        await response.BodyWriter.WriteAsync(body.WrittenMemory);
    }

    /// <summary>In one dialect of its provider at least.</summary>
    private static bool MayUse(GatewayRequest request, string provider, string model)
    {
        var policies = request.Setup.Policies;
        return !policies.Asks(request.Principal!) || (request.Setup.Router.Providers.GetValueOrDefault(provider)?.Kind.Endpoints
            .Any(endpoint => policies.CouldUse(AuthorizeStep.CallOf(request, provider, model, endpoint.Dialect))) ?? false);
    }

    /// <summary>What counts for the caller's own call of the model now; null: no price is known.</summary>
    private static ModelPrice? PriceOf(GatewayRequest request, string provider, string model) =>
        request.Setup.Prices.Resolve(new PriceQuestion(provider, request.Setup.Config.Providers[provider].Kind, model, request.Principal)).Price;

    private static void Write(Utf8JsonWriter json, string id, string owner, ModelPrice? price)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, id);
        json.WriteString("object"u8, "model"u8);
        json.WriteNumber("created"u8, 0);
        json.WriteString("owned_by"u8, owner);
        if (price is not null)
        {
            PriceJson.Write(json, "pricing"u8, price);
        }
        json.WriteEndObject();
    }
}
