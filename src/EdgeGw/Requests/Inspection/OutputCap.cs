using System.Globalization;
using System.Text;
using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>The edits that give a body a smaller output cap. A body is read once more for it: few calls need one.</summary>
public static class OutputCap
{
    /// <param name="providerKind">Look-alikes of OpenAI know the cap by its older name only.</param>
    /// <param name="body">It must have passed <see cref="RequestInspector"/>.</param>
    /// <returns>Null: the dialect has no such member, or the cap would break what else the body asks for.</returns>
    public static BodyEdit[]? Edits(Dialect dialect, string providerKind, ReadOnlySpan<byte> body, long cap)
    {
        var places = new OutputCapPlaces();
        var scanner = new RequestScanner(dialect, body, places);
        // Anthropic refuses a cap that thinking would use up.
        if (dialect is Dialect.Opaque || scanner.Scan(modelRequired: false) is not null || places.ThinkingBudget >= cap)
        {
            return null;
        }
        var number = Encoding.ASCII.GetBytes(cap.ToString(CultureInfo.InvariantCulture));
        if (places.Caps.Count == 0)
        {
            return Insertion(dialect, providerKind, places, cap) is { } insertion ? [insertion] : null;
        }
        // Which of several counts is the provider's choice; one that is lower already stays.
        return [.. places.Caps.Where(place => place.Cap is not { } old || old > cap || old <= 0).Select(place => new BodyEdit(place.Range.Offset, place.Range.Length, number))];
    }

    private static BodyEdit? Insertion(Dialect dialect, string providerKind, OutputCapPlaces places, long cap)
    {
        var (parent, name) = dialect switch
        {
            Dialect.ChatCompletions when providerKind is "openai" or "azure-openai" => (null, "max_completion_tokens"),
            Dialect.ChatCompletions or Dialect.Completions or Dialect.Messages or Dialect.CohereChat => (null, "max_tokens"),
            Dialect.Responses => (null, "max_output_tokens"),
            Dialect.Gemini => ("generationConfig", "maxOutputTokens"),
            Dialect.Interactions => ("generation_config", "max_output_tokens"),
            Dialect.Converse => ("inferenceConfig", "maxTokens"),
            Dialect.Ollama => ("options", "num_predict"),
            _ => ((string?)null, (string?)null),
        };
        if (name is null)
        {
            return null;
        }
        var member = string.Create(CultureInfo.InvariantCulture, $"\"{name}\":{cap}");
        return (parent, places.Config) switch
        {
            (null, _) => Edit(places.ObjectStart, 0, member + ","),
            (_, null) => Edit(places.ObjectStart, 0, $"\"{parent}\":{{{member}}},"),
            // Null is like a member that is not there.
            (_, { IsEmpty: false } literal) => Edit(literal.Offset, literal.Length, $"{{{member}}}"),
            (_, { } inside) => Edit(inside.Offset, 0, places.ConfigHasMembers ? member + "," : member),
        };
    }

    private static BodyEdit Edit(int offset, int length, string text) => new(offset, length, Encoding.ASCII.GetBytes(text));
}

/// <summary>Where a body sets, or could set, its output cap.</summary>
internal sealed class OutputCapPlaces
{
    /// <summary>Every cap in the body and its value; null: it is null.</summary>
    public List<(JsonRange Range, long? Cap)> Caps { get; } = [];

    /// <summary>Just behind the body's opening brace.</summary>
    public int ObjectStart { get; set; }

    /// <summary>Of the object that holds the cap in some dialects: just behind its opening brace, or the literal that stands in its place.</summary>
    public JsonRange? Config { get; set; }

    public bool ConfigHasMembers { get; set; }

    /// <summary>The output tokens that are set aside for thinking.</summary>
    public long ThinkingBudget { get; set; }
}
