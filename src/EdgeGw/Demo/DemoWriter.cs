using System.Buffers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Demo;

/// <summary>Puts a dialect's JSON on the wire: one body, server-sent events, or Gemini's slow JSON array.</summary>
internal static class DemoWriter
{
    // Fifty words a second: the pace of a quick model, and slow enough that streaming can be seen.
    private static readonly TimeSpan WordTime = TimeSpan.FromMilliseconds(20);

    public static Task WriteAsync(HttpContext context, DemoDialect dialect, DemoAnswer answer)
    {
        if (!answer.Request.Stream || !dialect.CanStream)
        {
            return WriteWholeAsync(context, dialect, answer);
        }
        var asArray = dialect is DemoGemini && context.Request.Query["alt"] != "sse";
        return WriteStreamAsync(context, dialect, answer, asArray);
    }

    private static async Task WriteWholeAsync(HttpContext context, DemoDialect dialect, DemoAnswer answer)
    {
        var body = new ArrayBufferWriter<byte>();
        WriteJson(body, json => dialect.WriteWhole(json, answer));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.WrittenCount;
        await context.Response.Body.WriteAsync(body.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
    }

    private static async Task WriteStreamAsync(HttpContext context, DemoDialect dialect, DemoAnswer answer, bool asArray)
    {
        context.Response.ContentType = asArray ? "application/json; charset=UTF-8" : "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-cache";
        var piece = new ArrayBufferWriter<byte>();
        var first = true;
        foreach (var item in dialect.Events(answer))
        {
            if (item.Paced)
            {
                await Task.Delay(WordTime, context.RequestAborted).ConfigureAwait(false);
            }
            piece.ResetWrittenCount();
            if (asArray)
            {
                piece.Write(first ? "["u8 : ",\r\n"u8);
                WriteJson(piece, item.Write!);
            }
            else
            {
                WriteEvent(piece, item);
            }
            first = false;
            await context.Response.Body.WriteAsync(piece.WrittenMemory, context.RequestAborted).ConfigureAwait(false);
            await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
        }
        if (asArray)
        {
            await context.Response.Body.WriteAsync("]\n"u8.ToArray(), context.RequestAborted).ConfigureAwait(false);
        }
    }

    private static void WriteEvent(ArrayBufferWriter<byte> piece, DemoEvent item)
    {
        if (item.Name is not null)
        {
            piece.Write("event: "u8);
            Encoding.UTF8.GetBytes(item.Name, piece);
            piece.Write("\n"u8);
        }
        piece.Write("data: "u8);
        if (item.Write is null)
        {
            piece.Write("[DONE]"u8);
        }
        else
        {
            WriteJson(piece, item.Write);
        }
        piece.Write("\n\n"u8);
    }

    private static void WriteJson(ArrayBufferWriter<byte> target, Action<Utf8JsonWriter> write)
    {
        using var json = new Utf8JsonWriter(target);
        write(json);
        json.Flush();
    }
}
