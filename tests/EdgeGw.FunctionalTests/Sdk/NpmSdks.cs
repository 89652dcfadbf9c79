using System.Text.Json.Nodes;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>The official npm SDKs, installed once per lock file under artifacts/, and the script that runs them.</summary>
internal static class NpmSdks
{
    private static readonly Lazy<Task<string>> Installed = new(InstallAsync);

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
        var folder = await Installed.Value;
        var output = await Programs.RunAsync("node", [Path.Combine(folder, script)], input.ToJsonString(), folder);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static JsonObject Endpoint(Uri baseUrl, string key) => new() { ["baseURL"] = baseUrl.ToString().TrimEnd('/'), ["apiKey"] = key };

    private static async Task<string> InstallAsync()
    {
        var source = Path.Combine(Repository.Root, "tests/EdgeGw.FunctionalTests/sdk");
        var folder = Path.Combine(Repository.Root, "artifacts/functional-sdk");
        var stamp = Path.Combine(folder, "installed-lock.json");
        var lockFile = await File.ReadAllTextAsync(Path.Combine(source, "package-lock.json"));
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }
        if (!File.Exists(stamp) || await File.ReadAllTextAsync(stamp) != lockFile)
        {
            await Programs.RunAsync("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts"], folder: folder);
            await File.WriteAllTextAsync(stamp, lockFile);
        }
        return folder;
    }
}

/// <summary>Where the SDKs are pointed: at the provider itself, or at the gateway.</summary>
internal sealed record SdkTarget(Uri OpenAi, Uri Anthropic, Uri Gemini, string Key)
{
    public static SdkTarget Direct(Uri provider) => new(new Uri(provider, "/v1"), provider, provider, Providers.FakeProvider.ApiKey);

    public static SdkTarget Through(Uri gateway, string key) =>
        new(new Uri(gateway, "/openai/v1"), new Uri(gateway, "/anthropic"), new Uri(gateway, "/gemini"), key);
}
