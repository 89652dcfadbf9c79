using System.Buffers;
using System.Text.Json;

namespace EdgeGw.Metering;

/// <summary>
/// Takes out of a streamed Chat Completions answer what is there only because the gateway asked for <c>stream_options.include_usage</c>: the extra
/// chunk with empty <c>choices</c> and a usage object, and the top-level <c>"usage":null</c> of every other one. Everything else passes byte for byte.
/// </summary>
/// <remarks>
/// Clients that did not ask index <c>choices[0]</c> and crash on the extra chunk. An event is held until its blank line is there, since only then
/// it is known whether it may pass; one that lies in a single piece is neither held nor copied aside. Beyond <see cref="MaxEvent"/> bytes an event passes
/// unread. For uncompressed bodies: ask the provider for identity. Not thread-safe; reusable after <see cref="Complete"/>.
/// </remarks>
public sealed class UsageHider : IDisposable
{
    public const int MaxEvent = 4 << 20;

    private byte[] _held = [];
    private int _heldLength;
    private bool _lineEmpty = true;
    private bool _afterCarriageReturn;
    private bool _swallowedLast;
    private bool _passing;

    /// <summary>Whether a provider must be asked for usage in a stream; false where it comes anyway or the dialect has no such option.</summary>
    public static bool NeedsIncludeUsage(string providerKind, Dialect dialect) =>
        dialect is Dialect.ChatCompletions or Dialect.Completions && !ProviderQuirks.Of(providerKind).UsageUnasked;

    /// <summary>Begins a new stream.</summary>
    public void Start()
    {
        _heldLength = 0;
        _lineEmpty = true;
        _afterCarriageReturn = false;
        _swallowedLast = false;
        _passing = false;
    }

    /// <summary>Takes a piece of the stream, cut anywhere, and writes what may pass of it and of what was held before.</summary>
    public void Write(ReadOnlySpan<byte> input, IBufferWriter<byte> output)
    {
        if (_afterCarriageReturn && _lineEmpty && _heldLength == 0 && !_passing && !input.IsEmpty)
        {
            // The second half of a CRLF whose event has already been decided on.
            _afterCarriageReturn = false;
            if (input[0] == '\n')
            {
                output.Write(_swallowedLast ? [] : "\n"u8);
                input = input[1..];
            }
        }
        while (!input.IsEmpty)
        {
            var end = FindEventEnd(input);
            var piece = end < 0 ? input : input[..end];
            input = input[piece.Length..];
            if (_passing)
            {
                output.Write(piece);
                _passing = end < 0;
            }
            else if (end >= 0 && _heldLength == 0)
            {
                Decide(piece, output);
            }
            else if (_heldLength + piece.Length > MaxEvent)
            {
                output.Write(_held.AsSpan(0, _heldLength));
                output.Write(piece);
                _heldLength = 0;
                _swallowedLast = false;
                _passing = end < 0;
            }
            else
            {
                Hold(piece);
                if (end >= 0)
                {
                    Decide(_held.AsSpan(0, _heldLength), output);
                    _heldLength = 0;
                }
            }
        }
    }

    /// <summary>The stream has ended: decides on an event without its blank line, and gives the buffer back.</summary>
    public void Complete(IBufferWriter<byte> output)
    {
        if (_heldLength > 0)
        {
            Decide(_held.AsSpan(0, _heldLength), output);
        }
        Dispose();
        Start();
    }

