using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Sdk;

/// <summary>What the SDKs are asked to do.</summary>
internal static class SdkScenarios
{
    /// <summary>Every recorded answer of the four dialects, read the way its SDK reads it.</summary>
    public static JsonArray Recorded()
    {
        var scenarios = new JsonArray();
        foreach (var entry in Corpus.Known.Where(entry => entry.Framing != "jsonarray"))
        {
            scenarios.Add((JsonNode)new JsonObject
            {
                ["name"] = entry.File,
                ["api"] = entry.Api,
                ["model"] = entry.SafeModel,
                ["stream"] = entry.Streaming,
                // Asked for, so that the gateway has nothing to hide and both sides must see the same.
                ["includeUsage"] = entry is { Api: "chat", Streaming: true },
                ["prompt"] = new FakeScript { Recording = entry.File, Cuts = 6, Seed = scenarios.Count }.ToString(),
            });
        }
        return scenarios;
    }

    /// <summary>Answers that the fake provider makes up, among them those where the gateway asks upstream for usage on its own account.</summary>
    public static JsonArray Live()
    {
        var scenarios = new JsonArray();
        foreach (var api in (string[])["chat", "responses", "messages", "gemini"])
        {
            foreach (var stream in (bool[])[false, true])
            {
                Add(api, stream, $"{api}-{(stream ? "stream" : "whole")}", new FakeScript { Output = 30, Chunks = 6 });
                Add(api, stream, $"{api}-{(stream ? "stream" : "whole")}-429", new FakeScript { Fail = FakeFailure.Status, Status = 429 });
            }
            Add(api, true, $"{api}-error-event", new FakeScript { Fail = FakeFailure.ErrorEvent });
        }
        foreach (var api in (string[])["chat", "responses", "messages"])
        {
            Add(api, true, $"{api}-helper", new FakeScript { Output = 30, Chunks = 6 })["helper"] = true;
        }
        Add("chat", true, "chat-stream-usage-asked", new FakeScript { Output = 30, Chunks = 6 })["includeUsage"] = true;
        Add("chat", true, "chat-stream-usage-always", new FakeScript { Output = 30, Chunks = 6, Usage = UsageHabit.Always })["includeUsage"] = true;
        Add("embeddings", false, "embeddings", new FakeScript());
        return scenarios;

        JsonObject Add(string api, bool stream, string name, FakeScript script)
        {
            var scenario = new JsonObject
            {
                ["name"] = name,
                ["api"] = api,
                ["model"] = "fake-gpt",
                ["stream"] = stream,
                ["prompt"] = (script with { Id = name }).ToString(),
            };
            scenarios.Add((JsonNode)scenario);
            return scenario;
        }
    }
}
