using System.Buffers;
using System.Numerics;
using EdgeGw.Metering.Dialects;
using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Shapes;

/// <summary>One form of event, learned from an example: its bytes, which of its scalars vary, and what a reader is told of it, in order.</summary>
/// <remarks>
/// Nearly all events of a stream differ from the one before in a few scalars only. An event with the same bytes everywhere else makes the
/// parsers take the same steps, so it need not be parsed again: its scalars are found between the known bytes and the reader is told the same.
/// Nothing is told before the whole event has matched.
/// </remarks>
internal sealed class EventShape
{
    public const int MaxBytes = 2048;
    public const int MaxScalars = 64;
    public const int MaxCalls = 96;

    /// <summary>What ends a run of a string: its quote, an escape, or a line's end, which no string of an event holds.</summary>
    private static readonly SearchValues<byte> StringStop = SearchValues.Create("\"\\\r\n"u8);

    /// <summary>Characters of numbers, <c>true</c>, <c>false</c>, <c>null</c>; all of JSON's structure is outside.</summary>
    private static readonly SearchValues<byte> LiteralBytes = SearchValues.Create("0123456789+-.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8);

    // They grow to what the stream's events need: every connection has two shapes, and at the bounds each would take 4 KiB.
    private byte[] _bytes = new byte[256];
    private Scalar[] _scalars = new Scalar[16];
    private Call[] _calls = new Call[16];
    private int[] _varying = new int[16];
    private Range[] _found = new Range[16];
    private int _length;
    private int _scalarCount;
    private int _callCount;
    private int _varyingCount;
    private int _recordedCalls;

    private enum CallKind : byte
    {
        Start,
        Value,
        /// <summary>A value that is the same in every event of the shape, at a place where only a new one makes a difference.</summary>
        Kept,
        ObjectEnd,
        End,
    }

    public bool IsEmpty => _length == 0;

    public void Clear() => _length = 0;

    /// <summary>Takes as much room as <paramref name="other"/> has: they take turns, and what one has met the other meets next.</summary>
    public void GrowTo(EventShape other)
    {
        Array.Resize(ref _bytes, Math.Max(_bytes.Length, other._bytes.Length));
        Array.Resize(ref _calls, Math.Max(_calls.Length, other._calls.Length));
        Resize(Math.Max(_scalars.Length, other._scalars.Length));
    }

    /// <summary>The length of the event at the start of <paramref name="input"/> when it has this shape, else 0.</summary>
    public int Match(ReadOnlySpan<byte> input)
    {
        int at = 0, known = 0;
        for (var i = 0; i < _varyingCount; i++)
        {
            var index = _varying[i];
            ref readonly var scalar = ref _scalars[index];
            var before = _bytes.AsSpan(known, scalar.Start - known);
            if (!input[at..].StartsWith(before))
            {
                return 0;
            }
            at += before.Length;
            var length = scalar.Kind == JsonKind.String ? StringLength(input[at..]) : LiteralLength(input[at..]);
            if (length < 0)
            {
                return 0;
            }
            _found[index] = at..(at + length);
            at += length;
            known = scalar.Start + scalar.Length;
        }
        var rest = _bytes.AsSpan(known, _length - known);
        return input[at..].StartsWith(rest) ? at + rest.Length : 0;
    }

    /// <summary>Tells the reader what a parse of <paramref name="input"/>, which has just matched, would tell it.</summary>
    /// <param name="isRepeated">The event before had this shape too, so that what it set is set.</param>
    public void Replay(ReadOnlySpan<byte> input, DialectReader reader, bool isRepeated)
    {
        foreach (ref readonly var call in _calls.AsSpan(0, _callCount))
        {
            switch (call.Kind)
            {
                case CallKind.Start:
                    reader.OnDocumentStart();
                    break;
                case CallKind.Kept when isRepeated:
                    break;
                case CallKind.Kept or CallKind.Value:
                    ref readonly var scalar = ref _scalars[call.Scalar];
                    var value = scalar.Varies ? input[_found[call.Scalar]] : _bytes.AsSpan(scalar.Start, scalar.Length);
                    reader.OnValue(call.Slot, scalar.Kind, value, value.Length);
                    break;
                case CallKind.ObjectEnd:
                    reader.OnObjectEnd(call.Slot);
                    break;
                default:
                    reader.OnDocumentEnd(complete: true);
                    break;
            }
        }
    }

    /// <summary>Takes a copy of <paramref name="event"/> as the example; the shape is empty until it is complete.</summary>
    /// <param name="example">An array that begins with the copy.</param>
    /// <returns>False: the event is too large.</returns>
    public bool TryBegin(ReadOnlySpan<byte> @event, out byte[] example)
    {
        _length = _callCount = _scalarCount = _varyingCount = 0;
        if (@event.Length > MaxBytes)
        {
            example = [];
            return false;
        }
        if (@event.Length > _bytes.Length)
        {
            _bytes = new byte[Math.Min(MaxBytes, BitOperations.RoundUpToPowerOf2((uint)@event.Length))];
        }
        @event.CopyTo(_bytes);
        example = _bytes;
        return true;
    }

    public bool TryAddStart() => TryAdd(new Call(CallKind.Start, Slot.None, 0));

    public bool TryAddObjectEnd(Slot slot) => TryAdd(new Call(CallKind.ObjectEnd, slot, 0));

    public bool TryAddEnd() => TryAdd(new Call(CallKind.End, Slot.None, 0));

    /// <summary>The scalar at <paramref name="start"/> of the example is told. Text is new in every event.</summary>
    public bool TryAddValue(Slot slot, JsonKind kind, int start, int length)
    {
        for (var i = 0; i < _scalarCount; i++)
        {
            ref var scalar = ref _scalars[i];
            if (scalar.Start == start)
            {
                scalar.Varies |= slot is Slot.Text or Slot.ReasoningText or Slot.TextCopy or Slot.ReasoningCopy;
                return scalar.Length == length && scalar.Kind == kind && TryAdd(new Call(CallKind.Value, slot, (byte)i));
            }
        }
        return false;
    }

    /// <summary>The example has been told to its end. What differs from <paramref name="other"/>, of the same form but for that, varies.</summary>
    public void Complete(int length, EventShape other)
    {
        _length = length;
        if (!other.IsEmpty && other._scalarCount == _scalarCount && other._recordedCalls == _callCount)
        {
            for (var i = 0; i < _scalarCount; i++)
            {
                _scalars[i].Varies |= other._scalars[i].Varies || !ValueOf(i).SequenceEqual(other.ValueOf(i));
            }
        }
        for (var i = 0; i < _scalarCount; i++)
        {
            if (_scalars[i].Varies)
            {
                _varying[_varyingCount++] = i;
            }
        }
        Simplify();
    }

    /// <summary>Takes out the calls that do nothing, and marks those that do nothing when they are repeated.</summary>
    private void Simplify()
    {
        var anyKeptVaries = false;
        foreach (ref readonly var call in _calls.AsSpan(0, _callCount))
        {
            anyKeptVaries |= call.Kind == CallKind.Value && DialectReader.IsKept(call.Slot) && _scalars[call.Scalar].Varies;
        }
        var count = 0;
        for (var i = 0; i < _callCount; i++)
        {
            var call = _calls[i];
            if (call.Kind == CallKind.Value && !_scalars[call.Scalar].Varies)
            {
                if (_scalars[call.Scalar].Kind == JsonKind.Literal && DialectReader.IsNull(ValueOf(call.Scalar)))
                {
                    continue;
                }
                call = !anyKeptVaries && DialectReader.IsKept(call.Slot) ? call with { Kind = CallKind.Kept } : call;
            }
            _calls[count++] = call;
        }
        _recordedCalls = _callCount;
        _callCount = count;
    }

    private ReadOnlySpan<byte> ValueOf(int scalar) => _bytes.AsSpan(_scalars[scalar].Start, _scalars[scalar].Length);

    private bool TryAdd(Call call)
    {
        if (_callCount == MaxCalls)
        {
            return false;
        }
        if (_callCount == _calls.Length)
        {
            Array.Resize(ref _calls, Math.Min(MaxCalls, _callCount * 2));
        }
        _calls[_callCount++] = call;
        return true;
    }

    /// <summary>Notes where the scalars of the example's document stand; names of members are none.</summary>
    /// <returns>False: they are too many, or the document is not plain JSON.</returns>
    public bool TryFindScalars(int start, int length)
    {
        var json = _bytes.AsSpan(start, length);
        for (var i = 0; i < json.Length; i++)
        {
            if (json[i] is (byte)'{' or (byte)'}' or (byte)'[' or (byte)']' or (byte)',' or (byte)':' or (byte)' ' or (byte)'\t')
            {
                continue;
            }
            var kind = json[i] == '"' ? JsonKind.String : JsonKind.Literal;
            var from = kind == JsonKind.String ? i + 1 : i;
            var size = kind == JsonKind.String ? StringLength(json[from..]) : LiteralLength(json[from..]);
            if (size < 0)
            {
                return false;
            }
            i = kind == JsonKind.String ? from + size : from + size - 1;
            if (kind == JsonKind.String && json[(i + 1)..].TrimStart(" \t"u8) is [(byte)':', ..])
            {
                continue;
            }
            if (_scalarCount == MaxScalars)
            {
                return false;
            }
            if (_scalarCount == _scalars.Length)
            {
                Resize(_scalarCount * 2);
            }
            _scalars[_scalarCount++] = new Scalar { Start = start + from, Length = size, Kind = kind };
        }
        return true;
    }

    private void Resize(int scalars)
    {
        Array.Resize(ref _scalars, scalars);
        Array.Resize(ref _varying, scalars);
        Array.Resize(ref _found, scalars);
    }

    /// <summary>How far the closing quote is, or -1.</summary>
    private static int StringLength(ReadOnlySpan<byte> text)
    {
        var at = 0;
        while (true)
        {
            var stop = text[at..].IndexOfAny(StringStop);
            if (stop < 0)
            {
                return -1;
            }
            at += stop;
            if (text[at] == '"')
            {
                return at;
            }
            if (text[at] != '\\' || at + 1 >= text.Length || text[at + 1] is (byte)'\r' or (byte)'\n')
            {
                return -1;
            }
            at += 2;
        }
    }

    /// <summary>The length of a literal whose end is in sight, or -1.</summary>
    private static int LiteralLength(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAnyExcept(LiteralBytes);
        return end > 0 ? end : -1;
    }

    private record struct Scalar
    {
        public int Start { get; init; }
        public int Length { get; init; }
        public JsonKind Kind { get; init; }
        public bool Varies { get; set; }
    }

    private readonly record struct Call(CallKind Kind, Slot Slot, byte Scalar);
}
