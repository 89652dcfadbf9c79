using System.Buffers;
using System.Runtime.CompilerServices;

namespace EdgeGw.Metering.Json;

/// <summary>
/// Reads chosen paths from JSON that comes in pieces cut anywhere, holding no more of it than one short scalar.
/// </summary>
/// <remarks>
/// A reader that needs whole tokens would have to gather a string of many megabytes (an image, an encrypted reasoning block) just to step over
/// it. This one keeps a stack of path nodes and skips what no path leads to by vectorised search, at any size and depth. It is lenient: it
/// observes bytes that somebody else parses, so malformed input gives fewer values, never an error. Root objects may follow each other (NDJSON)
/// or stand in a root array (Gemini without <c>alt=sse</c>): each is a document.
/// </remarks>
internal struct JsonWalker
{
    /// <summary>How much of a scalar or member name is kept when it is cut between pieces.</summary>
    public const int CarryLength = 256;

    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> DocumentStart = SearchValues.Create("{\"[]"u8);

    private PathTable _paths;
    private NodeStack _stack;
    private ulong _arrays;
    private int _depth;
    private long _skipDepth;
    private int _value;
    private Mode _mode;
    private bool _escaped;
    private bool _isKey;
    private bool _capture;
    private long _length;
    private int _carried;
    private CarryBuffer _carry;

    private enum Mode : byte
    {
        /// <summary>Outside every document.</summary>
        Outside,
        OutsideString,
        /// <summary>In an object, before a member's name.</summary>
        Member,
        /// <summary>In an array, before an element.</summary>
        Element,
        /// <summary>After a member's name.</summary>
        Value,
        String,
        Literal,
        Skip,
        SkipString,
    }

    /// <summary>Inside a root array: more documents are to come.</summary>
    public bool InRootArray { get; private set; }

    /// <summary>A root array has been closed: no more documents are to come.</summary>
    public bool RootArrayClosed { get; private set; }

    public readonly bool InDocument => _mode > Mode.OutsideString;

    public void Reset(PathTable paths)
    {
        _paths = paths;
        _mode = Mode.Outside;
        _depth = 0;
        _escaped = false;
        InRootArray = RootArrayClosed = false;
    }

    /// <summary>The input ends here: an open document is reported as incomplete.</summary>
    public void End(IJsonSink sink)
    {
        if (InDocument)
        {
            sink.OnDocumentEnd(complete: false);
        }
        _mode = Mode.Outside;
        _escaped = false;
    }

    public void Write(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        // Each step takes where it begins and returns where the next one does, which is the end when it needs more than there is.
        for (var at = 0; at < data.Length;)
        {
            at = _mode switch
            {
                Mode.Outside => Outside(data, at, sink),
                Mode.OutsideString => SkipString(data, at, Mode.Outside),
                Mode.Member => Member(data, at, sink),
                Mode.Element => Element(data, at, sink),
                Mode.Value => Value(data, at, sink),
                Mode.String => String(data, at, sink),
                Mode.Literal => Literal(data, at, sink),
                Mode.Skip => Skip(data, at),
                _ => SkipString(data, at, _skipDepth > 0 ? Mode.Skip : Container),
            };
        }
    }

    private readonly Mode Container => (_arrays >> _depth & 1) != 0 ? Mode.Element : Mode.Member;

    private int Outside(ReadOnlySpan<byte> data, int at, IJsonSink sink)
    {
        var start = data[at..].IndexOfAny(DocumentStart);
        if (start < 0)
        {
            return data.Length;
        }
        at += start;
        switch (data[at])
        {
            case (byte)'{':
                _depth = 0;
                _stack[0] = PathTable.Root;
                _arrays = 0;
                _mode = Mode.Member;
                sink.OnDocumentStart();
                break;
            case (byte)'"':
                _mode = Mode.OutsideString;
                break;
            case (byte)'[':
                InRootArray = true;
                break;
            default:
                InRootArray = false;
                RootArrayClosed = true;
                break;
        }
        return at + 1;
    }

    private int Member(ReadOnlySpan<byte> data, int at, IJsonSink sink)
    {
        for (; at < data.Length; at++)
        {
            switch (data[at])
            {
                case (byte)'"':
                    var end = JsonSearch.QuoteOrBackslash(data, at + 1);
                    if (end == data.Length || data[end] == '\\')
                    {
                        BeginString(isKey: true, capture: true);
                        return String(data, at + 1, sink);
                    }
                    _value = _paths.Member(_stack[_depth], data[(at + 1)..end]);
                    at = Value(data, end + 1, sink);
                    if (_mode != Mode.Member)
                    {
                        return at;
                    }
                    // The next may begin right here.
                    at--;
                    break;
                case (byte)'}':
                    Pop(sink);
                    return at + 1;
            }
        }
        return at;
    }

