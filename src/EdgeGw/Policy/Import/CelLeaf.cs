namespace EdgeGw.Policy.Import;

/// <summary>The smallest question of a condition: whether a field has one of some patterns, or whether it is there at all.</summary>
/// <param name="Problem">No match can ask it; null: the rest says what it asks.</param>
internal sealed record CelLeaf(CelField Field, string[] Globs, bool AsksPresence = false, string? Problem = null)
{
    /// <summary>Of a comparison, a call, or whatever else stands where a truth value belongs; <c>!=</c> is read as <c>==</c>.</summary>
    /// <param name="variable">The name that stands for the list's value, inside of <c>exists</c>.</param>
    public static CelLeaf Of(CelNode node, string? variable = null) => node switch
    {
        CelBinary { Operator: "==" or "!=" } equal => Equal(equal, variable),
        CelBinary { Operator: "in" } within => Within(within, variable),
        CelCall { Of: { } subject, Name: "startsWith" or "endsWith" or "contains" or "matches", Arguments: [CelText argument] } call =>
            One(subject, variable) is { } field ? Pattern(call, field, argument.Value) : Not(call, "asks for text where no single text is"),
        CelCall { Of: null, Name: "has", Arguments: [var asked] } call => Presence(call, asked, variable),
        CelCall { Of: { } list, Name: "exists", Arguments: [CelName element, var body] } call when variable is null => Exists(call, list, element.Name, body),
        CelCall call => Not(call, $"{call.Name}(…) is not among what a match can ask"),
        CelBinary other => Not(other, $"\"{other.Operator}\" is not among what a match can ask"),
        _ => Not(node, "what stands here is no comparison"),
    };

    private static CelLeaf Equal(CelBinary equal, string? variable) => (equal.Left, equal.Right) switch
    {
        (var subject, CelText text) when One(subject, variable) is { } field => Exact(equal, field, [text.Value]),
        (CelText text, var subject) when One(subject, variable) is { } field => Exact(equal, field, [text.Value]),
        var (left, right) => Not(equal, Unknown(left) ?? Unknown(right) ?? "only a field and a text can be compared"),
    };

    private static CelLeaf Within(CelBinary within, string? variable) => (within.Left, within.Right) switch
    {
        (var subject, CelList list) when One(subject, variable) is { } field => list.Items.All(static item => item is CelText)
            ? Exact(within, field, [.. list.Items.Select(static item => ((CelText)item).Value)])
            : Not(within, "the list holds something other than texts"),
        (CelText text, var subject) when variable is null && CelField.Of(subject) is { IsMany: true } field => Exact(within, field, [text.Value]),
        (CelText { Value.Length: > 0 } text, CelName { Name: "metadata" }) => new CelLeaf(new CelField(CelFieldKind.Label, text.Value), [], AsksPresence: true),
        (CelText { Value.Length: > 0 } text, CelMember { Name: "custom", Of: CelName { Name: "cf" } }) => new CelLeaf(new CelField(CelFieldKind.Claim, text.Value), [], AsksPresence: true),
        var (left, right) => Not(within, Unknown(left) ?? Unknown(right) ?? "only a text in a list of the caller's, or a field in a list of texts, can be asked for"),
    };

    private static CelLeaf Presence(CelCall call, CelNode asked, string? variable) =>
        variable is null && asked is CelMember or CelIndex && CelField.Of(asked) is { } field
            ? new CelLeaf(field, [], AsksPresence: true) : Not(call, Unknown(asked) ?? "has(…) takes a field");

    private static CelLeaf Exists(CelCall call, CelNode list, string variable, CelNode body)
    {
        if (CelField.Of(list) is not { IsMany: true } field)
        {
            return Not(call, Unknown(list) ?? "exists(…) takes a list of the caller's");
        }
        var globs = new List<string>();
        var problem = Collect(body, variable, globs);
        return problem is null ? new CelLeaf(field, Import.Globs.Set(globs)) : new CelLeaf(field, [], Problem: problem);
    }

    /// <summary>The patterns of which the list's value must have one; the problem where the body asks for anything else.</summary>
    private static string? Collect(CelNode body, string variable, List<string> globs)
    {
        if (body is CelBinary { Operator: "||" } either)
        {
            return Collect(either.Left, variable, globs) ?? Collect(either.Right, variable, globs);
        }
        if (body is CelNot or CelBinary { Operator: "&&" or "!=" })
        {
            return $"at character {body.At + 1}: exists(…) can only ask whether a value is one of some";
        }
        var leaf = Of(body, variable);
        globs.AddRange(leaf.Globs);
        return leaf.Problem;
    }

    private static CelLeaf Exact(CelNode at, CelField field, string[] texts)
    {
        if (texts.Any(static text => text.Contains('*')))
        {
            return Not(at, "the text holds a \"*\", which stands for anything here");
        }
        return field.Kind != CelFieldKind.Label && texts.Any(string.IsNullOrWhiteSpace)
            ? Not(at, "no caller has an empty value of this")
            : new CelLeaf(field, Import.Globs.Set(texts));
    }

    private static CelLeaf Pattern(CelCall call, CelField field, string text)
    {
        if (call.Name == "matches")
        {
            // A label may hold a line break, which "." does not match and "*" does.
            var glob = field.Kind == CelFieldKind.Label && text.Contains(".*", StringComparison.Ordinal) ? null : RegexGlob.Of(text);
            return string.IsNullOrWhiteSpace(glob) ? Not(call, "this regular expression says what no pattern with \"*\" does") : new CelLeaf(field, [glob]);
        }
        if (text.Contains('*'))
        {
            return Not(call, "the text holds a \"*\", which stands for anything here");
        }
        var pattern = call.Name switch { "startsWith" => text + "*", "endsWith" => "*" + text, _ => $"*{text}*" };
        return new CelLeaf(field, [text.Length == 0 ? Import.Globs.Any : pattern]);
    }

    /// <summary>A field with one text, or the list's value.</summary>
    private static CelField? One(CelNode node, string? variable)
    {
        if (variable is not null)
        {
            return node is CelName name && name.Name == variable ? CelField.Element : null;
        }
        return CelField.Of(node) is { Kind: not CelFieldKind.Groups } field ? field : null;
    }

    private static string? Unknown(CelNode node) => node is CelMember or CelIndex or CelName && CelField.Of(node) is null
        ? node is CelMember { Name: "country", Of: CelName { Name: "cf" } } ? "the caller's country is not known here" : "this field is not known here"
        : null;

    private static CelLeaf Not(CelNode at, string why) => new(CelField.Element, [], Problem: $"at character {at.At + 1}: {why}");
}
