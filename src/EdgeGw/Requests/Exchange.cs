using System.Buffers;
using System.Runtime.CompilerServices;
using EdgeGw.Metering;
using EdgeGw.Routing;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Aws;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Requests;

/// <summary>One call to a provider and its answer on the way to the caller: open, then either send it whole or relay it piece by piece.</summary>
/// <remarks>
/// A short unstreamed answer is gathered first, so that its cost can stand in the headers and a break in it becomes a clean error; the caller
/// could not use half a JSON document anyway. Everything else is relayed as it arrives. Reused by the requests of a connection, from
/// <see cref="Begin"/> to <see cref="DisposeAsync"/>.
/// </remarks>
internal sealed class Exchange : IAsyncDisposable
{
    private const int GatherLimit = 256 * 1024;

    /// <summary>An event that is still not over after so many bytes is waited for no longer.</summary>
    private const int LongestRest = 1024 * 1024;

    private const int GiveWayAfter = 1024 * 1024;

    private readonly GatewayRequest _request;
    private readonly CallerAnswer _answer;
    private readonly ArrayBufferWriter<byte> _gathered;
    private CallerWatch _watch = null!;
    private UpstreamResponse? _response;
    private UpstreamRead _next;
    private bool _endsWithError;
    private int _sinceGivingWay;
    private int _events;

    public Exchange(GatewayRequest request)
    {
        _request = request;
        _answer = request.Answer;
        _gathered = request.Gathered;
    }

    /// <summary>The whole answer is here and nothing of it has been sent.</summary>
    public bool IsWhole { get; private set; }

    public Exchange Begin(CallerWatch watch)
    {
        _watch = watch;
        _gathered.ResetWrittenCount();
        _next = default;
        _endsWithError = false;
        _sinceGivingWay = 0;
        _events = 0;
        IsWhole = false;
        return this;
    }

    /// <summary>Sends the request and reads the answer's head, and its body where it is gathered.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask OpenAsync(UpstreamTransport transport, UpstreamRequest upstream)
    {
        var waiting = _request.Clock.Now();
        var result = await transport.SendAsync(upstream, _watch.Token);
        _request.Clock.Waited(waiting);
        _response = result.Response;
        if (_response is null)
        {
            _request.Attempt = new Attempt { Error = result.Error, Detail = result.Detail, RequestSent = result.RequestSent, CallerGone = _watch.CallerGone };
            return;
        }
        _request.Attempt = new Attempt { Status = _response.Status, RequestSent = true };
        StartMeter();
        if (IsGathered())
        {
            await GatherAsync();
        }
        else
        {
            // Until something of the body is here, a provider that breaks off is a clean error and not half an answer.
            _next = await ReadAsync();
            if (_next.Error != UpstreamError.None)
            {
                Finish(_next);
            }
        }
    }

    /// <summary>Sends a gathered answer with what it cost in the headers.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask SendWholeAsync(SettlementHeaders settlement)
    {
        var response = _request.Http.Response;
        WriteHead();
        settlement.WriteTo(_request.Head);
        response.ContentLength = IsHead ? response.ContentLength : _gathered.WrittenCount;
        _request.Attempt.HeadSent = true;
        _request.Clock.MarkFirstByte();
        await response.BodyWriter.WriteAsync(IsHead ? default : _gathered.WrittenMemory);
    }

    /// <summary>Passes the answer on piece by piece until it ends, breaks, is no longer wanted, or has used up a hard budget.</summary>
    /// <param name="guard">Null: nothing stops it.</param>
    public async ValueTask RelayAsync(StreamGuard? guard)
    {
        WriteHead();
        _answer.Start(_request.Http, _request.Head, IsStream, Hides);
        _request.Attempt.HeadSent = true;
        if (!_watch.CallerGone && _gathered.WrittenCount > 0)
        {
            await PassOnAsync(_gathered.WrittenMemory);
        }
        guard = IsStream ? guard : null;
        while (!_next.IsEnd && _next.Error == UpstreamError.None)
        {
            if (guard is not null && guard.MustStop())
            {
                if (!await StopAsync())
                {
                    break;
                }
                _request.Attempt.StoppedBy = guard.Exhausted;
                _request.Attempt.CallerGone = _watch.CallerGone;
                _request.Attempt.Reading = _request.Meter.Finish();
                return;
            }
            await PassOnAsync(_next.Data);
            await GiveWayAsync(_next.Data.Length);
            _next = await ReadAsync();
        }
        Finish(_next);
    }

    /// <summary>Ends a relayed answer: with trailers when it is complete, broken off when it is not.</summary>
    public async ValueTask EndAsync(SettlementHeaders settlement)
    {
        if (_watch.CallerGone)
        {
            return;
        }
        if (_request.Attempt.Error != UpstreamError.None || (_request.Attempt.StoppedBy is not null && !_endsWithError))
        {
            _answer.BreakOff();
            return;
        }
        if (_request.Attempt.StoppedBy is { } budget)
        {
            StreamEnding.Write(_gathered, _request.Route.AnswerDialect, Refusals.BudgetExhausted(budget), _request.Id, _events);
            _answer.Append(_gathered.WrittenSpan);
        }
        await _answer.EndAsync(settlement);
    }

    /// <summary>What the operator should look at where AWS refused the signature; null: it did not.</summary>
    public string? SignatureHint(DateTimeOffset now) =>
        _response is { Status: StatusCodes.Status400BadRequest or StatusCodes.Status403Forbidden } && HeaderOf("x-amzn-errortype") is { } type
            && SignatureRefusal.HintOf(type, HeaderOf("Date"), now) is { } hint
            ? $"{SignatureRefusal.TypeOf(type)}: {hint}"
            : null;

