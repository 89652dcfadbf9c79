using System.Text;

namespace EdgeGw.Telemetry.Metrics;

/// <summary>Label names and values in the exposition's syntax.</summary>
internal static class LabelText
{
    /// <summary>Longest label value in characters. Longer ones are cut: a label is a name, and names come from outside.</summary>
    internal const int MaxLength = 128;

    /// <summary>The text between the braces: <c>provider="openai",model="gpt-4o"</c>. Empty without labels.</summary>
    internal static byte[] Render(IReadOnlyList<string> names, LabelValues values)
    {
        var text = new StringBuilder();
        for (var i = 0; i < names.Count; i++)
        {
            text.Append(i == 0 ? "" : ",").Append(names[i]).Append("=\"");
            Escape(text, Cap(values[i]));
            text.Append('"');
        }
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Cuts to <see cref="MaxLength"/> without halving a surrogate pair.</summary>
    internal static ReadOnlySpan<char> Cap(string value) =>
        value.Length <= MaxLength ? value : value.AsSpan(0, char.IsHighSurrogate(value[MaxLength - 1]) ? MaxLength - 1 : MaxLength);

    /// <summary>Exposition 0.0.4: backslash, double quote and line feed are escaped, everything else stands as UTF-8.</summary>
    private static void Escape(StringBuilder text, ReadOnlySpan<char> value)
    {
        foreach (var c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(c),
            };
        }
    }
}
