using System.Text;
using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Pricing;

namespace EdgeGw.Identity.Tokens;

/// <summary>The claims of a verified token, as the configuration asks for them.</summary>
internal sealed class ClaimSet(JsonElement claims)
{
    /// <summary>Longest value, in UTF-16 characters: as much as a usage record keeps, so that no two callers become one by being cut.</summary>
    public const int LongestValue = 256;

    /// <summary>An address that nobody has checked is nobody's (OpenID Connect Core section 5.1).</summary>
    private readonly bool _emailUnverified = claims.TryGetProperty("email_verified"u8, out var verified)
        && (verified.ValueKind == JsonValueKind.False || (verified.ValueKind == JsonValueKind.String && verified.GetString() == "false"));

    /// <summary>A value was too long, or held a control character. Such a token cannot be used.</summary>
    public bool IsUnfit { get; private set; }

    public bool Has(string name) => claims.TryGetProperty(name, out _);

    public List<string> Values(string path)
    {
        var values = new List<string>();
        if (!(_emailUnverified && path == "email"))
        {
            ClaimPath.AddTo(values, claims, path);
        }
        return values;
    }

    public bool Fits(string path, IReadOnlyList<string> patterns) => Values(path).Exists(value => patterns.Any(pattern => Wildcard.IsMatch(pattern, value)));

    public bool Fits(JwtCondition condition) => Fits(condition.Path, [condition.Pattern]);

    /// <summary>The first of the texts whose every hole has a value; null: none.</summary>
    public string? First(IReadOnlyList<string> templates)
    {
        foreach (var template in templates)
        {
            if (Fill(template) is { Length: > 0 } text)
            {
                return text;
            }
        }
        return null;
    }

    /// <summary>Every value of every text: of one that is no more than a hole, all that stand there.</summary>
    public List<string> All(IReadOnlyList<string> templates)
    {
        var all = new List<string>();
        foreach (var template in templates)
        {
            if (template is ['{', .. var path, '}'] && !path.Contains('{', StringComparison.Ordinal))
            {
                all.AddRange(Values(path).Where(static value => value.Length > 0));
            }
            else if (Fill(template) is { Length: > 0 } text)
            {
                all.Add(text);
            }
        }
        all.ForEach(value => Check(value));
        return all;
    }

    private string? Fill(string template)
    {
        var text = new StringBuilder();
        var rest = template.AsSpan();
        while (rest.IndexOf('{') is >= 0 and var start)
        {
            var end = rest.IndexOf('}');
            // Of several values the first would be as arbitrary as any.
            if (Values(rest[(start + 1)..end].ToString()) is not [{ Length: > 0 } value])
            {
                return null;
            }
            text.Append(rest[..start]).Append(value);
            rest = rest[(end + 1)..];
        }
        return Check(text.Append(rest).ToString());
    }

    private string Check(string value)
    {
        IsUnfit |= value.Length > LongestValue || value.Any(char.IsControl);
        return value;
    }
}
