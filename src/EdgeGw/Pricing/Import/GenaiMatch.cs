using System.Text.Json;

namespace EdgeGw.Pricing.Import;

/// <summary>genai-prices' match rules as names and patterns of ours.</summary>
internal static class GenaiMatch
{
    public static void Read(JsonElement rule, ImportedModel model)
    {
        foreach (var clause in rule.EnumerateObject())
        {
            var text = clause.Value.ValueKind == JsonValueKind.String ? clause.Value.GetString()! : "";
            switch (clause.Name)
            {
                case "or" when clause.Value.ValueKind == JsonValueKind.Array:
                    foreach (var each in clause.Value.EnumerateArray())
                    {
                        Read(each, model);
                    }
                    break;
                case "equals" when text.Length > 0:
                    model.Aliases.Add(text);
                    break;
                case "starts_with" when IsPlain(text):
                    AddPattern(model, text, $"{text}*");
                    break;
                case "ends_with" when IsPlain(text):
                    AddPattern(model, text, $"*{text}");
                    break;
                case "contains" when IsPlain(text):
                    AddPattern(model, text, $"*{text}*");
                    break;
                default:
                    model.Lose("match rules that no pattern with * can say", $"{clause.Name} {clause.Value.GetRawText()}");
                    break;
            }
        }
    }

    private static bool IsPlain(string text) => text.Length > 0 && !text.Contains('*');

    private static void AddPattern(ImportedModel model, string text, string pattern)
    {
        // The bare text matches its own rule too, and as a name it wins over patterns, so that dated snapshots of it find their way here.
        if (char.IsAsciiLetterOrDigit(text[^1]))
        {
            model.Aliases.Add(text);
        }
        model.Patterns.Add(pattern);
    }
}
