using System.Text.Json;

namespace EdgeGw.Requests.Inspection;

/// <summary>The models that a body lists in <c>models</c>, of which the provider answers with the next one where one fails (OpenRouter's model routing).</summary>
internal static class FallbackModels
{
    /// <summary>More than any provider takes.</summary>
    public const int Most = 32;

    private const int LongestEscape = 6;

    /// <param name="value">The member's value, which is valid JSON.</param>
    /// <returns>None for <c>null</c>; null: it is no list of at most <see cref="Most"/> names, so nobody can tell what may answer.</returns>
    public static string[]? Read(ReadOnlySpan<byte> value)
    {
        var json = new Utf8JsonReader(value);
        json.Read();
        if (json.TokenType == JsonTokenType.Null)
        {
            return [];
        }
        if (json.TokenType != JsonTokenType.StartArray)
        {
            return null;
        }
        var models = new List<string>();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (models.Count == Most || Name(ref json) is not { } name)
            {
                return null;
            }
            models.Add(name);
        }
        return [.. models];
    }

    /// <summary>As a body's <c>model</c> must be: printable ASCII, not empty, not too long.</summary>
    private static string? Name(ref Utf8JsonReader json)
    {
        Span<byte> name = stackalloc byte[RequestInspector.LongestModel * LongestEscape];
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length > name.Length)
        {
            return null;
        }
        try
        {
            name = name[..json.CopyString(name)];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
        return name.Length is > 0 and <= RequestInspector.LongestModel && !name.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e) ? ModelNames.OfAscii(name) : null;
    }
}
