using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>Writes one answer as its script says and keeps the books while doing so.</summary>
internal sealed class AnswerWriter(HttpContext context, FakeRequest request, ProviderCall call)
{
    private readonly FakeAnswer _answer = new(call.Id, request.Model, request.Script, request.IncludeUsage, request.Dialect is GeminiDialect);
    private readonly CancellationToken _gone = context.RequestAborted;
    private byte[] _rest = [];
    private GZipStream? _gzip;

    private FakeScript Script => request.Script;

    public async Task RunAsync()
    {
        try
        {
            await AnswerAsync();
        }
        catch (OperationCanceledException)
        {
            call.End(CallEnding.Aborted);
        }
        finally
        {
            call.End(CallEnding.Failed);
        }
    }

    private async Task AnswerAsync()
    {
        // Billing headers of a real provider, so that a test can see them arrive.
        context.Response.Headers["x-request-id"] = "req_" + call.Id;
        context.Response.Headers["openai-processing-ms"] = "17";
        switch (Script.Fail)
        {
            case FakeFailure.Status:
                context.Response.StatusCode = Script.Status;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync(request.Dialect.Error(Script.Status, "fake failure"), _gone);
                call.End(CallEnding.Failed);
                return;
            case FakeFailure.HangHead:
                call.Start();
                await Task.Delay(Timeout.Infinite, _gone);
                return;
            case FakeFailure.ResetHead:
                call.Start();
                Reset();
                return;
        }
        call.Start();
        if (request.Stream)
        {
            await StreamAsync();
        }
        else
        {
            await UnaryAsync();
        }
    }

    private async Task UnaryAsync()
    {
        var body = request.Dialect.Unary(_answer);
        for (var i = 0; i < Script.Chunks; i++)
        {
            await PauseAsync();
            if (request.Dialect is not EmbeddingsDialect)
            {
                call.Generate(Script.TokensOf(i));
            }
        }
        context.Response.ContentType = "application/json";
        var bytes = Encoding.UTF8.GetBytes(body);
        context.Response.ContentLength = bytes.Length;
        if (Script.Fail is FakeFailure.ResetBody or FakeFailure.HangBody)
        {
            await context.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2), _gone);
            await context.Response.Body.FlushAsync(_gone);
            await FailAsync();
            return;
        }
        await context.Response.Body.WriteAsync(bytes, _gone);
        await context.Response.Body.FlushAsync(_gone);
        _gone.ThrowIfCancellationRequested();
        call.Deliver(call.Generated);
        call.End(CallEnding.Completed);
    }

    private async Task StreamAsync()
    {
        context.Response.ContentType = request.Dialect.StreamContentType;
        context.Response.Headers.CacheControl = "no-cache";
        if (Script.Gzip)
        {
            context.Response.Headers.ContentEncoding = "gzip";
            _gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
        }
        await WriteAsync(request.Dialect.Head(_answer));
        long generated = 0;
        for (var i = 0; i < Script.Chunks; i++)
        {
            await PauseAsync();
            if (i == Script.FailAt && await FailAsync())
            {
                return;
            }
            var tokens = Script.TokensOf(i);
            generated += tokens;
            call.Generate(tokens);
            await WriteAsync(request.Dialect.Delta(_answer, i, FakeAnswer.TextOf(i), generated));
            call.Deliver(tokens);
        }
        await WriteAsync(request.Dialect.Tail(_answer), last: true);
        if (_gzip is not null)
        {
            await _gzip.DisposeAsync();
        }
        call.End(CallEnding.Completed);
    }

    /// <summary>Fails as scripted; true when the answer is over.</summary>
    private async Task<bool> FailAsync()
    {
        switch (Script.Fail)
        {
            case FakeFailure.HangBody:
                await Task.Delay(Timeout.Infinite, _gone);
                return true;
            case FakeFailure.ResetBody:
                Reset();
                return true;
            case FakeFailure.Truncate:
                return true;
            case FakeFailure.ErrorEvent:
                await WriteAsync(request.Dialect.ErrorEvent("fake failure in the middle"));
                return true;
            case FakeFailure.Garbage:
                await context.Response.Body.WriteAsync(Garbage(), _gone);
                await context.Response.Body.FlushAsync(_gone);
                return false;
            case FakeFailure.BigEvent:
                await WriteAsync(request.Dialect.Padding(_answer, new string('x', Script.BigBytes)));
                return false;
            default:
                return false;
        }
    }

    private async Task WriteAsync(string text, bool last = false)
    {
        if (text.Length + _rest.Length == 0)
        {
            return;
        }
        var bytes = (byte[])[.. _rest, .. Encoding.UTF8.GetBytes(text)];
        // So that each piece ends within an event and the next one begins with its rest.
        var late = Script.Split && !last ? text.Length / 3 : 0;
        _rest = bytes[^late..];
        var body = _gzip ?? context.Response.Body;
        await body.WriteAsync(bytes.AsMemory(0, bytes.Length - late), _gone);
        await body.FlushAsync(_gone);
        // The server swallows writes to a connection that is gone; what nobody could get is not delivered.
        _gone.ThrowIfCancellationRequested();
    }

    private Task PauseAsync() => Script.Pace == 0 ? Task.CompletedTask : Task.Delay(Script.Pace, _gone);

    private void Reset()
    {
        if (context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        call.End(CallEnding.Failed);
        context.Abort();
    }

    private static byte[] Garbage()
    {
        var bytes = new byte[3000];
        new Random(11).NextBytes(bytes);
        "\n\n"u8.CopyTo(bytes.AsSpan(bytes.Length - 2));
        return bytes;
    }
}
