using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>The APIs that a caller speaks.</summary>
public enum CallerDialect
{
    Chat,
    Responses,
    Messages,
    Gemini,
    Embeddings,
}

/// <summary>One request as an application would make it, in any dialect.</summary>
internal sealed record Call(CallerDialect Dialect, FakeScript Script)
{
    public bool Stream { get; init; }

    /// <summary>Gemini only: the slow JSON array instead of server-sent events.</summary>
    public bool AsArray { get; init; }

    /// <summary>Chat only: <c>stream_options.include_usage</c>; null: not mentioned.</summary>
    public bool? IncludeUsage { get; init; }

    public string Model { get; init; } = "fake-gpt";

    public int MaxOutput { get; init; } = 4000;

    /// <summary>The credential, put where this dialect's SDK puts it.</summary>
    public string? Key { get; init; }

    /// <summary>A path of its own instead of the provider's native one.</summary>
    public string? Path { get; init; }

    /// <summary>More prompt, after the script.</summary>
    public string Prompt { get; init; } = " Say something about \u00fcber-naïve caf\u00e9s, \u6f22\u5b57 and \ud83d\ude42.";

    public string NativePath => Dialect switch
    {
        CallerDialect.Chat => "/openai/v1/chat/completions",
        CallerDialect.Responses => "/openai/v1/responses",
        CallerDialect.Embeddings => "/openai/v1/embeddings",
        CallerDialect.Messages => "/anthropic/v1/messages",
        _ when !Stream => $"/gemini/v1beta/models/{Model}:generateContent",
        _ => $"/gemini/v1beta/models/{Model}:streamGenerateContent" + (AsArray ? "" : "?alt=sse"),
    };

    public byte[] Body => Encoding.UTF8.GetBytes(Json().ToJsonString());

    public HttpRequestMessage ToRequest(byte[]? body = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Path ?? NativePath) { Content = new ByteArrayContent(body ?? Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (Script.Id is not null)
        {
            request.Headers.Add("x-edgegw-metadata", new JsonObject { ["call"] = Script.Id }.ToJsonString());
        }
        if (Dialect == CallerDialect.Messages)
        {
            request.Headers.Add("anthropic-version", "2023-06-01");
        }
        if (Key is not null)
        {
            var (name, value) = Dialect switch
            {
                CallerDialect.Messages => ("x-api-key", Key),
                CallerDialect.Gemini => ("x-goog-api-key", Key),
                _ => ("Authorization", "Bearer " + Key),
            };
            request.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    /// <summary>Sends it and returns as soon as the response head is there.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpClient client, CancellationToken cancellation = default)
    {
        var request = ToRequest();
        (request.Version, request.VersionPolicy) = (client.DefaultRequestVersion, client.DefaultVersionPolicy);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    private JsonObject Json()
    {
        var text = Script + Prompt;
        var json = Dialect switch
        {
            CallerDialect.Chat => new JsonObject { ["model"] = Model, ["messages"] = Messages(text), ["max_completion_tokens"] = MaxOutput },
            CallerDialect.Responses => new JsonObject { ["model"] = Model, ["input"] = text, ["max_output_tokens"] = MaxOutput },
            CallerDialect.Messages => new JsonObject { ["model"] = Model, ["max_tokens"] = MaxOutput, ["messages"] = Messages(text) },
            CallerDialect.Embeddings => new JsonObject { ["model"] = Model, ["input"] = text },
            _ => new JsonObject
            {
                ["contents"] = new JsonArray(new JsonObject { ["role"] = "user", ["parts"] = new JsonArray(new JsonObject { ["text"] = text }) }),
                ["generationConfig"] = new JsonObject { ["maxOutputTokens"] = MaxOutput },
            },
        };
        if (Stream && Dialect is not (CallerDialect.Gemini or CallerDialect.Embeddings))
        {
            json["stream"] = true;
        }
        if (IncludeUsage is { } include)
        {
            json["stream_options"] = new JsonObject { ["include_usage"] = include };
        }
        return json;
    }

    private static JsonArray Messages(string text) => [new JsonObject { ["role"] = "user", ["content"] = text }];
}
