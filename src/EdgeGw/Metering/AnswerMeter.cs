using EdgeGw.Metering.Dialects;
using EdgeGw.Metering.Estimation;
using EdgeGw.Metering.Framing;
using EdgeGw.Metering.Json;
using EdgeGw.Metering.Shapes;

namespace EdgeGw.Metering;

/// <summary>
/// Reads what an answer used from its passing bytes. Fed with each piece as it goes by, cut anywhere; holds a few hundred bytes whatever the
/// provider sends, allocates nothing per piece, and never throws for what it is fed.
/// </summary>
/// <remarks>
/// For one answer at a time, from <see cref="Start"/> to <see cref="Finish"/>, and then for the next: keep it with the pooled request. Not
/// thread-safe. Server-sent events, JSON bodies, JSON arrays and NDJSON are told apart by their first byte, because providers answer a stream
/// request with JSON and give wrong content types.
/// </remarks>
public sealed class AnswerMeter : IDisposable
{
    private readonly UsageEstimator _estimator;
    private readonly DialectReader?[] _readers = new DialectReader?[DialectTable.Count];

    private MeterOptions _options;
    private DialectReader? _reader;

    // Of the last answer: most connections carry calls to one provider.
    private string? _quirksOf;
    private ProviderQuirks _quirks = ProviderQuirks.None;
    private JsonWalker _walker;
    private SseParser<SseHandler> _sse;
    private readonly EventShapes _shapes = new();
    private EventStreamParser<FrameHandler> _frames;
    private Base64Member _chunk;
    private BodyDecoder? _decoder;
    private BodyForm _form;
    private bool _unreadable;
    private long _bytes;
    private int _events;
    private ulong _head;
    private int _headLength;
    private bool _inErrorField;
    private bool _done;
    private bool _isChunk;

    /// <param name="estimator">Shared by all meters of the gateway, so that what one learns serves the others; null: one of its own.</param>
    public AnswerMeter(UsageEstimator? estimator = null) => _estimator = estimator ?? new UsageEstimator();

    /// <summary>
    /// The reading is final: a terminator was seen, or a finish reason and usage. False on streams that end without a sign of it. May end a
    /// drain early; must not end forwarding, since more bytes of no consequence may follow.
    /// </summary>
    public bool ReachedEnd => _done || (_reader is { } reader && (reader.Terminated || _walker.RootArrayClosed || (reader.Finished && reader.HasUsage)));

    /// <summary>How the body is cut into documents.</summary>
    internal BodyForm Form => _form;

    /// <summary>The last piece ended where an event does, its blank line included.</summary>
    internal bool IsBetweenEvents => _form == BodyForm.Sse && _sse.IsBetweenEvents;

    /// <summary>Events of a stream that have ended.</summary>
    internal int Events => _events;

    /// <summary>Bytes of generated text that have passed; of a body that cannot be read, all of its bytes.</summary>
    internal long TextBytes => _reader is not { } reader ? 0 : _unreadable ? _bytes : reader.Text.Merge().Bytes;

    /// <summary>Output tokens that the provider has reported, which may be a placeholder.</summary>
    internal long ReportedOutput => _reader is { IsImplausible: false } reader ? reader.Usage.Output : 0;

    /// <summary>Begins a new answer; whatever was there of an old one is dropped.</summary>
    public void Start(in MeterOptions options)
    {
        _options = options;
        _reader = _readers[(int)options.Dialect] ??= DialectTable.Create(options.Dialect);
        if (_reader is { } reader)
        {
            if (!ReferenceEquals(options.Provider, _quirksOf))
            {
                (_quirksOf, _quirks) = (options.Provider, ProviderQuirks.Of(options.Provider));
            }
            reader.Reset(_quirks);
            _walker.Reset(reader.Paths);
        }
        _sse.Reset();
        _shapes.Reset();
        _frames.Reset();
        _decoder?.Dispose();
        _decoder = null;
        _unreadable = _reader is not null && !BodyDecoder.TryCreate(options.ContentEncoding, out _decoder);
        _form = BodyForm.Unknown;
        _bytes = 0;
        _events = 0;
        _head = 0;
        _headLength = 0;
        _inErrorField = false;
        _done = false;
    }

    /// <summary>Takes the next piece of the body, as it came from the provider.</summary>
    public void Observe(ReadOnlySpan<byte> bytes)
    {
        _bytes += bytes.Length;
        if (_reader is null || _unreadable)
        {
            return;
        }
        if (_decoder is null)
        {
            Read(bytes);
            return;
        }
        _decoder.Write(bytes, this, static (decoded, meter) => meter.Read(decoded));
    }

