using System.Text.Json;

namespace EdgeGw.Policy.Import;

/// <summary>What a policy of the source is about: everything, or models and providers.</summary>
internal sealed record CloudflareResource(IReadOnlyList<(string? Model, string? Provider)> Items)
{
    /// <summary>Names of providers there that are others here.</summary>
    private static readonly Dictionary<string, string> Ours = new(StringComparer.OrdinalIgnoreCase)
    {
        ["google-ai-studio"] = "gemini",
        ["aws-bedrock"] = "bedrock",
        ["grok"] = "xai",
        ["perplexity-ai"] = "perplexity",
    };

    /// <summary>Providers here in whose models' names no slash stands: there a <c>*</c> stops at slashes, and here at nothing.</summary>
    private static readonly string[] WithoutSlash =
        ["openai", "anthropic", "gemini", "xai", "mistral", "cohere", "deepseek", "perplexity", "cerebras", "azure-openai"];

    private static readonly string[] Known =
        [.. WithoutSlash, .. Ours.Keys, "groq", "openrouter", "bedrock", "workers-ai", "google-vertex-ai", "huggingface", "replicate", "baseten", "cartesia", "elevenlabs", "fal", "ideogram", "deepgram", "parallel"];

    /// <summary>Everything, in the source's word for it.</summary>
    public bool IsAll => Items.Count == 0;

    /// <summary>The same for the same resource.</summary>
    public string Key => string.Join('\n', Items.Select(static item => $"{item.Provider}\t{item.Model}").Order(StringComparer.Ordinal));

    /// <summary>Null where it has no shape that is known.</summary>
    public static CloudflareResource? Read(JsonElement json)
    {
        var items = new List<(string?, string?)>();
        return Read(json, items, depth: 0) is { } isAll ? new CloudflareResource(isAll ? [] : items) : null;
    }

    /// <summary>Patterns as our matches have them.</summary>
    /// <param name="exactly">Only those that match no more here than there; what had to be left out is told.</param>
    public (string[] Models, string[] Providers, string[] LeftOut) Patterns(bool exactly)
    {
        var (models, providers, leftOut) = (new List<string>(), new List<string>(), new List<string>());
        foreach (var (model, provider) in Items)
        {
            if (provider?.Contains('*') == true)
            {
                // A provider's name is no pattern there, and no name of a provider of ours holds one.
                leftOut.Add(provider);
            }
            else if (model is null)
            {
                providers.Add(Ours.GetValueOrDefault(provider!, provider!));
            }
            else
            {
                var patterns = Models(model, provider);
                (exactly && !patterns.All(IsExact) ? leftOut : models).AddRange(exactly && !patterns.All(IsExact) ? [model] : patterns);
            }
        }
        return ([.. models.Distinct()], [.. providers.Distinct()], [.. leftOut.Distinct()]);
    }

    private static string[] Models(string model, string? provider)
    {
        var slash = model.IndexOf('/');
        var first = slash > 0 ? model[..slash] : null;
        if (provider is not null)
        {
            var rest = first is not null && first.Equals(provider, StringComparison.OrdinalIgnoreCase) ? model[(slash + 1)..] : model;
            return [$"{Ours.GetValueOrDefault(provider, provider)}/{rest}"];
        }
        if (first is null)
        {
            return [model];
        }
        if (first == "@cf")
        {
            return ["workers-ai/" + model];
        }
        // An unknown first part is a provider's name, or the author's in a model of a reseller.
        return Known.Contains(first, StringComparer.OrdinalIgnoreCase) ? [$"{Ours.GetValueOrDefault(first, first)}{model[slash..]}"] : [model, "*/" + model];
    }

    private static bool IsExact(string pattern)
    {
        var slash = pattern.IndexOf('/');
        return !pattern.AsSpan(slash + 1).Contains('*') || (slash > 0 && WithoutSlash.Contains(pattern[..slash], StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether it is everything; null where the shape is not known.</summary>
    private static bool? Read(JsonElement json, List<(string?, string?)> items, int depth)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String when json.GetString() == "*":
                return true;
            case JsonValueKind.String when IsName(json):
                items.Add((json.GetString(), null));
                return false;
            case JsonValueKind.Array when depth == 0 && json.GetArrayLength() > 0:
                var all = false;
                foreach (var item in json.EnumerateArray())
                {
                    if (Read(item, items, depth + 1) is not { } isAll)
                    {
                        return null;
                    }
                    all |= isAll;
                }
                return all;
            case JsonValueKind.Object:
                return ReadObject(json, items);
            default:
                return null;
        }
    }

    private static bool? ReadObject(JsonElement json, List<(string?, string?)> items)
    {
        string?[] models = [null], providers = [null];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!seen.Add(member.Name) || member.Name is not ("model" or "provider") || Names(member.Value) is not { } names)
            {
                return null;
            }
            (models, providers) = member.Name == "model" ? (names, providers) : (models, names);
        }
        if (seen.Count == 0)
        {
            return null;
        }
        items.AddRange(from model in models from provider in providers select (model, provider));
        return false;
    }

    private static string[]? Names(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String when IsName(json) => [json.GetString()!],
        JsonValueKind.Array when json.GetArrayLength() > 0 && json.EnumerateArray().All(static item => item.ValueKind == JsonValueKind.String && IsName(item)) =>
            [.. json.EnumerateArray().Select(static item => item.GetString()!)],
        _ => null,
    };

    private static bool IsName(JsonElement json) => !string.IsNullOrWhiteSpace(json.GetString());
}
