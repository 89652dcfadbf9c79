using System.Globalization;
using System.Text;

namespace EdgeGw.Cli;

/// <summary>Text that callers chose, made fit for a terminal: an escape sequence in a model's name must not run in the operator's shell.</summary>
internal static class PlainText
{
    public static string ForTerminal(string text)
    {
        if (!text.Any(IsUnsafe))
        {
            return text;
        }
        var plain = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (IsUnsafe(c))
            {
                plain.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                plain.Append(c);
            }
        }
        return plain.ToString();
    }

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
