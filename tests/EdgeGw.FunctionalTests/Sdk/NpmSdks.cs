using System.Text.Json.Nodes;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>The official npm SDKs, installed once per lock file under artifacts/, and the script that runs them.</summary>
internal static class NpmSdks
{
    private static readonly NpmFolder Folder = new("sdk");

    /// <summary>Runs scenarios against one set of base URLs; one line of JSON for each.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(SdkTarget target, JsonArray scenarios)
    {
        var input = new JsonObject
        {
            ["openai"] = Endpoint(target.OpenAi, target.Key),
            ["anthropic"] = Endpoint(target.Anthropic, target.Key),
            ["gemini"] = Endpoint(target.Gemini, target.Key),
            ["scenarios"] = scenarios.DeepClone(),
        };
        return await RunAsync("run.mjs", input);
    }

    /// <summary>Runs one of the scripts with what it reads on standard input.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(string script, JsonObject input)
    {
        var folder = await Folder.InstalledAsync();
        var output = await Programs.RunAsync("node", [Path.Combine(folder, script)], input.ToJsonString(), folder);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonObject Endpoint(Uri baseUrl, string key) => new() { ["baseURL"] = baseUrl.ToString().TrimEnd('/'), ["apiKey"] = key };
}

/// <summary>Where the SDKs are pointed: at the provider itself, or at the gateway.</summary>
internal sealed record SdkTarget(Uri OpenAi, Uri Anthropic, Uri Gemini, string Key)
{
    public static SdkTarget Direct(Uri provider) => new(new Uri(provider, "/v1"), provider, provider, Providers.FakeProvider.ApiKey);

    public static SdkTarget Through(Uri gateway, string key) =>
        new(new Uri(gateway, "/openai/v1"), new Uri(gateway, "/anthropic"), new Uri(gateway, "/gemini"), key);
}
