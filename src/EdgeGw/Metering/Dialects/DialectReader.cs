using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using EdgeGw.Metering.Json;
using EdgeGw.Pricing;

namespace EdgeGw.Metering.Dialects;

/// <summary>
/// Reads the usage of one dialect: a table of paths, and the rule by which the numbers of a document become a <see cref="Usage"/>. A new
/// dialect is one subclass. Documents are events of a stream or the body itself; a reader is reused from answer to answer.
/// </summary>
internal abstract class DialectReader : IJsonSink
{
    /// <summary>Above any real count, below any overflow in pricing arithmetic.</summary>
    private const long MaxCount = 1_000_000_000_000;

    private const decimal MaxDollars = 1_000_000m;

    private CountBuffer _draft;
    private bool _drafted = true;
    private TextSeen _text;
    private TextSeen _copy;
    private TextSeen _seen;
    private TextSeen _copies;
    private ShortText _model;
    private ShortText _id;
    private ShortText _tier;
    private ShortText _geography;
    private ShortText _itemModel;
    private PartList? _parts;
    private ShortText _errorType;
    private ShortText _errorCode;
    private bool _held;
    private bool _heldComplete;

    /// <summary>The paths every dialect shares.</summary>
    protected static IEnumerable<(string Path, Slot Slot)> ErrorPaths { get; } =
    [
        ("error", Slot.Error),
        ("error.type", Slot.ErrorType),
        ("error.status", Slot.ErrorType),
        ("error.code", Slot.ErrorCode),
        // Mistral, Voyage and servers built on FastAPI.
        ("detail", Slot.Error),
        ("detail[]", Slot.Error),
    ];

    public abstract PathTable Paths { get; }

    protected ProviderQuirks Quirks { get; private set; } = ProviderQuirks.None;

    /// <summary>The provider's numbers so far, mapped.</summary>
    public Usage Usage { get; protected set; }

    /// <summary><see cref="Usage"/> is the provider's word on the answer as far as it has come.</summary>
    public bool HasUsage { get; protected set; }

    /// <summary>Input of <see cref="Usage"/> is known although the whole is not.</summary>
    public bool HasInput { get; protected set; }

    /// <summary>Output of <see cref="Usage"/> is the provider's count and no placeholder, although the whole is not known.</summary>
    public bool HasOutput { get; protected set; }

    public NanoUsd? Cost { get; protected set; }

    /// <summary>See <see cref="ServedTerms.Parts"/>.</summary>
    protected IReadOnlyList<UsagePart>? Parts { get; private set; }

    /// <summary>The quick and dear way of serving, which is a tier to us and a field of its own to the provider.</summary>
    protected bool IsFast { get; set; }

    /// <summary>A finish reason or its like was seen.</summary>
    public bool Finished { get; protected set; }

    /// <summary>The dialect's last event was seen: no number can change any more.</summary>
    public bool Terminated { get; protected set; }

    /// <summary>The last status that the provider gave, in dialects whose answers can be made in the background.</summary>
    public AnswerState State { get; protected set; }

    /// <summary>The answer is being made in the background; its usage comes with a later request.</summary>
    public bool Pending => State == AnswerState.Pending;

    /// <summary>The last document says that others follow: what ends here is cut.</summary>
    public bool MoreToCome { get; protected set; }

    /// <summary>The body need not be JSON or events: text or sound without usage is an answer too.</summary>
    public virtual bool TakesAnyBody => false;

    /// <summary>A count was negative or beyond any that can be: no number of the answer is to be trusted.</summary>
    public bool IsImplausible { get; private set; }

    /// <summary>A count was no whole number and has been rounded up.</summary>
    public bool IsRounded { get; private set; }

    public bool HasError { get; private set; }

    /// <summary>Documents wait for <see cref="Release"/> before they count: the frames that hold them have a checksum behind them.</summary>
    public bool HoldsDocuments { get; set; }

