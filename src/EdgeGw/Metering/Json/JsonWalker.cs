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
    private static readonly SearchValues<byte> LiteralEnd = SearchValues.Create(",}] \t\r\n"u8);

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
        while (!data.IsEmpty)
        {
            data = _mode switch
            {
                Mode.Outside => Outside(data, sink),
                Mode.OutsideString => SkipString(data, Mode.Outside),
                Mode.Member => Member(data, sink),
                Mode.Element => Element(data, sink),
                Mode.Value => Value(data, sink),
                Mode.String => String(data, sink),
                Mode.Literal => Literal(data, sink),
                Mode.Skip => Skip(data),
                _ => SkipString(data, _skipDepth > 0 ? Mode.Skip : Container),
            };
        }
    }

    private readonly Mode Container => (_arrays >> _depth & 1) != 0 ? Mode.Element : Mode.Member;

    private ReadOnlySpan<byte> Outside(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        var at = data.IndexOfAny(DocumentStart);
        if (at < 0)
        {
            return default;
        }
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
        return data[(at + 1)..];
    }

    private ReadOnlySpan<byte> Member(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        for (var i = 0; i < data.Length; i++)
        {
            switch (data[i])
            {
                case (byte)'"':
                    BeginString(isKey: true, capture: true);
                    return String(data[(i + 1)..], sink);
                case (byte)'}':
                    Pop(sink);
                    return data[(i + 1)..];
            }
        }
        return default;
    }

    private ReadOnlySpan<byte> Element(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        for (var i = 0; i < data.Length; i++)
        {
            switch (data[i])
            {
                // A brace here is malformed: stepping over it is what guarantees progress.
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)',' or (byte)'}':
                    continue;
                case (byte)']':
                    Pop(sink);
                    return data[(i + 1)..];
                default:
                    _value = _paths.Element(_stack[_depth]);
                    return Value(data[i..], sink);
            }
        }
        return default;
    }

    private ReadOnlySpan<byte> Value(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        for (var i = 0; i < data.Length; i++)
        {
            switch (data[i])
            {
                case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n' or (byte)':':
                    continue;
                case (byte)'{':
                    Push(isArray: false, _paths.HasMembers(_value));
                    return data[(i + 1)..];
                case (byte)'[':
                    Push(isArray: true, _paths.Element(_value) != PathTable.Nowhere);
                    return data[(i + 1)..];
                case (byte)'"':
                    var wanted = _paths.SlotOf(_value) != Slot.None;
                    BeginString(isKey: false, wanted);
                    return wanted ? String(data[(i + 1)..], sink) : SkipString(data[(i + 1)..], Container);
                default:
                    _mode = Mode.Literal;
                    _capture = _paths.SlotOf(_value) != Slot.None;
                    _carried = 0;
                    _length = 0;
                    return Literal(data[i..], sink);
            }
        }
        _mode = Mode.Value;
        return default;
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

    private ReadOnlySpan<byte> String(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        var end = StringEnd(data);
        if (end < 0)
        {
            Carry(data);
            return default;
        }
        scoped var value = data[..end];
        if (_length > 0)
        {
            Carry(value);
            value = ((ReadOnlySpan<byte>)_carry)[.._carried];
        }
        else
        {
            _length = end;
        }
        if (_isKey)
        {
            // A name longer than what is carried is none that a path has.
            _value = _length == value.Length ? _paths.Member(_stack[_depth], value) : PathTable.Nowhere;
            _mode = Mode.Value;
            return Value(data[(end + 1)..], sink);
        }
        else
        {
            sink.OnValue(_paths.SlotOf(_value), JsonKind.String, value, _length);
            _mode = Container;
        }
        return data[(end + 1)..];
    }

    private ReadOnlySpan<byte> Literal(ReadOnlySpan<byte> data, IJsonSink sink)
    {
        var end = data.IndexOfAny(LiteralEnd);
        if (end < 0)
        {
            if (_capture)
            {
                Carry(data);
            }
            return default;
        }
        // Without an end seen, a number may go on in the next piece: nothing is reported before it.
        if (_capture)
        {
            scoped var value = data[..end];
            if (_length > 0)
            {
                Carry(value);
                value = ((ReadOnlySpan<byte>)_carry)[.._carried];
            }
            else
            {
                _length = end;
            }
            sink.OnValue(_paths.SlotOf(_value), JsonKind.Literal, value, _length);
        }
        _mode = Container;
        return data[end..];
    }

    private ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var at = data.IndexOfAny(Structure);
            if (at < 0)
            {
                return default;
            }
            var c = data[at];
            data = data[(at + 1)..];
            if (c == '"')
            {
                _mode = Mode.SkipString;
                return data;
            }
            if (c is (byte)'{' or (byte)'[')
            {
                _skipDepth++;
            }
            else if (--_skipDepth == 0)
            {
                _mode = Container;
                return data;
            }
        }
    }

    private ReadOnlySpan<byte> SkipString(ReadOnlySpan<byte> data, Mode next)
    {
        var end = StringEnd(data);
        if (end < 0)
        {
            return default;
        }
        _mode = next;
        return data[(end + 1)..];
    }

    /// <summary>Where the closing quote is, or -1 with the escape state kept for the next piece.</summary>
    private int StringEnd(ReadOnlySpan<byte> data)
    {
        var from = 0;
        if (_escaped)
        {
            _escaped = false;
            from = 1;
        }
        while (from < data.Length)
        {
            var at = data[from..].IndexOfAny((byte)'"', (byte)'\\');
            if (at < 0)
            {
                return -1;
            }
            at += from;
            if (data[at] == '"')
            {
                return at;
            }
            from = at + 2;
        }
        _escaped = from > data.Length;
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
