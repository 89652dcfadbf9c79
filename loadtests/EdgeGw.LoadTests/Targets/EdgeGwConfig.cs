using System.Net;

namespace EdgeGw.LoadTests.Targets;

/// <summary>The gateway's configuration: everything on that costs something, or in bare mode nothing of it.</summary>
internal static class EdgeGwConfig
{
    /// <summary>Nano-dollars a token, as in the configuration's dollars per million.</summary>
    public const long InputPrice = 2000;
    public const long OutputPrice = 8000;

    public static string Text(EdgeGwMode mode, string folder, IPEndPoint data, IPEndPoint admin, ProviderPort provider, LabSetting setting)
    {
        var free = mode == EdgeGwMode.Bare ? ", \"pricing\": \"free\"" : "";
        var tls = mode == EdgeGwMode.Secured ? $$""", "tls": { "certificate": "{{setting.Certificates.Chain}}", "key": "{{setting.Certificates.Key}}" }""" : "";
        var durability = mode switch { EdgeGwMode.Overlapped => "overlapped", EdgeGwMode.Strict => "strict", _ => "relaxed" };
        return $$"""
            {
              "listen": { "data": "{{data}}", "admin": "{{admin}}"{{tls}} },
              "data_dir": "{{folder}}/data",
              "durability": "{{durability}}",
              "providers": {
                "openai": { "base_url": "http://{{provider.Plain}}/v1", "api_key": "sk-lab"{{free}} },
                "secured": { "kind": "openai", "base_url": "https://{{provider.Tls}}/v1", "api_key": "sk-lab"{{free}} }
              },
              {{(mode == EdgeGwMode.Bare ? Bare : Everything(folder))}}
            }
            """;
    }

    private const string Bare = """
        "identity": { "anonymous": true },
        "log": { "requests": "off" }
        """;

    private static string Everything(string folder) => $$"""
        "identity": { "anonymous": false },
        "budgets": [
          { "name": "company", "amount_usd": 1000000, "window": "month" },
          { "name": "per-key", "per": ["key"], "amount_usd": 500000, "window": "day" },
          { "name": "per-caller", "per": ["metadata.caller"], "amount_usd": 1000, "window": "day" }
        ],
        "limits": [
          { "name": "requests", "per": ["key"], "requests": 1000000, "window": "1s" },
          { "name": "tokens", "per": ["key"], "tokens": 1000000000, "window": "1s" }
        ],
        "pricing": { "overrides": [
          { "model": "openai/lab-*", "input": "{{InputPrice / 1000m}}", "output": "{{OutputPrice / 1000m}}" },
          { "model": "secured/lab-*", "input": "{{InputPrice / 1000m}}", "output": "{{OutputPrice / 1000m}}" }
        ] },
        "log": { "requests": "{{folder}}/requests.jsonl" }
        """;
}
