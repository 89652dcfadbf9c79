using System.Runtime.CompilerServices;

namespace EdgeGw.Metering.Framing;

/// <summary>Incremental parser of <c>text/event-stream</c> (WHATWG HTML, 9.2.6), fed in pieces cut at any byte.</summary>
/// <remarks>
/// Nothing is gathered: data goes to the handler as slices of the pieces, so an event of any size costs no memory, and an event that lies in one
/// piece arrives in one slice. Lines end in LF, CR or CRLF; a byte order mark is stepped over; comments and unknown fields are ignored. One
/// deliberate difference from the standard: an event that the end of the stream leaves without its blank line is dispatched, because providers
/// close that way and the usage is in it.
/// </remarks>
internal struct SseParser<THandler>
    where THandler : struct, ISseHandler
{
    /// <summary>How many bytes of an event's name are kept.</summary>
    public const int MaxName = 64;

    private const int MaxField = 8;

    private Field _field;
    private FieldName _fieldName;
    private int _fieldLength;
    private EventName _name;
    private int _nameLength;
    private int _dataLines;
    private int _markBytes;
    private bool _skipSpace;
    private bool _afterCarriageReturn;
    private int _errorLines;

    private enum Field : byte
    {
        Unread,
        Data,
        Event,
        Error,
        Ignored,
    }

    /// <summary>What comes next is the first line of an event.</summary>
    public readonly bool IsBetweenEvents =>
        _field == Field.Unread && _fieldLength == 0 && _dataLines == 0 && _errorLines == 0 && _nameLength == 0 && !_afterCarriageReturn && _markBytes == 3;

    public void Reset()
    {
        _field = Field.Unread;
        _fieldLength = 0;
        _nameLength = 0;
        _dataLines = 0;
        _markBytes = 0;
        _skipSpace = false;
        _afterCarriageReturn = false;
        _errorLines = 0;
    }

    public void Write(ReadOnlySpan<byte> data, ref THandler handler)
    {
        if (_markBytes < 3)
        {
            data = SkipByteOrderMark(data);
        }
        while (!data.IsEmpty)
        {
            if (_afterCarriageReturn)
            {
                _afterCarriageReturn = false;
                if (data[0] == '\n')
                {
                    data = data[1..];
                    continue;
                }
            }
            if (_field == Field.Unread)
            {
                var end = data.IndexOfAny((byte)':', (byte)'\r', (byte)'\n');
                AppendFieldName(end < 0 ? data : data[..end]);
                if (end < 0)
                {
                    return;
                }
                if (data[end] == ':')
                {
                    BeginValue(ref handler);
                }
                else
                {
                    EndNameOnlyLine(ref handler);
                    _afterCarriageReturn = data[end] == '\r';
                }
                data = data[(end + 1)..];
                continue;
            }
            if (_skipSpace)
            {
                _skipSpace = false;
                if (data[0] == ' ')
                {
                    data = data[1..];
                    continue;
                }
            }
            var lineEnd = data.IndexOfAny((byte)'\r', (byte)'\n');
            AppendValue(lineEnd < 0 ? data : data[..lineEnd], ref handler);
            if (lineEnd < 0)
            {
                return;
            }
            EndLine();
            _afterCarriageReturn = data[lineEnd] == '\r';
            data = data[(lineEnd + 1)..];
        }
    }

    /// <summary>The stream ends: what stands without a blank line is dispatched.</summary>
    public void Complete(ref THandler handler)
    {
        if (_field == Field.Unread && _fieldLength > 0)
        {
            EndNameOnlyLine(ref handler);
        }
        Dispatch(ref handler);
    }

    private ReadOnlySpan<byte> SkipByteOrderMark(ReadOnlySpan<byte> data)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        while (_markBytes < 3 && !data.IsEmpty)
        {
            if (data[0] != mark[_markBytes])
            {
                // What looked like the start of a mark is the start of some field's name.
                AppendFieldName(mark[.._markBytes]);
                _markBytes = 3;
                break;
            }
            data = data[1..];
            _markBytes++;
        }
        return data;
    }

    private void AppendFieldName(ReadOnlySpan<byte> piece)
    {
        Span<byte> name = _fieldName;
        if (_fieldLength + piece.Length > MaxField)
        {
            _fieldLength = MaxField;
            return;
        }
        piece.CopyTo(name[_fieldLength..]);
        _fieldLength += piece.Length;
    }

    private readonly Field Classify() => _fieldLength switch
    {
        4 when ((ReadOnlySpan<byte>)_fieldName)[..4].SequenceEqual("data"u8) => Field.Data,
        5 when ((ReadOnlySpan<byte>)_fieldName)[..5].SequenceEqual("event"u8) => Field.Event,
        5 when ((ReadOnlySpan<byte>)_fieldName)[..5].SequenceEqual("error"u8) => Field.Error,
        _ => Field.Ignored,
    };

    private void BeginValue(ref THandler handler)
    {
        _field = Classify();
        _skipSpace = true;
        switch (_field)
        {
            case Field.Data when _dataLines++ > 0:
                handler.OnData("\n"u8);
                break;
            case Field.Event:
                _nameLength = 0;
                break;
            case Field.Error when _errorLines++ > 0:
                handler.OnErrorField("\n"u8);
                break;
        }
    }

    private void AppendValue(ReadOnlySpan<byte> piece, ref THandler handler)
    {
        switch (_field)
        {
            case Field.Data:
                handler.OnData(piece);
                break;
            case Field.Error:
                handler.OnErrorField(piece);
                break;
            case Field.Event:
                var take = Math.Min(piece.Length, MaxName - _nameLength);
                piece[..take].CopyTo(((Span<byte>)_name)[_nameLength..]);
                _nameLength += take;
                break;
        }
    }

    private void EndNameOnlyLine(ref THandler handler)
    {
        if (_fieldLength == 0)
        {
            Dispatch(ref handler);
            return;
        }
        BeginValue(ref handler);
        EndLine();
    }

    private void EndLine()
    {
        _field = Field.Unread;
        _fieldLength = 0;
        _skipSpace = false;
    }

    private void Dispatch(ref THandler handler)
    {
        if (_dataLines > 0 || _errorLines > 0)
        {
            handler.OnEvent(((ReadOnlySpan<byte>)_name)[.._nameLength]);
        }
        _dataLines = 0;
        _nameLength = 0;
        _errorLines = 0;
    }

    [InlineArray(MaxField)]
    private struct FieldName
    {
        private byte _first;
    }

    [InlineArray(MaxName)]
    private struct EventName
    {
        private byte _first;
    }
}
