namespace EdgeGw.Policy.Import;

/// <summary>Recursive descent over the subset of CEL that conditions use: no arithmetic, no <c>?:</c>, no maps.</summary>
/// <remarks>Bounded in length, depth and size, and never throws: a condition is whatever somebody wrote.</remarks>
internal sealed class CelParser
{
    public const int LongestSource = 16_384;
    private const int DeepestNesting = 64;
    private const int MostNodes = 2_000;

    private readonly CelLexer _lexer;
    private CelToken _token;
    private int _depth;
    private int _nodes;
    private string? _fault;

    private CelParser(string source)
    {
        _lexer = new CelLexer(source);
        _token = _lexer.Next();
    }

    /// <summary>The expression, or null and what is wrong with it.</summary>
    public static CelNode? Parse(string source, out string? fault)
    {
        if (source.Length > LongestSource)
        {
            fault = $"the condition is longer than {LongestSource} characters";
            return null;
        }
        var parser = new CelParser(source);
        var node = parser.Or();
        if (node is not null && parser._token.Kind != CelTokenKind.End)
        {
            node = parser.Fail(null);
        }
        fault = parser._fault;
        return node;
    }

    private CelNode? Or() => Chain(And, "||");

    private CelNode? And() => Chain(Relation, "&&");

    private CelNode? Relation() => Chain(Unary, "==", "!=", "in", "<", "<=", ">", ">=");

    private CelNode? Chain(Func<CelNode?> operand, params ReadOnlySpan<string> operators)
    {
        var left = operand();
        while (left is not null && _token.Kind is CelTokenKind.Symbol or CelTokenKind.Name && operators.Contains(_token.Value))
        {
            var token = Take();
            left = operand() is { } right ? Made(new CelBinary(token.At, token.Value, left, right)) : null;
        }
        return left;
    }

    private CelNode? Unary()
    {
        if (_depth == DeepestNesting)
        {
            return Fail("it is nested too deeply");
        }
        _depth++;
        var node = Is("!") && Take() is var not ? Unary() is { } of ? Made(new CelNot(not.At, of)) : null : Postfix();
        _depth--;
        return node;
    }

    private CelNode? Postfix()
    {
        var node = Primary();
        while (node is not null)
        {
            if (Is("."))
            {
                Take();
                if (_token.Kind != CelTokenKind.Name)
                {
                    return Fail("a name is missing after the dot");
                }
                var name = Take();
                node = Is("(") ? Call(name, node) : Made(new CelMember(name.At, node, name.Value));
            }
            else if (Is("["))
            {
                var bracket = Take();
                node = Or() is { } key && Expect("]") ? Made(new CelIndex(bracket.At, node, key)) : null;
            }
            else
            {
                break;
            }
        }
        return node;
    }

    private CelNode? Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case CelTokenKind.Text:
                Take();
                return Made(new CelText(token.At, token.Value));
            case CelTokenKind.Number:
                Take();
                return Made(new CelOther(token.At));
            case CelTokenKind.Name when token.Value != "in":
                Take();
                return token.Value switch
                {
                    "true" or "false" => Made(new CelBool(token.At, token.Value == "true")),
                    "null" => Made(new CelOther(token.At)),
                    _ => Is("(") ? Call(token, null) : Made(new CelName(token.At, token.Value)),
                };
            case CelTokenKind.Symbol when token.Value == "(":
                Take();
                return Or() is { } inner && Expect(")") ? inner : null;
            case CelTokenKind.Symbol when token.Value == "[":
                return Items("]") is { } items ? Made(new CelList(token.At, items)) : null;
            default:
                return Fail(null);
        }
    }

    private CelNode? Call(CelToken name, CelNode? of) => Items(")") is { } arguments ? Made(new CelCall(name.At, of, name.Value, arguments)) : null;

    private List<CelNode>? Items(string end)
    {
        Take();
        var items = new List<CelNode>();
        while (!Is(end))
        {
            if ((items.Count > 0 && !Expect(",")) || Or() is not { } item)
            {
                return null;
            }
            items.Add(item);
        }
        Take();
        return items;
    }

    private bool Is(string symbol) => _token.Kind == CelTokenKind.Symbol && _token.Value == symbol;

    private bool Expect(string symbol)
    {
        if (Is(symbol))
        {
            Take();
            return true;
        }
        Fail($"\"{symbol}\" is missing");
        return false;
    }

    private CelToken Take()
    {
        var token = _token;
        _token = _lexer.Next();
        return token;
    }

    private CelNode? Made(CelNode node) => ++_nodes > MostNodes ? Fail("it is too large") : node;

    /// <param name="why">Null: the token at hand does not belong here.</param>
    private CelNode? Fail(string? why)
    {
        why ??= _token.Kind switch
        {
            CelTokenKind.End => "it ends too early",
            CelTokenKind.Fault => _token.Value,
            _ => $"\"{_token.Value}\" does not belong here",
        };
        _fault ??= $"at character {_token.At + 1}: {why}";
        return null;
    }
}
