using System.Collections.Frozen;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class IdentityBinder
{
    private const int HashLength = 64; // HMAC-SHA-256 in hexadecimal
    private const int MostLabels = 64;
    private const int LongestLabelValue = 256;

    public static IdentityConfig Bind(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Identity) is not { } reader)
        {
            return new IdentityConfig();
        }
        return new IdentityConfig
        {
            Anonymous = reader.Optional("anonymous")?.Boolean() ?? false,
            Passthrough = reader.Optional("passthrough")?.Boolean() ?? false,
            Keys = Keys(reader.Optional("keys")),
            Jwt = JwtBinder.Bind(reader.Optional("jwt")),
        };
    }

    private static List<KeyConfig> Keys(ConfigValue? value)
    {
        var keys = new List<KeyConfig>();
        var names = new UniqueNames("key");
        var hashes = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var item in value?.Items() ?? [])
        {
            if (ObjectReader.Open(item, Shapes.Key) is not { } reader)
            {
                continue;
            }
            var name = names.Read(reader.Required("name"));
            var hash = Hash(reader.Required("hash"), hashes);
            var user = Person(reader.Optional("user"));
            var email = Person(reader.Optional("email"));
            var models = MatchBinder.Texts(reader.Optional("models"));
            var service = Label(reader.Optional("service"));
            var groups = reader.Optional("groups")?.Items()?.Select(Label).OfType<string>().ToArray() ?? [];
            var metadata = Metadata(reader.Optional("metadata"));
            if (name is not null && hash is not null)
            {
                keys.Add(new KeyConfig
                {
                    Name = name,
                    Hash = hash,
                    User = user,
                    Email = email,
                    Service = service,
                    Groups = groups,
                    Metadata = metadata,
                    Models = models,
                });
            }
        }
        return keys;
    }

    private static string? Hash(ConfigValue? value, Dictionary<string, int> seen)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        if (text.StartsWith("egw_", StringComparison.Ordinal))
        {
            value.Fault("is a secret, not its hash: take the hash that `edgegw keys create` printed, and revoke this key");
            return null;
        }
        if (text.Length != HashLength || !text.All(char.IsAsciiHexDigit))
        {
            value.Fault($"must be the {HashLength} hexadecimal digits that `edgegw keys create` printed");
            return null;
        }
        var hash = text.ToLowerInvariant();
        if (!seen.TryAdd(hash, value.Node.Position.Line))
        {
            value.Fault($"is the same as on line {seen[hash]}: one secret cannot be two keys");
            return null;
        }
        return hash;
    }

    /// <summary>As identity providers name people: more than a label may hold.</summary>
    private static string? Person(ConfigValue? value)
    {
        if (value?.NonEmptyText() is not { } text)
        {
            return null;
        }
        if (text.Length > LongestLabelValue || text.Any(char.IsControl))
        {
            value.Fault($"must be at most {LongestLabelValue} characters, without control characters");
            return null;
        }
        return text;
    }

    private static string? Label(ConfigValue? value)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        if (!NameRules.IsLabel(text))
        {
            value.Fault($"{value.Shown} {NameRules.LabelExpected}");
            return null;
        }
        return text;
    }

    private static FrozenDictionary<string, string> Metadata(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Metadata) is not { } reader)
        {
            return FrozenDictionary<string, string>.Empty;
        }
        if (reader.Values.Count > MostLabels)
        {
            value.Fault($"holds more than {MostLabels} labels");
        }
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, label) in reader.Values)
        {
            if (!NameRules.IsLabel(name))
            {
                label.FaultName($"the name {NameRules.LabelExpected}");
            }
            if (label.Text() is { } text)
            {
                if (text.Length > LongestLabelValue || text.Any(char.IsControl))
                {
                    label.Fault($"must be at most {LongestLabelValue} characters, without control characters");
                }
                labels.Add(name, text);
            }
        }
        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
