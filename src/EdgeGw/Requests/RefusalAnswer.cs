using System.Globalization;
using EdgeGw.Metering;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>Sends an error of our own to the caller, in its dialect.</summary>
internal static class RefusalAnswer
{
    public static async ValueTask WriteAsync(GatewayRequest request, Refusal refusal)
    {
        var response = request.Http.Response;
        if (response.HasStarted || request.Http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        response.Clear();
        request.Head.Clear();
        response.StatusCode = refusal.Status;
        response.ContentType = "application/json";
        AnswerHeaders.SetRoute(request);
        if (refusal.RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }
        if (refusal.Reset is { } reset)
        {
            request.Head.Set(AnswerHeaders.BudgetReset, AnswerHeaders.Rfc3339(reset));
        }
        if (refusal.Status == StatusCodes.Status401Unauthorized && request.ErrorStyle is not (Dialect.Converse or Dialect.InvokeModel))
        {
            // RFC 6750 section 3; AWS's own services send no challenge. More than the scheme would say what there is.
            response.Headers.WWWAuthenticate = "Bearer";
        }
        if (ErrorBody.TypeHeader(request.ErrorStyle, refusal) is { } type)
        {
            response.Headers["x-amzn-errortype"] = type;
        }
        var body = request.Gathered;
        body.ResetWrittenCount();
        ErrorBody.Write(body, request.ErrorStyle, refusal, request.Id);
        response.ContentLength = body.WrittenCount;
        if (!HttpMethods.IsHead(request.Http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body.WrittenMemory);
        }
    }
}