    /// <summary>Gives the provider's connection back, or drops it.</summary>
    public ValueTask DisposeAsync()
    {
        var response = _response;
        (_response, _next) = (null, default);
        return response?.DisposeAsync() ?? default;
    }

    /// <summary>Errors and unstreamed answers have nothing to hide.</summary>
    private bool Hides => _request.HidesUsage && _response!.Status == StatusCodes.Status200OK;

    private bool IsHead => HttpMethods.IsHead(_request.Http.Request.Method);

    private bool IsEventStream => HeaderOf("Content-Type")?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true;

    private bool IsStream => _request.Facts.Stream || IsEventStream;

    private bool IsGathered() => _request.Route.AnswerDialect != Dialect.Opaque && !IsStream;

    private void StartMeter() => _request.Meter.Start(new MeterOptions
    {
        Dialect = _request.Route.AnswerDialect,
        Provider = _request.Target!.Value.Provider.Kind.Name,
        Stream = _request.Facts.Stream,
        ContentType = HeaderOf("Content-Type"),
        ContentEncoding = HeaderOf("Content-Encoding"),
        RequestedModel = _request.Target.Value.Model,
        // What is spoken is billed by its characters, and no other dialect counts them.
        InputBytes = _request.Route.IsStored ? 0 : _request.Facts.Characters ?? _request.Body.Length,
        IsStored = _request.Route.IsStored,
        HeaderCounts = CountsInHeaders(),
    });

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GatherAsync()
    {
        while (_gathered.WrittenCount < GatherLimit)
        {
            var read = await ReadAsync();
            _gathered.Write(read.Data.Span);
            if (read.IsEnd || read.Error != UpstreamError.None)
            {
                IsWhole = read.IsEnd;
                Finish(read);
                return;
            }
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<UpstreamRead> ReadAsync()
    {
        var waiting = _request.Clock.Now();
        var read = await _response!.ReadAsync(_watch.Token);
        _request.Clock.Waited(waiting);
        _request.Meter.Observe(read.Data.Span);
        return read;
    }

    /// <summary>Passes on what has come up to the end of an event, so that an error can stand behind it, and stops the provider.</summary>
    /// <remarks>
    /// An event that is cut here is read to its end first: the rest has been generated, and mostly sent. An answer that has no place for an error, since
    /// it is compressed, of a fixed length, or in a form that knows none, is passed on as it is and then broken off.
    /// </remarks>
    /// <returns>False: it has ended by itself in the meantime.</returns>
    private async ValueTask<bool> StopAsync()
    {
        var meter = _request.Meter;
        var rest = LongestRest;
        _endsWithError = StreamEnding.Exists(_request.Route.AnswerDialect, meter.Form)
            && HeaderOf("Content-Encoding") is null or "identity"
            && _request.Http.Response.ContentLength is null;
        while (_endsWithError)
        {
            var end = meter.ReachedEnd ? 0 : meter.IsBetweenEvents ? _next.Data.Length : StreamEnding.LastBoundary(meter.Form, _next.Data.Span);
            if (end > 0)
            {
                _next = _next with { Data = _next.Data[..end] };
                break;
            }
            rest -= _next.Data.Length;
            _endsWithError = rest > 0;
            if (_endsWithError)
            {
                await PassOnAsync(_next.Data);
                _next = await ReadAsync();
                if (_next.IsEnd || _next.Error != UpstreamError.None)
                {
                    return false;
                }
            }
        }
        await PassOnAsync(_next.Data);
        _events = meter.Events;
        _response!.Abort();
        return true;
    }

    /// <summary>A provider and a caller who are always ready must not keep the thread from all others that it serves.</summary>
    private async ValueTask GiveWayAsync(int passed)
    {
        _sinceGivingWay += passed;
        if (_sinceGivingWay >= GiveWayAfter)
        {
            _sinceGivingWay = 0;
            await Task.Yield();
        }
    }

    private async ValueTask PassOnAsync(ReadOnlyMemory<byte> piece)
    {
        if (_watch.CallerGone || piece.IsEmpty)
        {
            return;
        }
        _request.Clock.MarkFirstByte();
        var waiting = _request.Clock.Now();
        if (!await _answer.WriteAsync(piece))
        {
            _watch.OnCallerLeft();
        }
        _request.Clock.Waited(waiting);
    }

    private void Finish(in UpstreamRead last)
    {
        ref var attempt = ref _request.Attempt;
        attempt.Error = last.Error;
        attempt.Detail = last.Detail;
        attempt.CallerGone = _watch.CallerGone;
        attempt.Reading = _request.Meter.Finish();
    }

    private void WriteHead()
    {
        var response = _request.Http.Response;
        response.StatusCode = _response!.Status;
        AnswerHeaders.SetRoute(_request);
        HeaderRules.ToCaller(_response, _request.Head, altered: Hides);
    }

    /// <summary>No other dialect tells counts in headers.</summary>
    private HeaderCounts CountsInHeaders()
    {
        var counts = default(HeaderCounts);
        if (_request.Route.AnswerDialect == Dialect.InvokeModel)
        {
            foreach (var (name, value) in _response!.HeaderSpan)
            {
                counts = counts.With(name, value);
            }
        }
        return counts;
    }

    private string? HeaderOf(string name)
    {
        foreach (ref readonly var header in _response!.HeaderSpan)
        {
            if (header.Key.Length == name.Length && header.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return header.Value;
            }
        }
        return null;
    }
}
