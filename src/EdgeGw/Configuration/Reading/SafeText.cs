using System.Globalization;
using System.Text;

namespace EdgeGw.Configuration.Reading;

/// <summary>Quotes what an operator wrote, without printing what may be a secret put in the wrong place, nor raw control characters.</summary>
internal static class SafeText
{
    private const int LongestQuote = 48;
    private const int ShortestOpaqueSecret = 24;

    private static readonly string[] SecretPrefixes =
        ["sk-", "sk_", "egw_", "AIza", "gsk_", "xai-", "hf_", "pplx-", "AKIA", "ghp_", "Bearer ", "eyJ", "r8_", "nvapi-"];

    public static string Quote(string text)
    {
        if (LooksSecret(text))
        {
            return "(not shown: it looks like a secret)";
        }
        var quoted = new StringBuilder("\"");
        var shown = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown++ == LongestQuote)
            {
                quoted.Append('…');
                break;
            }
            if (Rune.IsControl(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator)
            {
                quoted.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            }
            else
            {
                quoted.Append(rune.ToString());
            }
        }
        return quoted.Append('"').ToString();
    }

    private static bool LooksSecret(string text)
    {
        foreach (var prefix in SecretPrefixes)
        {
            // At the start of a word: "risk-report" is a name.
            var at = text.IndexOf(prefix, StringComparison.Ordinal);
            if (at == 0 || (at > 0 && !char.IsAsciiLetterOrDigit(text[at - 1])))
            {
                return true;
            }
        }
        // A long run of mixed letters and digits is a token, not a name.
        var run = 0;
        var (letters, digits) = (0, 0);
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c))
            {
                (run, letters, digits) = (0, 0, 0);
                continue;
            }
            run++;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            if (run >= ShortestOpaqueSecret && letters > 3 && digits > 3)
            {
                return true;
            }
        }
        return false;
    }
}