    public void Dispose()
    {
        if (_held.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_held);
            _held = [];
        }
        _heldLength = 0;
    }

    /// <summary>Where the event ends, behind its blank line, or -1.</summary>
    private int FindEventEnd(ReadOnlySpan<byte> data)
    {
        var i = 0;
        while (i < data.Length)
        {
            if (_afterCarriageReturn)
            {
                _afterCarriageReturn = false;
                if (data[i] == '\n')
                {
                    i++;
                    continue;
                }
            }
            if (data[i] is not ((byte)'\r' or (byte)'\n'))
            {
                _lineEmpty = false;
                var length = data[i..].IndexOfAny((byte)'\r', (byte)'\n');
                if (length < 0)
                {
                    return -1;
                }
                i += length;
            }
            var blank = _lineEmpty;
            _lineEmpty = true;
            _afterCarriageReturn = data[i++] == '\r';
            if (blank)
            {
                if (_afterCarriageReturn && i < data.Length)
                {
                    _afterCarriageReturn = false;
                    i += data[i] == '\n' ? 1 : 0;
                }
                return i;
            }
        }
        return -1;
    }

    private void Hold(ReadOnlySpan<byte> piece)
    {
        if (_heldLength + piece.Length > _held.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(1024, (_heldLength + piece.Length) * 2));
            _held.AsSpan(0, _heldLength).CopyTo(larger);
            if (_held.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_held);
            }
            _held = larger;
        }
        piece.CopyTo(_held.AsSpan(_heldLength));
        _heldLength += piece.Length;
    }

    private void Decide(ReadOnlySpan<byte> @event, IBufferWriter<byte> output)
    {
        _swallowedLast = false;
        if (@event.IndexOf("\"usage\""u8) >= 0 && TryFindData(@event, out var data))
        {
            var chunk = ChunkUsage.Read(@event[data]);
            if (chunk.IsUsageOnly)
            {
                _swallowedLast = true;
                return;
            }
            if (chunk.NullMember is { } member)
            {
                var start = data.Start.Value;
                output.Write(@event[..(start + member.Start.Value)]);
                output.Write(@event[(start + member.End.Value)..]);
                return;
            }
        }
        output.Write(@event);
    }

    /// <summary>The JSON of the event's only data line.</summary>
    private static bool TryFindData(ReadOnlySpan<byte> @event, out Range data)
    {
        data = default;
        var found = false;
        for (var at = 0; at < @event.Length;)
        {
            var length = @event[at..].IndexOfAny((byte)'\r', (byte)'\n');
            length = length < 0 ? @event.Length - at : length;
            if (@event.Slice(at, length).StartsWith("data:"u8))
            {
                if (found)
                {
                    return false;
                }
                found = true;
                data = (at + 5)..(at + length);
            }
            at += length + 1;
        }
        return found;
    }

    /// <summary>What a chunk says about usage at its top level.</summary>
    private readonly record struct ChunkUsage(bool IsUsageOnly, Range? NullMember)
    {
        public static ChunkUsage Read(ReadOnlySpan<byte> json)
        {
            try
            {
                return Scan(json);
            }
            catch (JsonException)
            {
                // Not for us to judge: it passes as it is.
                return default;
            }
        }

        private static ChunkUsage Scan(ReadOnlySpan<byte> json)
        {
            var reader = new Utf8JsonReader(json);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }
            var hasUsage = false;
            var noChoices = false;
            Range? member = null;
            var start = -1;
            var previousEnd = -1;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var nameAt = (int)reader.TokenStartIndex;
                if (start >= 0)
                {
                    // The first member goes with the comma behind it.
                    member = start..nameAt;
                    start = -1;
                }
                var isUsage = reader.ValueTextEquals("usage"u8);
                var isChoices = reader.ValueTextEquals("choices"u8);
                reader.Read();
                if (isUsage && reader.TokenType == JsonTokenType.Null)
                {
                    var end = (int)reader.BytesConsumed;
                    member = (previousEnd >= 0 ? previousEnd : nameAt)..end;
                    start = previousEnd >= 0 ? -1 : nameAt;
                }
                hasUsage |= isUsage && reader.TokenType == JsonTokenType.StartObject;
                if (isChoices && reader.TokenType == JsonTokenType.StartArray)
                {
                    var open = reader.BytesConsumed;
                    reader.Skip();
                    noChoices = json[(int)open..(int)reader.BytesConsumed].TrimStart(" \t\r\n"u8).Length == 1;
                }
                else
                {
                    reader.Skip();
                }
                previousEnd = (int)reader.BytesConsumed;
            }
            return new ChunkUsage(hasUsage && noChoices, member);
        }
    }
}
