using System.Text;

namespace EdgeGw.Policy.Import;

/// <summary>Regular expressions that say no more than a pattern with <c>*</c> can: literal characters, <c>.*</c>, and the anchors.</summary>
internal static class RegexGlob
{
    private const string Special = @"\.+*?()|[]{}^$";

    /// <summary>The pattern that matches exactly the same texts of one line; null: there is none.</summary>
    public static string? Of(string regex)
    {
        var glob = new StringBuilder();
        var at = regex.StartsWith('^') ? 1 : 0;
        var end = regex.Length;
        if (at == 0)
        {
            glob.Append('*');
        }
        var isAnchored = end > at && regex[^1] == '$' && (end - at < 2 || regex[^2] != '\\');
        end -= isAnchored ? 1 : 0;
        while (at < end)
        {
            var c = regex[at++];
            if (c == '.' && at < end && regex[at] == '*')
            {
                at++;
                glob.Append('*');
                // ".*?" and ".*+" are other operators.
                if (at < end && regex[at] is '?' or '+' or '*' or '{')
                {
                    return null;
                }
                continue;
            }
            if (c == '\\')
            {
                if (at == end || char.IsAsciiLetterOrDigit(regex[at]) || regex[at] == '*')
                {
                    return null;
                }
                c = regex[at++];
            }
            else if (Special.Contains(c))
            {
                return null;
            }
            // What follows may repeat the character or make it optional.
            if (at < end && regex[at] is '?' or '+' or '*' or '{')
            {
                return null;
            }
            glob.Append(c);
        }
        if (!isAnchored)
        {
            glob.Append('*');
        }
        return Squeezed(glob.ToString());
    }

    private static string Squeezed(string glob)
    {
        while (glob.Contains("**", StringComparison.Ordinal))
        {
            glob = glob.Replace("**", "*", StringComparison.Ordinal);
        }
        return glob;
    }
}
