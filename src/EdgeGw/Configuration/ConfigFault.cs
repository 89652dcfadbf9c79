using System.Globalization;
using System.Text;

namespace EdgeGw.Configuration;

/// <summary>One thing wrong with a configuration, where it stands, and what was probably meant. Never holds a secret or a variable's value.</summary>
/// <param name="File">The file as it was named to the loader, or <c>environment</c>.</param>
/// <param name="Line">From 1; 0 when the fault has no place in the file (the file is missing, or there is none).</param>
/// <param name="Column">From 1, in characters; 0 where <paramref name="Line"/> is.</param>
/// <param name="Path">Such as <c>budgets[1].window</c>; empty for the whole file.</param>
/// <param name="Suggestion">The known name nearest to what was written; null when none is near.</param>
public sealed record ConfigFault(string File, int Line, int Column, string Path, string Message, string? Suggestion = null)
{
    /// <summary><c>edgegw.json:12:5: budgets[1].window: unknown window "mounth"; did you mean "month"?</c></summary>
    public override string ToString()
    {
        var text = new StringBuilder(File);
        if (Line > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $":{Line}:{Column}");
        }
        text.Append(": ");
        if (Path.Length > 0)
        {
            text.Append(Path).Append(": ");
        }
        text.Append(Message);
        if (Suggestion is not null)
        {
            text.Append("; did you mean \"").Append(Suggestion).Append("\"?");
        }
        return text.ToString();
    }
}