    public int Documents { get; private set; }

    /// <summary>Generated text of all documents.</summary>
    /// <remarks>Some servers send each piece in two places, or all of it once more at the end: then the first place counts.</remarks>
    public TextSeen Text => new(
        _seen.Bytes > 0 ? _seen.Bytes : _copies.Bytes, _seen.Bytes > 0 ? _seen.Deltas : _copies.Deltas,
        _seen.ThinkingBytes > 0 ? _seen.ThinkingBytes : _copies.ThinkingBytes, _seen.ThinkingBytes > 0 ? _seen.ThinkingDeltas : _copies.ThinkingDeltas);

    public string? Model => _model.Get();
    public string? Id => _id.Get();
    public ServedTerms Terms => new() { Tier = IsFast ? "fast" : _tier.Get(), Geography = _geography.Get(), Parts = Parts };
    public string? Error => HasError ? ErrorName() : null;

    public void Reset(ProviderQuirks quirks)
    {
        Quirks = quirks;
        Usage = default;
        HasUsage = HasInput = HasOutput = Finished = Terminated = MoreToCome = HasError = false;
        State = AnswerState.Unknown;
        IsImplausible = IsRounded = IsFast = false;
        Cost = null;
        Parts = null;
        HoldsDocuments = _held = false;
        Documents = 0;
        _seen = _copies = default;
        _model.Clear();
        _id.Clear();
        _tier.Clear();
        _geography.Clear();
        _errorType.Clear();
        _errorCode.Clear();
        OnReset();
    }

    public void OnDocumentStart()
    {
        if (_drafted)
        {
            ((Span<long>)_draft).Fill(-1);
            _drafted = false;
        }
        _itemModel.Clear();
        _parts?.Clear();
        _text = _copy = default;
        OnBegin();
    }

    public void OnDocumentEnd(bool complete)
    {
        if (HoldsDocuments)
        {
            _held = true;
            _heldComplete = complete;
            return;
        }
        Commit(complete);
    }

    /// <summary>Lets the document that is held count, or drops it.</summary>
    public void Release(bool intact)
    {
        if (_held && intact)
        {
            Commit(_heldComplete);
        }
        _held = false;
    }

    /// <summary>An error that the framing reports.</summary>
    /// <param name="code">Its name; may be empty.</param>
    public void Fail(ReadOnlySpan<byte> code)
    {
        HasError = true;
        if (!code.IsEmpty)
        {
            _errorCode.Set(code);
        }
    }

    /// <summary>The body has ended: what only headers say, or only the end shows, is added.</summary>
    /// <param name="complete">The body was whole.</param>
    public virtual void OnBodyEnd(in HeaderCounts headers, bool complete)
    {
    }

    public void OnValue(Slot slot, JsonKind kind, ReadOnlySpan<byte> value, long length)
    {
        if (kind == JsonKind.Literal && IsNull(value))
        {
            return;
        }
        if (slot < Slot.Counts)
        {
            if (kind == JsonKind.Literal && length == value.Length && TryCount(slot, value, out var count))
            {
                OnCount(slot, count);
            }
            return;
        }
        switch (slot)
        {
            case Slot.Text when kind == JsonKind.String && length > 0:
                _text += new TextSeen(length, 1);
                break;
            case Slot.ReasoningText when kind == JsonKind.String && length > 0:
                _text += new TextSeen(0, 0, length, 1);
                break;
            case Slot.TextCopy when kind == JsonKind.String && length > 0:
                _copy += new TextSeen(length, 1);
                break;
            case Slot.ReasoningCopy when kind == JsonKind.String && length > 0:
                _copy += new TextSeen(0, 0, length, 1);
                break;
            case Slot.Model when kind == JsonKind.String && length > 0:
                _model.Set(value);
                break;
            case Slot.Id when kind == JsonKind.String && length > 0:
                _id.Set(value);
                break;
            case Slot.ServiceTier when kind == JsonKind.String && length > 0:
                _tier.Set(value);
                break;
            case Slot.Geography when kind == JsonKind.String && length > 0:
                _geography.Set(value);
                break;
            case Slot.ItemModel when kind == JsonKind.String && length > 0:
                _itemModel.Set(value);
                break;
            case Slot.Finish when kind == JsonKind.String:
                Finished = true;
                OnFinish(value);
                break;
            case Slot.Error or Slot.ErrorMessage when kind == JsonKind.String && length > 0:
                HasError = true;
                break;
            case Slot.ErrorType when kind == JsonKind.String && length > 0:
                _errorType.Set(value);
                break;
            case Slot.ErrorCode:
                _errorCode.Set(value);
                break;
            default:
                OnOther(slot, kind, value);
                break;
        }
    }

