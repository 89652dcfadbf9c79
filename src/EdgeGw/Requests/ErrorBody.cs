using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Requests;

/// <summary>The gateway's own errors in the envelope that the caller's SDK understands.</summary>
public static class ErrorBody
{
    // JSON for programs, never inside HTML: quotes and apostrophes stay readable.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, Dialect dialect, Refusal refusal, Guid requestId)
    {
        using var json = new Utf8JsonWriter(output, Readable);
        json.WriteStartObject();
        switch (dialect)
        {
            case Dialect.Messages:
                WriteAnthropic(json, refusal, requestId);
                break;
            case Dialect.Gemini:
                WriteGemini(json, refusal);
                break;
            case Dialect.Converse or Dialect.InvokeModel:
                json.WriteString("message"u8, refusal.Message);
                json.WriteString("code"u8, refusal.Code);
                break;
            default:
                WriteOpenAI(json, refusal);
                break;
        }
        json.WriteEndObject();
    }

    /// <summary>Bedrock's SDKs take the kind of an error from <c>x-amzn-errortype</c>; null: the dialect has no such header.</summary>
    public static string? TypeHeader(Dialect dialect, Refusal refusal) => dialect is not (Dialect.Converse or Dialect.InvokeModel) ? null : refusal.Status switch
    {
        401 => "UnrecognizedClientException",
        403 => "AccessDeniedException",
        404 => "ResourceNotFoundException",
        429 => refusal.LimitKind is null ? "ServiceQuotaExceededException" : "ThrottlingException",
        504 => "ModelTimeoutException",
        >= 500 => "ServiceUnavailableException",
        _ => "ValidationException",
    };

    private static void WriteOpenAI(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, refusal.Message);
        json.WriteString("type"u8, refusal.Status switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            // OpenAI's own type there: what was counted.
            429 => refusal.LimitKind ?? "budget_exceeded",
            >= 500 => "gateway_error",
            _ => "invalid_request_error",
        });
        json.WriteNull("param"u8);
        json.WriteString("code"u8, refusal.Code);
        json.WriteEndObject();
    }

    private static void WriteAnthropic(Utf8JsonWriter json, Refusal refusal, Guid requestId)
    {
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, refusal.Status switch
        {
            401 => "authentication_error",
            403 => "permission_error",
            404 => "not_found_error",
            413 => "request_too_large",
            429 => "rate_limit_error",
            503 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        });
        json.WriteString("message"u8, refusal.Message);
        json.WriteString("code"u8, refusal.Code);
        json.WriteEndObject();
        json.WriteString("request_id"u8, requestId);
    }

    private static void WriteGemini(Utf8JsonWriter json, Refusal refusal)
    {
        json.WriteStartObject("error"u8);
        json.WriteNumber("code"u8, refusal.Status);
        json.WriteString("message"u8, refusal.Message);
        // google.rpc.Code names.
        json.WriteString("status"u8, refusal.Status switch
        {
            401 => "UNAUTHENTICATED",
            403 => "PERMISSION_DENIED",
            404 => "NOT_FOUND",
            429 => "RESOURCE_EXHAUSTED",
            504 => "DEADLINE_EXCEEDED",
            502 or 503 => "UNAVAILABLE",
            >= 500 => "INTERNAL",
            _ => "INVALID_ARGUMENT",
        });
        json.WriteStartArray("details"u8);
        json.WriteStartObject();
        json.WriteString("@type"u8, "type.googleapis.com/google.rpc.ErrorInfo"u8);
        json.WriteString("reason"u8, refusal.Code);
        json.WriteString("domain"u8, "edgegw"u8);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
