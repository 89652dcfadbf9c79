using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;

namespace EdgeGw.Metering.Framing;

/// <summary>Decodes the base64 text of the member <c>bytes</c> of a JSON object that comes in pieces: Bedrock wraps a model's own events in it.</summary>
internal struct Base64Member
{
    private const int BlockLength = 4;
    private const int DecodedLength = 768;

    private static readonly SearchValues<byte> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8);
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[],:"u8);

    private int _depth;
    private bool _inString;
    private bool _escaped;
    private bool _beforeName;
    private bool _isName;
    private bool _isWanted;
    private int _matched;
    private Block _block;
    private int _blockLength;
    private bool _padded;

    /// <summary>The text was no base64: what came out so far is not whole.</summary>
    public bool Failed { get; private set; }

    public void Reset() => this = default;

    public void Write<TState>(ReadOnlySpan<byte> data, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        while (!data.IsEmpty)
        {
            data = _inString ? String(data, state, output) : Outside(data);
        }
    }

    private ReadOnlySpan<byte> Outside(ReadOnlySpan<byte> data)
    {
        var at = data.IndexOfAny(Structure);
        if (at < 0)
        {
            return default;
        }
        switch (data[at])
        {
            case (byte)'"':
                _inString = true;
                _isName = _depth == 1 && _beforeName;
                _matched = _isName ? 0 : _matched;
                break;
            case (byte)'{' or (byte)'[':
                _beforeName = ++_depth == 1;
                _isWanted = false;
                break;
            case (byte)'}' or (byte)']':
                _depth--;
                break;
            case (byte)',':
                _beforeName = _depth == 1;
                _isWanted = false;
                break;
            default:
                _beforeName = false;
                break;
        }
        return data[(at + 1)..];
    }

    private ReadOnlySpan<byte> String<TState>(ReadOnlySpan<byte> data, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        if (_escaped)
        {
            // "\/" is the only escape that base64 can need: the character itself follows.
            _escaped = false;
            OnText(data[..1], state, output);
            return data[1..];
        }
        var at = data.IndexOfAny((byte)'"', (byte)'\\');
        OnText(at < 0 ? data : data[..at], state, output);
        if (at < 0)
        {
            return default;
        }
        if (data[at] == '\\')
        {
            _escaped = true;
        }
        else
        {
            _inString = false;
            if (_isName)
            {
                _isWanted = _matched == 5;
            }
            else if (_isWanted)
            {
                Failed |= _blockLength != 0;
                _isWanted = false;
            }
        }
        return data[(at + 1)..];
    }

    private void OnText<TState>(ReadOnlySpan<byte> text, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        if (_isName)
        {
            foreach (var b in text)
            {
                _matched = _matched is >= 0 and < 5 && b == "bytes"u8[_matched] ? _matched + 1 : -1;
            }
        }
        else if (_isWanted && _depth == 1 && !Failed)
        {
            Decode(text, state, output);
        }
    }

    private void Decode<TState>(ReadOnlySpan<byte> text, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        var foreign = text.IndexOfAnyExcept(Alphabet);
        text = foreign < 0 ? text : text[..foreign];
        Span<byte> decoded = stackalloc byte[DecodedLength];
        while (!text.IsEmpty && !Failed)
        {
            // Padding ends the text: a block that may have it is decoded by itself.
            var blocks = text.IndexOf((byte)'=') is >= 0 and var padding ? text[..padding] : text;
            var take = _blockLength == 0 ? Math.Min(blocks.Length & ~(BlockLength - 1), DecodedLength / 3 * 4) : 0;
            if (take > 0)
            {
                Emit(text[..take], decoded, state, output);
            }
            else
            {
                take = Math.Min(text.Length, BlockLength - _blockLength);
                text[..take].CopyTo(((Span<byte>)_block)[_blockLength..]);
                _blockLength += take;
                if (_blockLength == BlockLength)
                {
                    _blockLength = 0;
                    Emit(_block, decoded, state, output);
                }
            }
            text = text[take..];
        }
        Failed |= foreign >= 0;
    }

    private void Emit<TState>(ReadOnlySpan<byte> blocks, Span<byte> decoded, TState state, ReadOnlySpanAction<byte, TState> output)
    {
        Failed |= _padded || Base64.DecodeFromUtf8(blocks, decoded, out _, out _) != OperationStatus.Done;
        if (!Failed)
        {
            _padded = blocks[^1] == '=';
            output(decoded[..((blocks.Length / BlockLength * 3) - (_padded ? blocks[^2] == '=' ? 2 : 1 : 0))], state);
        }
    }

    [InlineArray(BlockLength)]
    private struct Block
    {
        private byte _first;
    }
}
