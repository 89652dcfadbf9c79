using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class CallMatchBinder
{
    /// <summary>Null, with the fault reported, when it is no match or matches on nothing.</summary>
    public static CallMatch? Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.CallMatch) is not { } reader)
        {
            return null;
        }
        if (value.Node.Members.Count == 0)
        {
            value.Fault("matches on nothing: name what it is for, or leave it out");
            return null;
        }
        return Read(reader);
    }

    /// <summary>Those names of a match that say who calls and for what.</summary>
    public static CallMatch Read(ObjectReader reader) => ReadCalls(reader) with { Environments = MatchBinder.Texts(reader.Optional("environment")) };

    /// <summary>The same but for where the node runs.</summary>
    public static CallMatch ReadCalls(ObjectReader reader) =>
        new()
        {
            Users = MatchBinder.Texts(reader.Optional("user")),
            Emails = MatchBinder.Texts(reader.Optional("email")),
            Groups = MatchBinder.Texts(reader.Optional("groups")),
            Services = MatchBinder.Texts(reader.Optional("service")),
            Keys = MatchBinder.Texts(reader.Optional("key")),
            Models = MatchBinder.Texts(reader.Optional("model")),
            Providers = MatchBinder.Texts(reader.Optional("provider")),
            Metadata = MatchBinder.Labels(reader.Optional("metadata")),
        };
}
