using System.Text;
using EdgeGw.Configuration;

namespace EdgeGw.Tests.Configuration;

/// <summary>Loading with a known provider table and a given environment.</summary>
internal static class ConfigFixture
{
    public const string Hash = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    public static readonly KnownProviders Providers = new()
    {
        Kinds = new HashSet<string> { "openai", "openrouter", "anthropic", "gemini", "azure-openai", "bedrock" },
        NeedBaseUrl = new HashSet<string> { "azure-openai", "bedrock" },
        Aws = new HashSet<string> { "bedrock" },
        Environment =
        [
            new ProviderEnvironment("openai", ["OPENAI_API_KEY"], "OPENAI_BASE_URL"),
            new ProviderEnvironment("anthropic", ["ANTHROPIC_API_KEY"], "ANTHROPIC_BASE_URL"),
            new ProviderEnvironment("gemini", ["GEMINI_API_KEY", "GOOGLE_API_KEY"], null),
            new ProviderEnvironment("bedrock", ["AWS_BEARER_TOKEN_BEDROCK"], "AWS_ENDPOINT_URL_BEDROCK_RUNTIME"),
        ],
    };

    public static ConfigResult Load(string json, params (string Name, string Value)[] variables) =>
        ConfigLoader.Load(Encoding.UTF8.GetBytes(json), "/etc/edgegw/edgegw.json", new FakeEnvironment(variables), Providers);

    public static GatewayConfig LoadGood(string json, params (string Name, string Value)[] variables)
    {
        var result = Load(json, variables);
        Assert.Empty(result.Faults);
        return result.Config!;
    }

    /// <summary>The text without its mark, and the line and column of the mark.</summary>
    public static (string Json, string Place) TakeMark(string marked)
    {
        var before = marked[..marked.IndexOf('¶')];
        return (marked.Replace("¶", ""), $"{before.Count(c => c == '\n') + 1}:{before.Length - before.LastIndexOf('\n')}");
    }

    /// <summary>The faults as printed, without the file's name.</summary>
    public static string[] FaultsOf(string json, params (string Name, string Value)[] variables)
    {
        var result = Load(json, variables);
        Assert.Null(result.Config);
        return [.. result.Faults.Select(fault => fault.ToString()["/etc/edgegw/edgegw.json:".Length..])];
    }

    public static string[] WarningsOf(string json) => [.. Load(json).Warnings.Select(w => w.ToString()["/etc/edgegw/edgegw.json:".Length..])];
}

internal sealed class FakeEnvironment(params (string Name, string Value)[] variables) : IEnvironment
{
    public string? Get(string name)
    {
        foreach (var (known, value) in variables)
        {
            if (known == name)
            {
                return value;
            }
        }
        return name == "HOME" ? "/home/u" : null;
    }
}
