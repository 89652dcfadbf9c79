using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace EdgeGw.Heads;

/// <summary>The header fields of one answer: ours, and the provider's behind them. On HTTP/1.1 they are lines from the start, on HTTP/2 fields of the server's.</summary>
/// <remarks>Reused by the answers of a connection. Nothing may be added once the server has begun to send.</remarks>
internal sealed class AnswerHead
{
    /// <summary>RFC 9110, section 5.6.2.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private readonly List<HeaderName> _ours = [];
    private HeadLines? _lines;
    private IHeaderDictionary _fields = null!;

    /// <summary>The lengths of our names, as bits: most of a provider's names have another.</summary>
    private ulong _lengths;

    /// <summary>Starts an answer.</summary>
    /// <param name="fields">The server's.</param>
    /// <param name="lines">Null: the connection has none, so that all are the server's fields.</param>
    public void Begin(IHeaderDictionary fields, HeadLines? lines)
    {
        _fields = fields;
        _lines = lines;
        Clear();
    }

    /// <summary>Takes back what was set here. The server's own fields stay.</summary>
    public void Clear()
    {
        _ours.Clear();
        _lengths = 0;
        _lines?.Clear();
    }

    /// <summary>Sets one of ours.</summary>
    /// <exception cref="InvalidOperationException">The value cannot stand in a head.</exception>
    public void Set(HeaderName name, string value)
    {
        Withhold(name);
        if (_lines is null)
        {
            _fields[name.Text] = value;
        }
        else if (IsSendable(value))
        {
            _lines.Add(name, value);
        }
        else
        {
            throw new InvalidOperationException($"The value of {name} has characters that a header cannot have.");
        }
    }

    /// <summary>Sets one of ours to a value that is written without becoming a string.</summary>
    public void Set<T>(HeaderName name, T value)
        where T : struct, IUtf8SpanFormattable
    {
        Withhold(name);
        if (_lines is null)
        {
            Span<byte> text = stackalloc byte[64];
            _fields[name.Text] = value.TryFormat(text, out var length, default, null) ? Encoding.ASCII.GetString(text[..length]) : value.ToString();
        }
        else
        {
            _lines.Add(name, value);
        }
    }

    /// <summary>The provider's field of this name must not pass.</summary>
    public void Withhold(HeaderName name)
    {
        _ours.Add(name);
        _lengths |= 1UL << (name.Text.Length & 63);
    }

    /// <summary>Passes a field of the provider's on, unless it is one of ours or cannot be sent. Ours must be set before.</summary>
    public void PassOn(string name, string value)
    {
        if (IsOurs(name) || !IsSendable(value) || name.AsSpan().ContainsAnyExcept(TokenCharacters))
        {
            return;
        }
        if (_lines is not null && !IsServers(name))
        {
            _lines.Add(name, value);
        }
        else
        {
            _fields[name] = _fields.TryGetValue(name, out var before) && !IsSingle(name) ? StringValues.Concat(before, value) : value;
        }
    }

    private bool IsOurs(string name)
    {
        if ((_lengths >> (name.Length & 63) & 1) != 0)
        {
            foreach (var ours in _ours)
            {
                if (ours.Text.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }
        return false;
    }

    /// <summary>The server refuses to send anything else, and would break off the whole answer; in a line it could end it.</summary>
    private static bool IsSendable(string value) => !value.AsSpan().ContainsAnyExceptInRange(' ', '~') || IsSendableWithTabs(value);

    private static bool IsSendableWithTabs(string value)
    {
        foreach (var c in value)
        {
            if (c is not ('\t' or (>= ' ' and <= '~')))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Fields that the server writes itself, or reads to know how.</summary>
    private static bool IsServers(string name) => name.Length switch
    {
        4 => name.Equals("Date", StringComparison.OrdinalIgnoreCase),
        6 => name.Equals("Server", StringComparison.OrdinalIgnoreCase),
        10 => name.Equals("Connection", StringComparison.OrdinalIgnoreCase),
        12 => name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase),
        14 => name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase),
        17 => name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase),
        _ => false,
    };

    private static bool IsSingle(string name) =>
        name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase);
}