    private int Element(ReadOnlySpan<byte> data, int at, IJsonSink sink)
    {
        for (; at < data.Length; at++)
        {
            switch (data[at])
            {
                // A brace here is malformed: stepping over it is what guarantees progress.
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)'}':
                    continue;
                case (byte)']':
                    Pop(sink);
                    return at + 1;
                default:
                    _value = _paths.Element(_stack[_depth]);
                    return Value(data, at, sink);
            }
        }
        return at;
    }

    private int Value(ReadOnlySpan<byte> data, int at, IJsonSink sink)
    {
        for (; at < data.Length; at++)
        {
            switch (data[at])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)':':
                    continue;
                case (byte)'{':
                    Push(isArray: false, _paths.HasMembers(_value));
                    return at + 1;
                case (byte)'[':
                    Push(isArray: true, _paths.Element(_value) != PathTable.Nowhere);
                    return at + 1;
                case (byte)'"':
                    var wanted = _paths.SlotOf(_value) != Slot.None;
                    var end = JsonSearch.QuoteOrBackslash(data, at + 1);
                    if (end < data.Length && data[end] == '"')
                    {
                        if (wanted)
                        {
                            sink.OnValue(_paths.SlotOf(_value), JsonKind.String, data[(at + 1)..end], end - at - 1);
                        }
                        _mode = Container;
                        return end + 1;
                    }
                    // One that is cut off or escaped.
                    BeginString(isKey: false, wanted);
                    return wanted ? String(data, at + 1, sink) : SkipString(data, at + 1, Container);
                default:
                    _mode = Mode.Literal;
                    _capture = _paths.SlotOf(_value) != Slot.None;
                    _carried = 0;
                    _length = 0;
                    return Literal(data, at, sink);
            }
        }
        _mode = Mode.Value;
        return at;
    }

    private void BeginString(bool isKey, bool capture)
    {
        _isKey = isKey;
        _capture = capture;
        _carried = 0;
        _length = 0;
        if (capture)
        {
            _mode = Mode.String;
        }
        else
        {
            _skipDepth = 0;
            _mode = Mode.SkipString;
        }
    }

    private int String(ReadOnlySpan<byte> data, int at, IJsonSink sink)
    {
        var end = StringEnd(data, at);
        if (end < 0)
        {
            Carry(data[at..]);
            return data.Length;
        }
        scoped var value = data[at..end];
        if (_length > 0)
        {
            Carry(value);
            value = ((ReadOnlySpan<byte>)_carry)[.._carried];
        }
        else
        {
            _length = value.Length;
        }
        if (_isKey)
        {
            // A name longer than what is carried is none that a path has.
            _value = _length == value.Length ? _paths.Member(_stack[_depth], value) : PathTable.Nowhere;
            _mode = Mode.Value;
            return Value(data, end + 1, sink);
        }
        sink.OnValue(_paths.SlotOf(_value), JsonKind.String, value, _length);
        _mode = Container;
        return end + 1;
    }

    private int Literal(ReadOnlySpan<byte> data, int at, IJsonSink sink)
    {
        var end = JsonSearch.LiteralEnd(data, at);
        if (end == data.Length)
        {
            // Without an end seen, a number may go on in the next piece: nothing is reported before it.
            if (_capture)
            {
                Carry(data[at..]);
            }
            return end;
        }
        if (_capture)
        {
            scoped var value = data[at..end];
            if (_length > 0)
            {
                Carry(value);
                value = ((ReadOnlySpan<byte>)_carry)[.._carried];
            }
            else
            {
                _length = value.Length;
            }
            sink.OnValue(_paths.SlotOf(_value), JsonKind.Literal, value, _length);
        }
        _mode = Container;
        return end;
    }

    private int Skip(ReadOnlySpan<byte> data, int at)
    {
        while (true)
        {
            var next = data[at..].IndexOfAny(Structure);
            if (next < 0)
            {
                return data.Length;
            }
            at += next;
            var c = data[at++];
            if (c == '"')
            {
                _mode = Mode.SkipString;
                return at;
            }
            if (c is (byte)'{' or (byte)'[')
            {
                _skipDepth++;
            }
            else if (--_skipDepth == 0)
            {
                _mode = Container;
                return at;
            }
        }
    }

    private int SkipString(ReadOnlySpan<byte> data, int at, Mode next)
    {
        var end = StringEnd(data, at);
        if (end < 0)
        {
            return data.Length;
        }
        _mode = next;
        return end + 1;
    }

    /// <summary>Where the closing quote is, or -1 with the escape state kept for the next piece.</summary>
    private int StringEnd(ReadOnlySpan<byte> data, int at)
    {
        if (_escaped)
        {
            _escaped = false;
            at++;
        }
        while (at < data.Length)
        {
            at = JsonSearch.QuoteOrBackslash(data, at);
            if (at == data.Length)
            {
                return -1;
            }
            if (data[at] == '"')
            {
                return at;
            }
            at += 2;
        }
        _escaped = at > data.Length;
        return -1;
    }

    private void Carry(ReadOnlySpan<byte> data)
    {
        _length += data.Length;
        Span<byte> carry = _carry;
        var take = Math.Min(data.Length, CarryLength - _carried);
        data[..take].CopyTo(carry[_carried..]);
        _carried += take;
    }

    private void Push(bool isArray, bool wanted)
    {
        if (!wanted)
        {
            _skipDepth = 1;
            _mode = Mode.Skip;
            return;
        }
        _stack[++_depth] = _value;
        _arrays = isArray ? _arrays | 1UL << _depth : _arrays & ~(1UL << _depth);
        _mode = Container;
    }

    private void Pop(IJsonSink sink)
    {
        if (_depth == 0)
        {
            _mode = Mode.Outside;
            sink.OnDocumentEnd(complete: true);
            return;
        }
        var slot = _paths.SlotOf(_stack[_depth]);
        _depth--;
        _mode = Container;
        if (slot != Slot.None)
        {
            sink.OnObjectEnd(slot);
        }
    }

    [InlineArray(PathTable.MaxDepth)]
    private struct NodeStack
    {
        private int _first;
    }

    [InlineArray(CarryLength)]
    private struct CarryBuffer
    {
        private byte _first;
    }
}