    public void OnObjectEnd(Slot slot)
    {
        if (slot == Slot.Error)
        {
            HasError = true;
        }
        else
        {
            OnEnd(slot);
        }
    }

    /// <summary>A null is like a member that is not there.</summary>
    public static bool IsNull(ReadOnlySpan<byte> literal) => literal.SequenceEqual("null"u8);

    /// <summary>A value at this place is kept as it comes: the same one again changes nothing.</summary>
    public static bool IsKept(Slot slot) => slot is Slot.Model or Slot.Id or Slot.ServiceTier or Slot.Geography;

    /// <summary>The document's one text is thinking, whatever its path; of several nobody could tell which.</summary>
    protected virtual bool IsThinking => false;

    /// <summary>A count of the document: -1 when it was not there.</summary>
    protected long this[Slot slot]
    {
        get => ((ReadOnlySpan<long>)_draft)[(int)slot];
        set
        {
            ((Span<long>)_draft)[(int)slot] = value;
            _drafted = true;
        }
    }

    /// <summary>The first of the slots that was there, or 0.</summary>
    protected long Count(Slot slot, Slot orElse = Slot.None)
    {
        var value = this[slot];
        return value >= 0 ? value : orElse == Slot.None ? 0 : Math.Max(0, this[orElse]);
    }

    /// <summary>No usage was reported: units that can be estimated otherwise than from text are filled in.</summary>
    /// <param name="inputBytes">Size of the request's body.</param>
    public virtual void OnUnreported(long inputBytes)
    {
    }

    /// <summary>A count that came otherwise than in the body, as a document's; -1 when it was not there.</summary>
    protected static long Bounded(long? count) => count is { } known ? Math.Clamp(known, 0, MaxCount) : -1;

    /// <summary>What a status says. One that is not known ends the answer: only the words for waiting are few and old.</summary>
    protected static AnswerState StateOf(ReadOnlySpan<byte> status) =>
        status.SequenceEqual("queued"u8) || status.SequenceEqual("in_progress"u8) ? AnswerState.Pending
        : status.SequenceEqual("failed"u8) ? AnswerState.Failed
        : status.SequenceEqual("cancelled"u8) ? AnswerState.Cancelled
        : AnswerState.Ended;

    protected void SetModel(ReadOnlySpan<byte> model) => _model.Set(model);

    protected void SetTier(ReadOnlySpan<byte> tier) => _tier.Set(tier);

