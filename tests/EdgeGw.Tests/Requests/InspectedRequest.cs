using System.Text;
using EdgeGw.Identity;
using EdgeGw.Metering.Estimation;
using EdgeGw.Requests;
using EdgeGw.Requests.Inspection;
using EdgeGw.Tests.Hosting;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Requests;

/// <summary>A request as the spine has it before policies are asked: its body read, its target chosen.</summary>
internal static class InspectedRequest
{
    public static async Task<GatewayRequest> NewAsync(ReloadFixture gateway, Principal caller, string body, string path)
    {
        var request = new GatewayRequest(new UsageEstimator(), TimeProvider.System);
        var http = new DefaultHttpContext();
        http.Request.Method = "POST";
        http.Request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        http.Request.ContentLength = body.Length;
        request.Begin(http.Features);
        request.Setup = gateway.Setup;
        request.Principal = caller;
        request.Route = gateway.Setup.Router.Resolve("POST", path);
        Assert.True(await request.Body.ReadAsync(request.Http.Request, 1 << 20, CancellationToken.None));
        request.Facts = RequestInspector.Inspect(request.Route.Dialect, request.Body.Bytes.Span, modelInPath: false).Facts;
        request.Target = gateway.Setup.Router.ResolveModel(request.Route, request.Facts.Model, out var error);
        Assert.Null(error);
        return request;
    }

    /// <summary>The body that the provider would get.</summary>
    public static string Sent(GatewayRequest request)
    {
        var upstream = UpstreamRequestFactory.Create(request, TimeProvider.System.GetUtcNow(), out var refusal)!;
        Assert.Null(refusal);
        return string.Concat(upstream.Body.Select(piece => Encoding.UTF8.GetString(piece.Span)));
    }
}
