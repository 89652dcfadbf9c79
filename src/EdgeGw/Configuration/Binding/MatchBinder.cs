using System.Collections.Frozen;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class MatchBinder
{
    /// <summary>Null, with the fault reported, when it is no match or matches on nothing.</summary>
    public static PrincipalMatch? Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Match) is not { } reader)
        {
            return null;
        }
        if (reader.Values.Count == 0)
        {
            value.Fault("matches on nothing: name groups, user, service, key or metadata, or leave it out");
            return null;
        }
        return new PrincipalMatch
        {
            Groups = Texts(reader.Optional("groups")),
            Users = Texts(reader.Optional("user")),
            Services = Texts(reader.Optional("service")),
            Keys = Texts(reader.Optional("key")),
            Metadata = Labels(reader.Optional("metadata")),
        };
    }

    public static List<string> Texts(ConfigValue? value)
    {
        var texts = new List<string>();
        foreach (var item in value?.Items() ?? [])
        {
            if (item.NonEmptyText() is { } text)
            {
                texts.Add(text);
            }
        }
        CheckNotEmpty(value);
        return texts;
    }

    public static void CheckNotEmpty(ConfigValue? value)
    {
        if (value is { Node.Kind: ConfigNodeKind.Array, Node.Items.Count: 0 })
        {
            value.Fault("is empty: an empty list would match everybody");
        }
    }

    public static FrozenDictionary<string, string> Labels(ConfigValue? value)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        if (value is not null && ObjectReader.Open(value, Shapes.Metadata) is { } reader)
        {
            foreach (var (name, label) in reader.Values)
            {
                labels[name] = label.Text() ?? "";
            }
        }
        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
