using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>Names that must differ within one list.</summary>
internal sealed class UniqueNames(string what)
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    public string? Read(ConfigValue? value)
    {
        if (value?.Text() is not { } name)
        {
            return null;
        }
        if (!NameRules.IsLabel(name))
        {
            value.Fault($"{value.Shown} {NameRules.LabelExpected}");
            return null;
        }
        if (!_lines.TryAdd(name, value.Node.Position.Line))
        {
            value.Fault($"a {what} called {value.Shown} stands on line {_lines[name]} already");
            return null;
        }
        return name;
    }
}
