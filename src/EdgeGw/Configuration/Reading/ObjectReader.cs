namespace EdgeGw.Configuration.Reading;

/// <summary>An object of a known shape: refuses repeated, unknown and not yet available names when opened, then hands out values.</summary>
internal sealed class ObjectReader
{
    private readonly Dictionary<string, ConfigValue> _values = new(StringComparer.Ordinal);
    private readonly ObjectShape _shape;
    private readonly ConfigValue _self;

    private ObjectReader(ConfigValue self, ObjectShape shape)
    {
        _self = self;
        _shape = shape;
    }

    /// <summary>In the order of the file.</summary>
    public IReadOnlyCollection<KeyValuePair<string, ConfigValue>> Values => _values;

    /// <summary>Null, with the fault reported, when the value is no object.</summary>
    public static ObjectReader? Open(ConfigValue self, ObjectShape shape)
    {
        if (self.Node.Kind != ConfigNodeKind.Object)
        {
            self.Fault($"must be an object ({shape.What})");
            return null;
        }
        var reader = new ObjectReader(self, shape);
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var member in self.Node.Members)
        {
            reader.Add(member, lines);
        }
        return reader;
    }

    public ConfigValue? Optional(string name)
    {
        if (_shape.Names is { } names && !names.Contains(name))
        {
            throw new InvalidOperationException($"The shape of {_shape.What} lacks the name {name}.");
        }
        return _values.GetValueOrDefault(name);
    }

    public ConfigValue? Required(string name)
    {
        var value = Optional(name);
        if (value is null)
        {
            _self.Fault($"\"{name}\" is missing");
        }
        return value;
    }

    private void Add(ConfigMember member, Dictionary<string, int> lines)
    {
        var context = _self.Context;
        var path = BindContext.Join(_self.Path, member.Name);
        if (lines.TryGetValue(member.Name, out var line))
        {
            context.Fault(member.Position, path, $"stands here for the second time; the first is on line {line}");
            return;
        }
        lines.Add(member.Name, member.Position.Line);
        if (_shape.Planned.Contains(member.Name))
        {
            context.Fault(member.Position, path, "not available in this version");
        }
        else if (_shape.Names is { } names && !names.Contains(member.Name))
        {
            context.Fault(member.Position, path, $"unknown name in {_shape.What}", NameSuggestion.Nearest(member.Name, names));
        }
        else
        {
            context.Positions.TryAdd(path, member.Value.Position);
            _values.Add(member.Name, new ConfigValue(context, member.Value, path) { NamePosition = member.Position });
        }
    }
}
