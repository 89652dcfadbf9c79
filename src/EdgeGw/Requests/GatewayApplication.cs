using EdgeGw.Metering.Estimation;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Requests;

/// <summary>Binds the server to the spine without a middleware pipeline between them.</summary>
/// <remarks>The server keeps one context per connection (HTTP/1.1) or stream slot (HTTP/2), so the per-request object and its buffers are reused.</remarks>
public sealed class GatewayApplication(RequestSpine spine, UsageEstimator estimator, TimeProvider time) : IHttpApplication<GatewayRequest>
{
    private readonly Func<GatewayRequest, Task> _serve = spine.ServeAsync;

    public GatewayRequest CreateContext(IFeatureCollection contextFeatures)
    {
        GatewayRequest request;
        if (contextFeatures is IHostContextContainer<GatewayRequest> container)
        {
            request = container.HostContext ??= new GatewayRequest(estimator, time);
        }
        else
        {
            request = new GatewayRequest(estimator, time);
        }
        request.Begin(contextFeatures);
        return request;
    }

    public Task ProcessRequestAsync(GatewayRequest context) => ThreadTurn.ServeAsync(context, _serve);

    public void DisposeContext(GatewayRequest context, Exception? exception) => context.End();
}
