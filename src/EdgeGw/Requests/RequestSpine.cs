using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Requests.Inspection;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Upstream;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Requests;

/// <summary>One request, top to bottom. Each step is a call into the folder of its name and may refuse; whatever happens, the request is recorded.</summary>
public sealed class RequestSpine(GatewayServices services, ILogger logger)
{
    public async Task ServeAsync(GatewayRequest request)
    {
        services.Metrics.ActiveRequests.Increment();
        Refusal? refusal = null;
        try
        {
            refusal = Address(request)
                ?? Identify(request)
                ?? await InspectAsync(request)
                ?? Route(request)
                ?? Admit(request)
                ?? await ServeTargetAsync(request);
        }
        catch (BadHttpRequestException fault)
        {
            refusal = new Refusal(fault.StatusCode, fault.StatusCode == 413 ? "body_too_large" : "bad_request", fault.Message);
        }
        catch (StorageException fault)
        {
            refusal = Refusals.OutOfMoneyService(fault);
        }
    }
}
