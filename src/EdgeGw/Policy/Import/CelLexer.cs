using System.Globalization;
using System.Text;

namespace EdgeGw.Policy.Import;

internal enum CelTokenKind : byte
{
    End,
    Name,
    Text,
    Number,
    Symbol,
    /// <summary>What begins here is no token of the subset; the value says why.</summary>
    Fault,
}

/// <param name="Value">A name, the text that a string literal stands for, or a symbol.</param>
internal readonly record struct CelToken(CelTokenKind Kind, int At, string Value);

/// <summary>Splits CEL into tokens. Never throws: what it does not know is a token of its own.</summary>
internal sealed class CelLexer(string source)
{
    private static readonly string[] Symbols = ["&&", "||", "==", "!=", "<=", ">=", "!", "<", ">", "(", ")", "[", "]", ".", ","];

    private int _at;

    public CelToken Next()
    {
        while (_at < source.Length && source[_at] is ' ' or '\t' or '\r' or '\n' or '\f')
        {
            _at++;
        }
        if (_at == source.Length)
        {
            return new CelToken(CelTokenKind.End, _at, "");
        }
        var start = _at;
        var c = source[start];
        if (c is '"' or '\'' || (c is 'r' or 'R' && start + 1 < source.Length && source[start + 1] is '"' or '\''))
        {
            return Text(start, isRaw: c is 'r' or 'R');
        }
        if (char.IsAsciiLetter(c) || c == '_')
        {
            return new CelToken(CelTokenKind.Name, start, Run(static c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        }
        if (char.IsAsciiDigit(c))
        {
            return new CelToken(CelTokenKind.Number, start, Run(static c => char.IsAsciiLetterOrDigit(c) || c == '.'));
        }
        foreach (var symbol in Symbols)
        {
            if (string.CompareOrdinal(source, start, symbol, 0, symbol.Length) == 0)
            {
                _at += symbol.Length;
                return new CelToken(CelTokenKind.Symbol, start, symbol);
            }
        }
        return Fault(start, "this operator or character is not understood");
    }

    private string Run(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at < source.Length && belongs(source[_at]))
        {
            _at++;
        }
        return source[start.._at];
    }

    private CelToken Text(int start, bool isRaw)
    {
        _at += isRaw ? 1 : 0;
        var quote = source[_at++];
        var text = new StringBuilder();
        while (_at < source.Length && source[_at] is not ('\n' or '\r'))
        {
            var c = source[_at++];
            if (c == quote)
            {
                return new CelToken(CelTokenKind.Text, start, text.ToString());
            }
            if (c != '\\' || isRaw)
            {
                text.Append(c);
            }
            else if (!Escape(text))
            {
                return Fault(start, "this string has an escape that is not understood");
            }
        }
        return Fault(start, "this string does not end");
    }

    private bool Escape(StringBuilder text)
    {
        if (_at == source.Length)
        {
            return false;
        }
        var c = source[_at++];
        if (c is 'x' or 'u')
        {
            var digits = c == 'x' ? 2 : 4;
            if (_at + digits > source.Length || !ushort.TryParse(source.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
                || char.IsSurrogate((char)code))
            {
                return false;
            }
            _at += digits;
            text.Append((char)code);
            return true;
        }
        var plain = c switch { 'n' => '\n', 't' => '\t', 'r' => '\r', '\\' or '"' or '\'' or '`' or '?' => c, _ => '\0' };
        text.Append(plain);
        return plain != '\0';
    }

    private CelToken Fault(int at, string why)
    {
        _at = source.Length;
        return new CelToken(CelTokenKind.Fault, at, why);
    }
}
