using System.Text;

namespace EdgeGw.Configuration.Reading;

/// <summary><c>${NAME}</c> and <c>${NAME:-default}</c> in a string; <c>$$</c> is one dollar sign.</summary>
internal static class EnvironmentText
{
    /// <summary>The expanded text, or null with one message per fault. Messages name variables and never their values.</summary>
    public static string? Expand(string text, IEnvironment environment, List<string> faults)
    {
        if (!text.Contains('$'))
        {
            return text;
        }
        var before = faults.Count;
        var expanded = new StringBuilder(text.Length);
        var rest = text.AsSpan();
        while (rest.IndexOf('$') is >= 0 and var dollar)
        {
            expanded.Append(rest[..dollar]);
            rest = rest[(dollar + 1)..];
            if (rest.StartsWith("$"))
            {
                expanded.Append('$');
                rest = rest[1..];
            }
            else if (!rest.StartsWith("{"))
            {
                faults.Add("a single \"$\": write ${NAME} for a variable, or $$ for a dollar sign");
            }
            else if (rest.IndexOf('}') is >= 0 and var end)
            {
                Substitute(rest[1..end], environment, expanded, faults);
                rest = rest[(end + 1)..];
            }
            else
            {
                faults.Add("\"${\" without its \"}\"");
                break;
            }
        }
        expanded.Append(rest);
        return faults.Count == before ? expanded.ToString() : null;
    }

    private static void Substitute(ReadOnlySpan<char> inside, IEnvironment environment, StringBuilder expanded, List<string> faults)
    {
        var separator = inside.IndexOf(":-");
        var name = separator < 0 ? inside : inside[..separator];
        if (!IsName(name))
        {
            faults.Add("\"${\" takes a variable's name: letters, digits and \"_\"");
            return;
        }
        var fallback = separator < 0 ? default : inside[(separator + 2)..];
        if (fallback.Contains("${", StringComparison.Ordinal))
        {
            faults.Add($"the default of ${{{name}}} cannot hold another variable");
            return;
        }
        var value = environment.Get(name.ToString());
        if (separator >= 0)
        {
            // As the shell has it: ":-" stands in for a variable that is unset or empty.
            expanded.Append(string.IsNullOrEmpty(value) ? fallback : value);
        }
        else if (value is null)
        {
            faults.Add($"the environment variable {name} is not set; ${{{name}:-…}} gives a default");
        }
        else
        {
            expanded.Append(value);
        }
    }

    private static bool IsName(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit(name[0]) || name.Length > 128)
        {
            return false;
        }
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }
        return true;
    }
}
