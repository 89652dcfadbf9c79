using System.CommandLine.Parsing;
using System.Net;
using EdgeGw.Configuration;

namespace EdgeGw.Cli;

/// <summary>Option values that are more than text. Each reports its fault to the parser, which ends the command with <see cref="ExitCode.Usage"/>.</summary>
internal static class CustomParsers
{
    public static IPEndPoint? Endpoint(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (EndpointText.TryParse(text, out var endpoint))
        {
            return endpoint;
        }
        argument.AddError($"\"{text}\" {EndpointText.Expected}");
        return null;
    }

    public static Func<ArgumentResult, DateTimeOffset?> Moment(TimeProvider time) => argument =>
    {
        var text = argument.Tokens[0].Value;
        if (TimeText.TryParse(text, time.GetUtcNow(), out var moment))
        {
            return moment;
        }
        argument.AddError($"\"{text}\" must be {TimeText.Expected}");
        return null;
    };

    public static Func<ArgumentResult, DateTimeOffset?> Expiry(TimeProvider time) => argument =>
    {
        var text = argument.Tokens[0].Value;
        if (TimeText.TryParseExpiry(text, time.GetUtcNow(), out var moment))
        {
            return moment;
        }
        argument.AddError($"\"{text}\" must be a duration (90d, 12h) or a date or time in the future");
        return null;
    };

    public static TimeSpan Overlap(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (!DurationText.TryParse(text, out var overlap) || overlap > Admin.KeyRotation.LongestOverlap)
        {
            argument.AddError($"\"{text}\" must be a duration from 0s to 90d, such as 24h");
        }
        return overlap;
    }

    /// <summary>Repeated <c>name=value</c>, each name once.</summary>
    public static Dictionary<string, string>? Labels(ArgumentResult argument)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var token in argument.Tokens)
        {
            var equals = token.Value.IndexOf('=');
            if (equals <= 0)
            {
                argument.AddError($"\"{token.Value}\" must be name=value");
                return null;
            }
            if (!labels.TryAdd(token.Value[..equals], token.Value[(equals + 1)..]))
            {
                argument.AddError($"\"{token.Value[..equals]}\" is given twice");
                return null;
            }
        }
        return labels;
    }

    /// <summary>Repeated <c>name: value</c>.</summary>
    public static List<KeyValuePair<string, string>>? Headers(ArgumentResult argument)
    {
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var token in argument.Tokens)
        {
            var colon = token.Value.IndexOf(':');
            if (colon <= 0)
            {
                // Not quoted: the value may be a credential whose name was forgotten.
                argument.AddError("--header must be \"name: value\"");
                return null;
            }
            headers.Add(new(token.Value[..colon].Trim(), token.Value[(colon + 1)..].Trim()));
        }
        return headers;
    }

    /// <summary>Names separated by commas, in order, repeated ones refused.</summary>
    public static string[]? Dimensions(ArgumentResult argument)
    {
        var names = argument.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        if (names.Any(name => name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-')))
        {
            argument.AddError("--by must be names separated by commas, like user,model");
            return null;
        }
        if (names.Distinct(StringComparer.Ordinal).Count() != names.Length)
        {
            argument.AddError("--by names a dimension twice");
            return null;
        }
        return names;
    }

    /// <summary>A positive number of bytes.</summary>
    public static int? ChunkSize(ArgumentResult argument)
    {
        if (int.TryParse(argument.Tokens[0].Value, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var size)
            && size > 0)
        {
            return size;
        }
        argument.AddError("--chunk-size must be a whole number of bytes above 0");
        return null;
    }
}
