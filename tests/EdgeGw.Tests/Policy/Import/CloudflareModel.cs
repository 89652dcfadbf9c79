using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeGw.Tests.Policy.Import;

/// <summary>A policy of the source and what the source would do, money aside: no policy, no refusal; any block wins; else some policy must admit.</summary>
internal sealed record CloudflareModel(string Name, string? ActorField, string Resource, CelCondition Condition, string Action)
{
    private static readonly string[] Resources =
    [
        "\"*\"", "\"*\"", """{"model": "openai/gpt-*"}""", """{"model": "gpt-5-mini"}""", """{"provider": "groq"}""", """{"model": ["gpt-5", "gpt-5-mini"], "provider": "openai"}""",
        """["openai/gpt-5", {"model": "meta/llama-4", "provider": "groq"}]""", """{"model": "*", "provider": "groq"}""",
    ];

    public static CloudflareModel Any(Random random, int number) => new(
        $"policy {number}", random.Next(6) switch { 0 => "cf.user.id", 1 => "metadata.team", _ => null }, Resources[random.Next(Resources.Length)],
        random.Next(4) == 0 ? new CelCondition("true", static _ => true) : CelCondition.Any(random, 3),
        random.Next(5) switch { 0 => """{"type": "block"}""", 1 => """{"type": "block", "except": true}""", _ => """{"type": "no-limit"}""" });

    public string Json => $$"""
        {"id": "1", "name": "{{Name}}", "actor": "{{(ActorField is null ? "everyone" : $"a:{{{ActorField}}}")}}", "resource": {{Resource}},
         "condition": {{JsonValue.Create(Condition.Text)!.ToJsonString()}}, "action": {{Action}}, "created_at": 1, "updated_at": 1}
        """;

    public static bool IsAllowed(IReadOnlyList<CloudflareModel> policies, CelCaller caller, string provider, string model) =>
        policies.Count == 0 || (!policies.Any(policy => policy.Blocks(caller, provider, model)) && policies.Any(policy => policy.Admits(caller, provider, model)));

    private bool Blocks(CelCaller caller, string provider, string model) =>
        Action.Contains("block", StringComparison.Ordinal) && IsAbout(provider, model) != Action.Contains("except", StringComparison.Ordinal)
            && (Condition.Says(caller) != false || LacksActor(caller));

    private bool Admits(CelCaller caller, string provider, string model) =>
        Action.Contains("no-limit", StringComparison.Ordinal) && IsAbout(provider, model) && Condition.Says(caller) == true && !LacksActor(caller);

    private bool LacksActor(CelCaller caller) => ActorField is not null && caller.Values(ActorField) is null;

    private bool IsAbout(string provider, string model) => IsAbout(JsonNode.Parse(Resource)!, provider, model);

    private static bool IsAbout(JsonNode resource, string provider, string model) => resource switch
    {
        JsonArray items => items.Any(item => IsAbout(item!, provider, model)),
        JsonObject item => (item["provider"] is not { } wanted || (string)wanted! == provider) && (item["model"] is not { } models
            || (models as JsonArray ?? [models.DeepClone()]).Any(one => IsLike((string)one!, provider, model))),
        _ => (string)resource! == "*" || IsLike((string)resource!, provider, model),
    };

    private static bool IsLike(string pattern, string provider, string model) =>
        Regex.IsMatch(pattern.Contains('/') && !model.Contains('/') ? $"{provider}/{model}" : model, $"^{Regex.Escape(pattern).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$");
}