    /// <summary>The tier by a header's word, where the body has none.</summary>
    protected void SetTier(string? tier)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (tier is not null && _tier.IsEmpty && Encoding.UTF8.TryGetBytes(tier, bytes, out var length))
        {
            _tier.Set(bytes[..length]);
        }
    }

    /// <summary>An element of the document has ended that tells what one model used.</summary>
    protected void AddPart(in Usage usage, bool declined = false)
    {
        _parts ??= new PartList();
        _parts.Add(_itemModel, declined, usage);
        _itemModel.Clear();
    }

    /// <summary>The usage of this document is the sum of its parts.</summary>
    protected void TakeParts(bool withDeclined = true) => Parts = _parts?.ToParts(_model, withDeclined);

    /// <summary>The usage of this document has no parts.</summary>
    protected void DropParts() => Parts = null;

    /// <summary>An error that the dialect recognises by other means than an <c>error</c> member.</summary>
    protected void MarkError() => HasError = true;

    protected virtual void OnReset()
    {
    }

    protected virtual void OnBegin()
    {
    }

    protected virtual void OnCount(Slot slot, long count) => this[slot] = count;

    protected virtual void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
    }

    /// <summary>A finish reason was read.</summary>
    protected virtual void OnFinish(ReadOnlySpan<byte> reason)
    {
    }

    protected virtual void OnEnd(Slot slot)
    {
    }

    /// <summary>Takes over the document's numbers. A document that the input cut off holds whatever had been read.</summary>
    protected abstract void OnCommit(bool complete);

    private void Commit(bool complete)
    {
        Documents++;
        _seen += IsThinking && _text.Deltas == 1 ? new TextSeen(0, 0, _text.Bytes, 1) : _text;
        _copies += _copy;
        OnCommit(complete);
    }

    private bool TryCount(Slot slot, ReadOnlySpan<byte> value, out long count)
    {
        if (slot is Slot.Cost or Slot.UpstreamCost or Slot.CostTicks)
        {
            return TryCost(slot, value, out count);
        }
        if (IsShortCount(value, out count))
        {
            return true;
        }
        if (Utf8Parser.TryParse(value, out count, out var used) && used == value.Length)
        {
            IsImplausible |= count is < 0 or > MaxCount;
            count = Math.Clamp(count, 0, MaxCount);
            return true;
        }
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            // A null is no count; a number that no decimal holds is one that cannot be.
            IsImplausible |= !value.IsEmpty && (value[0] == '-' || char.IsAsciiDigit((char)value[0]));
            return false;
        }
        IsImplausible |= number is < 0 or > MaxCount;
        // Seconds and the like are measured, not counted.
        IsRounded |= slot is not (Slot.Seconds or Slot.HostInput) && decimal.Truncate(number) != number;
        count = (long)decimal.Ceiling(Math.Clamp(number, 0, MaxCount));
        return true;
    }

    /// <summary>Digits alone, and so few that the number is below <see cref="MaxCount"/>: nearly every count there is.</summary>
    private static bool IsShortCount(ReadOnlySpan<byte> value, out long count)
    {
        count = 0;
        if (value.Length is 0 or > 12)
        {
            return false;
        }
        foreach (var c in value)
        {
            var digit = (uint)(c - '0');
            if (digit > 9)
            {
                return false;
            }
            count = (count * 10) + digit;
        }
        return true;
    }

    private static bool TryCost(Slot slot, ReadOnlySpan<byte> value, out long count)
    {
        count = 0;
        if (!decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || number is < 0 or > MaxDollars * 10_000_000_000m)
        {
            return false;
        }
        number = slot == Slot.CostTicks ? number / 10_000_000_000m : number;
        count = NanoUsd.FromDollars(Math.Min(number, MaxDollars)).Value;
        return true;
    }

    private string ErrorName()
    {
        // A code in words is more telling than the type ("insufficient_quota"), a number less.
        var code = _errorCode.Get();
        var name = code is not null && !char.IsAsciiDigit(code[0]) ? code : _errorType.Get() ?? code ?? "error";
        return string.Create(Math.Min(name.Length, 64), name, static (chars, name) =>
        {
            for (var i = 0; i < chars.Length; i++)
            {
                chars[i] = char.IsAsciiLetterOrDigit(name[i]) || name[i] is '_' or '.' or ':' or '-' ? name[i] : '_';
            }
        });
    }

    [InlineArray((int)Slot.Counts)]
    private struct CountBuffer
    {
        private long _first;
    }
}
