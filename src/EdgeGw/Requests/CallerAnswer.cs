using System.Buffers;
using EdgeGw.Heads;
using EdgeGw.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace EdgeGw.Requests;

/// <summary>Writes an answer to the caller: each piece is flushed as it comes, framed so that trailers can follow and a broken answer looks broken.</summary>
internal sealed class CallerAnswer
{
    private readonly UsageHider _hider = new();
    private readonly ArrayBufferWriter<byte> _shown = new();
    private readonly AnswerHead _trailers = new();
    private readonly HeadLines _trailerLines = new();
    private HttpContext? _http;
    private bool _hides;
    private bool _framesItself;

    /// <summary>Fixes the framing. Status and headers must be set, nothing written yet.</summary>
    public void Start(HttpContext http, AnswerHead head, bool streamed, bool hidesUsage)
    {
        _http = http;
        _hides = hidesUsage;
        _framesItself = false;
        if (hidesUsage)
        {
            _hider.Start();
        }
        var response = http.Response;
        if (streamed && response.ContentLength is null)
        {
            // Proxies in front (nginx) buffer event streams unless told not to.
            head.Set(AnswerHeaders.AccelBuffering, "no");
            head.Set(AnswerHeaders.Trailer, AnswerHeaders.TrailerNames);
            if (http.Request.Protocol == HttpProtocol.Http11)
            {
                _framesItself = true;
                response.Headers.TransferEncoding = "chunked";
            }
        }
    }

    /// <summary>Writes and flushes one piece; waits while the caller reads slower than the provider sends.</summary>
    /// <returns>False when the caller is gone.</returns>
    public async ValueTask<bool> WriteAsync(ReadOnlyMemory<byte> piece)
    {
        if (_hides)
        {
            _shown.ResetWrittenCount();
            _hider.Write(piece.Span, _shown);
            piece = _shown.WrittenMemory;
        }
        if (piece.IsEmpty)
        {
            return true;
        }
        Frame(piece.Span);
        var flushed = await _http!.Response.BodyWriter.FlushAsync();
        return !flushed.IsCompleted && !flushed.IsCanceled;
    }

    /// <summary>Adds bytes of our own behind a whole event; they leave with the end.</summary>
    public void Append(ReadOnlySpan<byte> data) => Frame(data);

    /// <summary>Ends a whole answer, with trailers where there can be some.</summary>
    public async ValueTask EndAsync(SettlementHeaders trailers)
    {
        var http = _http!;
        if (_hides)
        {
            _shown.ResetWrittenCount();
            _hider.Complete(_shown);
            Frame(_shown.WrittenSpan);
        }
        if (_framesItself)
        {
            _trailers.Begin(http.Response.Headers, _trailerLines);
            trailers.WriteTo(_trailers);
            ChunkedTrailerBody.WriteEnd(http.Response.BodyWriter, _trailerLines.Bytes);
            _trailers.Clear();
        }
        else if (http.Features.Get<IHttpResponseTrailersFeature>() is { } feature)
        {
            _trailers.Begin(feature.Trailers, lines: null);
            trailers.WriteTo(_trailers);
        }
        await http.Response.BodyWriter.FlushAsync();
    }

    /// <summary>Drops the connection or resets the stream: what was sent must not pass for a complete answer.</summary>
    public void BreakOff() => _http!.Abort();

    private void Frame(ReadOnlySpan<byte> data)
    {
        if (_framesItself)
        {
            ChunkedTrailerBody.WriteChunk(_http!.Response.BodyWriter, data);
        }
        else
        {
            _http!.Response.BodyWriter.Write(data);
        }
    }
}
