using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace EdgeGw.Metering.Framing;

/// <summary>Reads from a frame's headers what kind of message it is, byte by byte; all others are stepped over.</summary>
internal struct EventStreamHeaders
{
    private const int MaxValue = 64;

    /// <summary>Longer than any name of interest.</summary>
    private const int MaxKey = 16;

    private Part _part;
    private Wanted _wanted;
    private int _left;
    private Key _key;
    private int _keyLength;
    private Value _value;
    private int _valueLength;
    private Value _name;
    private int _nameLength;

    private enum Part : byte
    {
        KeyLength,
        Key,
        Type,
        LengthHigh,
        LengthLow,
        Value,
    }

    private enum Wanted : byte
    {
        Nothing,
        MessageType,
        Name,
    }

    public bool IsException { get; private set; }

    /// <summary>The value of <c>:event-type</c>, <c>:exception-type</c> or <c>:error-code</c>.</summary>
    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Name => ((ReadOnlySpan<byte>)_name)[.._nameLength];

    public void Reset()
    {
        _part = Part.KeyLength;
        _nameLength = 0;
        IsException = false;
    }

    public void Write(ReadOnlySpan<byte> data)
    {
        foreach (var b in data)
        {
            Step(b);
        }
    }

    private void Step(byte b)
    {
        switch (_part)
        {
            case Part.KeyLength:
                _left = b;
                _keyLength = 0;
                _part = b == 0 ? Part.Type : Part.Key;
                break;
            case Part.Key:
                if (_keyLength < MaxKey)
                {
                    _key[_keyLength++] = b;
                }
                _part = --_left == 0 ? Part.Type : Part.Key;
                break;
            case Part.Type:
                BeginValue(b);
                break;
            case Part.LengthHigh:
                _left = b << 8;
                _part = Part.LengthLow;
                break;
            case Part.LengthLow:
                _left |= b;
                _part = Part.Value;
                if (_left == 0)
                {
                    EndValue();
                }
                break;
            case Part.Value:
                if (_wanted != Wanted.Nothing && _valueLength < MaxValue)
                {
                    _value[_valueLength++] = b;
                }
                if (--_left == 0)
                {
                    EndValue();
                }
                break;
        }
    }

    private void BeginValue(byte type)
    {
        _valueLength = 0;
        _wanted = Wanted.Nothing;
        switch (type)
        {
            // Bytes, and text: the only one of interest.
            case 6 or 7:
                var key = ((ReadOnlySpan<byte>)_key)[.._keyLength];
                _wanted = type == 6 ? Wanted.Nothing
                    : key.SequenceEqual(":message-type"u8) ? Wanted.MessageType
                    : key.SequenceEqual(":event-type"u8) || key.SequenceEqual(":exception-type"u8) || key.SequenceEqual(":error-code"u8) ? Wanted.Name
                    : Wanted.Nothing;
                _part = Part.LengthHigh;
                break;
            // True and false, which are all there is to them; an unknown type has no length that we knew.
            case 0 or 1 or > 9:
                EndValue();
                break;
            default:
                _left = type switch { 2 => 1, 3 => 2, 4 => 4, 9 => 16, _ => 8 };
                _part = Part.Value;
                break;
        }
    }

    private void EndValue()
    {
        var value = ((ReadOnlySpan<byte>)_value)[.._valueLength];
        switch (_wanted)
        {
            case Wanted.MessageType:
                IsException = value.SequenceEqual("exception"u8) || value.SequenceEqual("error"u8);
                break;
            case Wanted.Name:
                _name = _value;
                _nameLength = _valueLength;
                break;
        }
        _wanted = Wanted.Nothing;
        _part = Part.KeyLength;
    }

    [InlineArray(MaxKey)]
    private struct Key
    {
        private byte _first;
    }

    [InlineArray(MaxValue)]
    private struct Value
    {
        private byte _first;
    }
}