    /// <summary>What was used so far: input only where the provider has told it, output as it has told or as the text shows.</summary>
    internal (long? Input, long Output) Progress()
    {
        if (_reader is not { } reader)
        {
            return default;
        }
        var estimate = Output(reader, reader.Model ?? _options.RequestedModel);
        if (reader.IsImplausible)
        {
            return (null, estimate);
        }
        var usage = reader.Usage;
        // A report counts more than an estimate, unless it has stopped to keep up with the text.
        var output = Math.Max(usage.Output, reader.HasUsage || reader.HasOutput ? estimate / 2 : estimate);
        return ((reader.HasUsage || reader.HasInput) && usage.Input > 0 ? usage.Input : null, output);
    }

    /// <summary>The answer has ended, whole or not. To be called once; the meter may then be started again.</summary>
    public MeterReading Finish()
    {
        if (_reader is not { } reader)
        {
            return default;
        }
        if (_form == BodyForm.Sse)
        {
            var handler = new SseHandler(this);
            _sse.Complete(ref handler);
        }
        var cutInside = _walker.InDocument || _walker.InRootArray;
        _walker.End(reader);
        // Bytes of which nothing came out are no answer that we have read, corrupt or not.
        _unreadable |= _decoder is not null && (_decoder.Failed || _form == BodyForm.Unknown);
        _decoder?.Dispose();
        _decoder = null;

        var complete = _form switch
        {
            BodyForm.Sse => _done || reader.Finished || reader.Terminated,
            BodyForm.Frames => reader.Finished && _frames.IsAtBoundary,
            // Documents one after the other end with the one that says so.
            _ => reader.Documents > 0 && !cutInside && !reader.MoreToCome && (reader.Documents == 1 || _walker.RootArrayClosed || reader.Finished),
        };
        reader.OnBodyEnd(_options.HeaderCounts, complete);
        complete &= !_unreadable;
        var model = reader.Model;
        var error = reader.Error;
        var (usage, source, estimateError) = Conclude(reader, model ?? _options.RequestedModel, complete, error is not null);
        return new MeterReading
        {
            Usage = usage,
            Source = source,
            EstimateError = estimateError,
            Model = model,
            Terms = reader.Terms,
            ResponseId = reader.Id,
            State = reader.State,
            ProviderCost = reader.Cost,
            Events = _form is BodyForm.Sse or BodyForm.Frames ? _events : reader.Documents,
            Error = error,
            Complete = complete,
            Text = reader.Text,
        };
    }

    public void Dispose() => _decoder?.Dispose();

    /// <summary>What the answer is counted as, and how far off an estimate would have been.</summary>
    private (Usage Usage, UsageSource Source, double? EstimateError) Conclude(DialectReader reader, string? model, bool complete, bool hasError)
    {
        if (reader.HasUsage && !reader.IsImplausible)
        {
            var teaches = complete && !hasError && !reader.IsRounded && !_options.IsStored;
            return (reader.Usage, reader.IsRounded ? UsageSource.Estimated : UsageSource.Provider,
                teaches ? _estimator.Learn(_options.Provider, model, reader.Usage, _options.InputBytes, reader.Text) : null);
        }
        var isEmpty = reader.Documents == 0 && !reader.TakesAnyBody;
        if ((reader.Pending && reader.Text.IsEmpty) || _bytes == 0 || (!_unreadable && (isEmpty || (reader.Text.IsEmpty && hasError))))
        {
            return default;
        }
        reader.OnUnreported(_options.InputBytes);
        // A placeholder in the opening event is the least that was generated, never the answer to how much.
        var trusted = !reader.IsImplausible;
        var known = trusted ? reader.Usage : default;
        var usage = known with
        {
            Input = trusted && reader.HasInput ? known.Input : Input(model, known),
            Output = trusted && reader.HasOutput ? known.Output : Math.Max(known.Output, Output(reader, model)),
        };
        return (usage, usage.IsEmpty ? UsageSource.None : UsageSource.Estimated, null);
    }

    /// <summary>Never less than the parts that the provider did report.</summary>
    private long Input(string? model, in Usage known) => Math.Max(
        _estimator.EstimateInput(_options.Provider, model, _options.InputBytes),
        Math.Max(known.CachedInput + known.CacheWrite, Math.Max(known.AudioInput, known.ImageInput)));

    /// <summary>Text that could not be read is at least as long as its compressed bytes.</summary>
    private long Output(DialectReader reader, string? model) => _unreadable && reader.Text.IsEmpty
        ? (long)Math.Ceiling(_bytes / UsageEstimator.DefaultBytesPerToken)
        : _estimator.EstimateOutput(_options.Provider, model, reader.Text);

    private void Read(ReadOnlySpan<byte> bytes)
    {
        if (_form == BodyForm.Unknown)
        {
            bytes = Sniff(bytes);
        }
        switch (_form)
        {
            case BodyForm.Sse:
                ReadEvents(bytes, _reader!);
                break;
            case BodyForm.Json:
                _walker.Write(bytes, _reader!);
                break;
            case BodyForm.Frames:
                var frames = new FrameHandler(this);
                _frames.Write(bytes, ref frames);
                if (_frames.IsLost)
                {
                    _reader!.Fail("bad_frame"u8);
                }
                break;
        }
    }

