using System.Globalization;

namespace EdgeGw.Configuration.Reading;

/// <summary>One value with its path: reads itself as what is asked for, or reports why it cannot and gives null.</summary>
internal sealed class ConfigValue(BindContext context, ConfigNode node, string path)
{
    public BindContext Context { get; } = context;
    public ConfigNode Node { get; } = node;
    public string Path { get; } = path;
    public ConfigPosition NamePosition { get; init; } = node.Position;

    /// <summary>The value as it stands in the file, before substitution, fit to be printed.</summary>
    public string Shown => SafeText.Quote(Node.Text);

    public void Fault(string message, string? suggestion = null) => Context.Fault(Node.Position, Path, message, suggestion);

    /// <summary>A fault of the name in front of the value.</summary>
    public void FaultName(string message, string? suggestion = null) => Context.Fault(NamePosition, Path, message, suggestion);

    public void Warn(string message) => Context.Warn(Node.Position, Path, message);

    /// <summary>The text after substitution, empty included.</summary>
    public string? Text()
    {
        if (Node.Kind != ConfigNodeKind.String)
        {
            Fault("must be a string");
            return null;
        }
        var messages = new List<string>();
        var text = EnvironmentText.Expand(Node.Text, Context.Environment, messages);
        foreach (var message in messages)
        {
            Fault(message);
        }
        return text;
    }

    public string? NonEmptyText()
    {
        var text = Text();
        if (text is not null && string.IsNullOrWhiteSpace(text))
        {
            Fault("is empty");
            return null;
        }
        return text;
    }

    public bool? Boolean()
    {
        if (Node.Kind != ConfigNodeKind.Boolean)
        {
            Fault("must be true or false");
            return null;
        }
        return Node.Text == "true";
    }

    public int? Integer(int minimum, int maximum)
    {
        if (Node.Kind != ConfigNodeKind.Number || !int.TryParse(Node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            || value < minimum || value > maximum)
        {
            Fault($"must be a whole number from {minimum} to {maximum}");
            return null;
        }
        return value;
    }

    /// <summary>One of the named choices.</summary>
    /// <param name="planned">Choices of the contract that this version does not have; matched by their first word.</param>
    public T? OneOf<T>(string what, (string Name, T Value)[] choices, params string[] planned)
        where T : struct
    {
        if (Text() is not { } text)
        {
            return null;
        }
        foreach (var choice in choices)
        {
            if (choice.Name == text)
            {
                return choice.Value;
            }
        }
        if (planned.Contains(text.Split(' ', 2)[0]))
        {
            Fault($"the {what} {Shown} is not available in this version; available: {string.Join(", ", choices.Select(c => c.Name))}");
            return null;
        }
        var suggestion = NameSuggestion.Nearest(text, choices.Select(c => c.Name));
        Fault($"unknown {what} {Shown}" + (suggestion is null ? $"; known: {string.Join(", ", choices.Select(c => c.Name))}" : ""), suggestion);
        return null;
    }

    /// <summary>A duration within bounds, written with its unit.</summary>
    public TimeSpan? Duration(TimeSpan minimum, TimeSpan maximum)
    {
        if (Node.Kind == ConfigNodeKind.Number)
        {
            Fault($"must carry a unit: \"{Node.Text}s\", \"{Node.Text}ms\", …");
            return null;
        }
        if (Text() is not { } text)
        {
            return null;
        }
        if (!DurationText.TryParse(text, out var value))
        {
            Fault($"{Shown} is no duration; write it like \"500ms\", \"10s\", \"2m\" or \"1h30m\"");
            return null;
        }
        if (value < minimum || value > maximum)
        {
            Fault($"must be from {DurationText.Format(minimum)} to {DurationText.Format(maximum)}");
            return null;
        }
        return value;
    }

    /// <summary>A size in bytes: a whole number, or text with a unit.</summary>
    public long? ByteSize(long minimum, long maximum)
    {
        var text = Node.Kind == ConfigNodeKind.Number ? Node.Text : Text();
        if (text is null)
        {
            return null;
        }
        if (!ByteSizeText.TryParse(text, out var value))
        {
            Fault($"{Shown} is no size; write it like \"64MiB\", \"32KiB\" or a number of bytes");
            return null;
        }
        if (value < minimum || value > maximum)
        {
            Fault($"must be from {ByteSizeText.Format(minimum)} to {ByteSizeText.Format(maximum)}");
            return null;
        }
        return value;
    }

    /// <summary>An exact decimal from a number or a string: no binary floating point ever touches it.</summary>
    public decimal? Decimal()
    {
        var text = Node.Kind == ConfigNodeKind.Number ? Node.Text : Node.Kind == ConfigNodeKind.String ? Text() : null;
        if (text is null)
        {
            if (Node.Kind != ConfigNodeKind.String)
            {
                Fault("must be a number, or a decimal in a string");
            }
            return null;
        }
        if (!DecimalText.TryParse(text, out var value))
        {
            Fault($"{Shown} is no plain decimal with at most {DecimalText.MaxFraction} digits after the point (no exponent, no grouping)");
            return null;
        }
        return value;
    }

    /// <summary>The items of an array; null, with the fault reported, when it is none.</summary>
    public IReadOnlyList<ConfigValue>? Items()
    {
        if (Node.Kind != ConfigNodeKind.Array)
        {
            Fault("must be an array");
            return null;
        }
        var items = new ConfigValue[Node.Items.Count];
        for (var i = 0; i < items.Length; i++)
        {
            var itemPath = string.Create(CultureInfo.InvariantCulture, $"{Path}[{i}]");
            Context.Positions.TryAdd(itemPath, Node.Items[i].Position);
            items[i] = new ConfigValue(Context, Node.Items[i], itemPath);
        }
        return items;
    }
}
