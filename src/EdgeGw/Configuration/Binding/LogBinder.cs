using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class LogBinder
{
    private static readonly string[] Sinks = ["stdout", "off"];

    public static LogConfig Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Log) is not { } reader)
        {
            return new LogConfig();
        }
        CheckPayloads(reader.Optional("payloads"));
        return new LogConfig { Requests = Sink(reader.Optional("requests")) ?? new LogConfig().Requests };
    }

    private static string? Sink(ConfigValue? value)
    {
        if (value?.NonEmptyText() is not { } text)
        {
            return null;
        }
        if (Sinks.Contains(text))
        {
            return text;
        }
        // Without this, "stdotu" would quietly become a file of that name.
        if (!text.Contains('/') && !text.Contains(Path.DirectorySeparatorChar))
        {
            value.Fault($"{value.Shown} must be \"stdout\", \"off\" or a file's path with a \"/\" in it", NameSuggestion.Nearest(text, Sinks));
            return null;
        }
        return value.Context.ResolvePath(text);
    }

    private static void CheckPayloads(ConfigValue? value)
    {
        if (value?.Text() is { } text && text != "off")
        {
            value.Fault("only \"off\" is available in this version: prompts and answers are never logged");
        }
    }
}