    /// <summary>Decides by the first byte that is neither white space nor part of a byte order mark.</summary>
    private ReadOnlySpan<byte> Sniff(ReadOnlySpan<byte> bytes)
    {
        var at = bytes.IndexOfAnyExcept(" \t\r\n\uFEFF"u8);
        if (at < 0)
        {
            return default;
        }
        // A frame begins with its length, and none is of 16 MiB.
        if (bytes[at] == 0 && _options.Dialect is Dialect.Converse or Dialect.InvokeModel)
        {
            _form = BodyForm.Frames;
            _reader!.HoldsDocuments = true;
            return bytes[at..];
        }
        _form = bytes[at] is (byte)'{' or (byte)'[' ? BodyForm.Json : BodyForm.Sse;
        return bytes[at..];
    }

    /// <summary>An event that has the form of an earlier one is not parsed again.</summary>
    private void ReadEvents(ReadOnlySpan<byte> bytes, DialectReader reader)
    {
        var handler = new SseHandler(this);
        while (!bytes.IsEmpty)
        {
            var isStart = _sse.IsBetweenEvents;
            if (isStart && _shapes.Replay(bytes, reader) is > 0 and var known)
            {
                _events++;
                bytes = bytes[known..];
                continue;
            }
            var length = EventLength(bytes);
            var part = length > 0 ? bytes[..length] : bytes;
            _sse.Write(part, ref handler);
            _shapes.Interrupt();
            if (isStart && length > 0)
            {
                _shapes.Learn(part, reader.Paths);
            }
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Where the first blank line ends, or 0. A guess that may be wrong where line ends are mixed, which costs time only.</summary>
    private static int EventLength(ReadOnlySpan<byte> bytes)
    {
        var lineEnd = bytes.IndexOf((byte)'\n');
        if (lineEnd < 0)
        {
            return 0;
        }
        var blank = lineEnd > 0 && bytes[lineEnd - 1] == '\r' ? "\n\r\n"u8 : "\n\n"u8;
        var at = bytes[lineEnd..].IndexOf(blank);
        return at < 0 ? 0 : lineEnd + at + blank.Length;
    }

    private void OnData(ReadOnlySpan<byte> piece)
    {
        // "[DONE]" fits in the first eight bytes.
        for (var i = 0; i < piece.Length && _headLength < 8; i++)
        {
            _head = _head << 8 | piece[i];
            _headLength++;
        }
        _walker.Write(piece, _reader!);
    }

    private void OnErrorField(ReadOnlySpan<byte> piece)
    {
        if (!_inErrorField)
        {
            _inErrorField = true;
            _walker.Write("{\"error\":"u8, _reader!);
        }
        _walker.Write(piece, _reader!);
    }

    private void OnEvent()
    {
        if (_inErrorField)
        {
            _walker.Write("}"u8, _reader!);
            _inErrorField = false;
        }
        _walker.End(_reader!);
        _events++;
        _done |= _headLength == 6 && _head == 0x5B_44_4F_4E_45_5D;
        _head = 0;
        _headLength = 0;
    }

    private void OnFrameStart(ReadOnlySpan<byte> name)
    {
        _isChunk = name.SequenceEqual("chunk"u8);
        _chunk.Reset();
    }

    private void OnPayload(ReadOnlySpan<byte> piece)
    {
        if (_isChunk)
        {
            _chunk.Write(piece, this, static (decoded, meter) => meter._walker.Write(decoded, meter._reader!));
        }
        else
        {
            _walker.Write(piece, _reader!);
        }
    }

    private void OnFrameEnd(ReadOnlySpan<byte> name, bool isException, bool intact)
    {
        _walker.End(_reader!);
        var readable = !(_isChunk && _chunk.Failed);
        _reader!.Release(intact && readable);
        _events++;
        if (!intact)
        {
            _reader.Fail("crc_mismatch"u8);
        }
        else if (!readable)
        {
            _reader.Fail("bad_frame"u8);
        }
        else if (isException)
        {
            _reader.Fail(name);
        }
    }

    private readonly struct FrameHandler(AnswerMeter meter) : IEventStreamHandler
    {
        public void OnFrameStart(ReadOnlySpan<byte> name) => meter.OnFrameStart(name);

        public void OnPayload(ReadOnlySpan<byte> piece) => meter.OnPayload(piece);

        public void OnFrameEnd(ReadOnlySpan<byte> name, bool isException, bool intact) => meter.OnFrameEnd(name, isException, intact);
    }

    private readonly struct SseHandler(AnswerMeter meter) : ISseHandler
    {
        public void OnData(ReadOnlySpan<byte> piece) => meter.OnData(piece);

        public void OnErrorField(ReadOnlySpan<byte> piece) => meter.OnErrorField(piece);

        public void OnEvent(ReadOnlySpan<byte> name) => meter.OnEvent();
    }
}
