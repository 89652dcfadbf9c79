using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary>Answers of the admin plane: JSON with a length, never cached.</summary>
internal static class AdminResponse
{
    private static readonly JsonWriterOptions Options = new() { Indented = false };

    internal static Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(body, Options))
        {
            write(json);
        }
        body.Write("\n"u8);
        return BytesAsync(context, status, "application/json", body.WrittenMemory);
    }

    internal static Task ErrorAsync(HttpContext context, AdminError error)
    {
        if (error.Status == StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"edgegw-admin\"";
        }
        return JsonAsync(context, error.Status, json =>
        {
            json.WriteStartObject();
            WriteError(json, error);
            json.WriteEndObject();
        });
    }

    internal static void WriteError(Utf8JsonWriter json, AdminError error)
    {
        json.WriteStartObject("error"u8);
        json.WriteString("code"u8, error.Code);
        json.WriteString("message"u8, error.Message);
        json.WriteEndObject();
    }

    internal static async Task BytesAsync(HttpContext context, int status, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(body, context.RequestAborted);
        }
    }
}
