using EdgeGw.Configuration;
using EdgeGw.Metering;
using EdgeGw.Routing;

namespace EdgeGw.Tests.Routing;

public sealed class RouterTests
{
    private static Router Configured() => new(new GatewayConfig
    {
        DataDirectory = "/unused",
        Providers = new Dictionary<string, ProviderConfig>
        {
            ["openai"] = new() { Kind = "openai", ApiKey = "sk-openai" },
            ["anthropic"] = new() { Kind = "anthropic", ApiKey = "sk-ant" },
            ["gemini"] = new() { Kind = "gemini", ApiKey = "g-key" },
            ["groq"] = new() { Kind = "groq", ApiKey = "gsk" },
            ["deepseek"] = new() { Kind = "deepseek", ApiKey = "ds" },
            ["acme-azure"] = new() { Kind = "azure-openai", BaseUrl = new Uri("https://acme.openai.azure.com/openai/v1/"), ApiKey = "az" },
            ["local"] = new() { Kind = "openai", BaseUrl = new Uri("http://127.0.0.1:8000/v1"), Free = true },
            ["bare"] = new() { Kind = "openai", BaseUrl = new Uri("http://127.0.0.1:8000") },
        },
        Models = new Dictionary<string, string> { ["fast"] = "openai/gpt-4o-mini", ["a/b"] = "groq/llama", ["lost"] = "gone/model" },
    });

    [Theory]
    [InlineData("/openai/v1/chat/completions", "https://api.openai.com", "/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/openai/chat/completions", "https://api.openai.com", "/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/openai/v1/responses", "https://api.openai.com", "/v1/responses", Dialect.Responses)]
    [InlineData("/openai/v1/responses/compact", "https://api.openai.com", "/v1/responses/compact", Dialect.Responses)]
    [InlineData("/openai/v1/responses/input_tokens", "https://api.openai.com", "/v1/responses/input_tokens", Dialect.Opaque)]
    [InlineData("/openai/v1/responses/resp_1/cancel", "https://api.openai.com", "/v1/responses/resp_1/cancel", Dialect.Opaque)]
    [InlineData("/openai/v1/embeddings", "https://api.openai.com", "/v1/embeddings", Dialect.Embeddings)]
    [InlineData("/openai/v1/completions", "https://api.openai.com", "/v1/completions", Dialect.Completions)]
    [InlineData("/openai/v1/threads/thread_1/messages", "https://api.openai.com", "/v1/threads/thread_1/messages", Dialect.Opaque)]
    [InlineData("/openai/v1/images/generations", "https://api.openai.com", "/v1/images/generations", Dialect.Images)]
    [InlineData("/openai/v1/images/generations/x", "https://api.openai.com", "/v1/images/generations/x", Dialect.Opaque)]
    [InlineData("/openai/v1/audio/transcriptions", "https://api.openai.com", "/v1/audio/transcriptions", Dialect.Transcriptions)]
    [InlineData("/openai/v1/audio/speech", "https://api.openai.com", "/v1/audio/speech", Dialect.Speech)]
    [InlineData("/local/v2/chat", "http://127.0.0.1:8000", "/v1/v2/chat", Dialect.CohereChat)]
    [InlineData("/local/v1/chat", "http://127.0.0.1:8000", "/v1/chat", Dialect.ChatCompletions)]
    [InlineData("/local/v1/rerank", "http://127.0.0.1:8000", "/v1/rerank", Dialect.Rerank)]
    [InlineData("/bare/api/chat", "http://127.0.0.1:8000", "/api/chat", Dialect.Ollama)]
    [InlineData("/bare/api/embed", "http://127.0.0.1:8000", "/api/embed", Dialect.Embeddings)]
    [InlineData("/bare/ml/v1/text/generation_stream", "http://127.0.0.1:8000", "/ml/v1/text/generation_stream", Dialect.Watsonx)]
    [InlineData("/gemini/v1beta/interactions", "https://generativelanguage.googleapis.com", "/v1beta/interactions", Dialect.Interactions)]
    [InlineData("/anthropic/v1/complete", "https://api.anthropic.com", "/v1/complete", Dialect.AnthropicComplete)]
    [InlineData("/openai", "https://api.openai.com", "/v1", Dialect.Opaque)]
    [InlineData("/openai/", "https://api.openai.com", "/v1/", Dialect.Opaque)]
    [InlineData("/openai/v1", "https://api.openai.com", "/v1", Dialect.Opaque)]
    [InlineData("/openai/v1beta/x", "https://api.openai.com", "/v1/v1beta/x", Dialect.Opaque)]
    [InlineData("/anthropic/v1/messages?beta=true", "https://api.anthropic.com", "/v1/messages?beta=true", Dialect.Messages)]
    [InlineData("/anthropic/v1/messages/count_tokens", "https://api.anthropic.com", "/v1/messages/count_tokens", Dialect.Opaque)]
    [InlineData("/anthropic/v1/chat/completions", "https://api.anthropic.com", "/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/groq/openai/v1/chat/completions", "https://api.groq.com", "/openai/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/groq/v1/chat/completions", "https://api.groq.com", "/openai/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/groq/chat/completions", "https://api.groq.com", "/openai/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/deepseek/chat/completions", "https://api.deepseek.com", "/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/deepseek/anthropic/v1/messages", "https://api.deepseek.com", "/anthropic/v1/messages", Dialect.Messages)]
    [InlineData("/gemini/v1beta/openai/chat/completions", "https://generativelanguage.googleapis.com", "/v1beta/openai/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/local/v1/chat/completions", "http://127.0.0.1:8000", "/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/local/chat/completions", "http://127.0.0.1:8000", "/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/bare/v1/chat/completions", "http://127.0.0.1:8000", "/v1/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/bare/chat/completions", "http://127.0.0.1:8000", "/chat/completions", Dialect.ChatCompletions)]
    [InlineData("/bare", "http://127.0.0.1:8000", "/", Dialect.Opaque)]
    [InlineData("http://gateway.example/openai/v1/embeddings", "https://api.openai.com", "/v1/embeddings", Dialect.Embeddings)]
    public void A_native_path_goes_to_its_provider_with_no_segment_twice(string target, string origin, string path, Dialect dialect)
    {
        var route = Configured().Resolve("POST", target);

        Assert.Null(route.Error);
        Assert.Equal((Surface.Native, dialect, path), (route.Surface, route.Dialect, route.NativeTarget));
        Assert.Equal(new Uri(origin), route.Provider!.Origin);
    }

    [Theory]
    [InlineData("/openai/v1/chat/completions/", Dialect.ChatCompletions)]
    [InlineData("/openai/v1/Chat/COMPLETIONS", Dialect.ChatCompletions)]
    [InlineData("/openai/v1/chat/c%6Fmpletions", Dialect.ChatCompletions)]
    [InlineData("/openai/v1/chat/completions;x=1", Dialect.ChatCompletions)]
    [InlineData("/openai/v1/embeddings/?x", Dialect.Embeddings)]
    [InlineData("/anthropic/V1/Messages", Dialect.Messages)]
    public void A_path_spelt_oddly_is_still_recognised_and_sent_as_it_is(string target, Dialect dialect)
    {
        var route = Configured().Resolve("POST", target);

        Assert.Equal(dialect, route.Dialect);
        Assert.EndsWith(target[(target.IndexOf('/', 1) + 4)..].TrimEnd('?', 'x'), route.NativeTarget!.TrimEnd('?', 'x'), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/gemini/v1beta/models/gemini-2.5-flash:generateContent", Dialect.Gemini, "gemini-2.5-flash", false)]
    [InlineData("/gemini/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse", Dialect.Gemini, "gemini-2.5-flash", true)]
    [InlineData("/gemini/v1beta/models/gemini-2.5-flash:countTokens", Dialect.Opaque, "gemini-2.5-flash", false)]
    [InlineData("/gemini/v1/projects/p/locations/l/publishers/google/models/gemini-x:generateContent", Dialect.Gemini, "gemini-x", false)]
    [InlineData("/gemini/v1/projects/p/locations/l/publishers/anthropic/models/claude-4%40today:streamRawPredict", Dialect.Messages, "claude-4@today", true)]
    [InlineData("/gemini/v1/projects/p/locations/l/publishers/meta/models/llama:rawPredict", Dialect.Opaque, "llama", false)]
    [InlineData("/gemini/v1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict", Dialect.Embeddings, "text-embedding-005", false)]
    [InlineData("/gemini/v1/projects/p/locations/l/publishers/google/models/imagen-4:predict", Dialect.Images, "imagen-4", false)]
    [InlineData("/gemini/v1beta/models/gemini-embedding-001:batchEmbedContents", Dialect.Embeddings, "gemini-embedding-001", false)]
    [InlineData("/bare/model/us.anthropic.claude-x%3A0/converse", Dialect.Converse, "us.anthropic.claude-x:0", false)]
    [InlineData("/bare/model/us.anthropic.claude-x:0/converse-stream", Dialect.Converse, "us.anthropic.claude-x:0", true)]
    [InlineData("/bare/model/arn%3Aaws%3Abedrock%3Aeu%3A1%3Ainference-profile%2Fx/invoke-with-response-stream", Dialect.InvokeModel, "x", true)]
    [InlineData("/bare/model/arn%3Aaws%3Abedrock%3Aus-east-1%3A%3Afoundation-model%2Fanthropic.claude-x-v1%3A0/invoke", Dialect.InvokeModel, "anthropic.claude-x-v1:0", false)]
    [InlineData("/bare/model/arn%3Aaws%3Abedrock%3Aeu%3A1%3Aapplication-inference-profile%2Fab1/converse", Dialect.Converse, "arn:aws:bedrock:eu:1:application-inference-profile/ab1", false)]
    [InlineData("/bare/model/arn%3Aaws%3Abedrock%3Aeu%3A1%3Ainference-profile%2F/converse", Dialect.Converse, "arn:aws:bedrock:eu:1:inference-profile/", false)]
    [InlineData("/acme-azure/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21", Dialect.ChatCompletions, "my-gpt", false)]
    [InlineData("/acme-azure/openai/deployments/my-emb/embeddings", Dialect.Embeddings, "my-emb", false)]
    [InlineData("/acme-azure/openai/v1/responses", Dialect.Responses, null, false)]
    public void A_model_in_the_path_is_found(string target, Dialect dialect, string? model, bool streamed)
    {
        var router = Configured();

        var route = router.Resolve("POST", target);
        var resolved = router.ResolveModel(route, null, out var error);

        Assert.Null(error);
        Assert.Equal((dialect, model, streamed), (route.Dialect, route.PathModel, route.StreamedByPath));
        Assert.Equal(target[target.IndexOf('/', 1)..], resolved.Path);
        Assert.Equal((model ?? "", false), (resolved.Model, resolved.ModelRewritten));
    }

    [Fact]
    public void What_is_not_posted_generates_nothing()
    {
        Assert.Equal(Dialect.Opaque, Configured().Resolve("GET", "/openai/v1/chat/completions").Dialect);
        Assert.Equal(Dialect.ChatCompletions, Configured().Resolve("post", "/openai/v1/chat/completions").Dialect);
    }

    [Theory]
    [InlineData("GET", "/openai/v1/responses/resp_1", Dialect.Responses)]
    [InlineData("GET", "/openai/v1/responses/resp_1/?stream=true&starting_after=4", Dialect.Responses)]
    [InlineData("get", "/openai/v1/RESPONSES/resp%5F1", Dialect.Responses)]
    [InlineData("POST", "/openai/v1/responses/resp_1/cancel", Dialect.Responses)]
    [InlineData("GET", "/acme-azure/openai/responses/resp_1?api-version=2025-04-01-preview", Dialect.Responses)]
    [InlineData("GET", "/gemini/v1beta/interactions/v1_x", Dialect.Interactions)]
    [InlineData("POST", "/gemini/v1beta/interactions/v1_x/cancel", Dialect.Interactions)]
    [InlineData("GET", "/openai/v1/responses", Dialect.Opaque)]
    [InlineData("GET", "/openai/v1/responses/resp_1/input_items", Dialect.Opaque)]
    [InlineData("DELETE", "/openai/v1/responses/resp_1", Dialect.Opaque)]
    [InlineData("POST", "/openai/v1/responses/resp_1", Dialect.Opaque)]
    [InlineData("GET", "/openai/v1/batches/batch_1", Dialect.Opaque)]
    [InlineData("POST", "/openai/v1/batches/batch_1/cancel", Dialect.Opaque)]
    public void Answers_made_earlier_are_read_in_their_dialect_and_generate_nothing(string method, string target, Dialect stored)
    {
        var route = Configured().Resolve(method, target);
        Assert.Null(route.Error);
        Assert.Equal((Dialect.Opaque, stored, stored), (route.Dialect, route.StoredDialect, route.AnswerDialect));
    }

    [Fact]
    public void A_native_call_keeps_its_model_even_if_it_is_an_alias()
    {
        var router = Configured();
        var target = router.ResolveModel(router.Resolve("POST", "/groq/v1/chat/completions"), "fast", out var error);

        Assert.Null(error);
        Assert.Equal(("groq", "fast", false), (target.Provider.Name, target.Model, target.ModelRewritten));
    }

    [Theory]
    [InlineData("/v1/chat/completions", "openai/gpt-4o", "openai", "gpt-4o", "/v1/chat/completions", true)]
    [InlineData("/chat/completions", "openai/gpt-4o", "openai", "gpt-4o", "/v1/chat/completions", true)]
    [InlineData("/v1/chat/completions?x=1", "local/meta/llama", "local", "meta/llama", "/v1/chat/completions?x=1", true)]
    [InlineData("/v1/chat/completions", "fast", "openai", "gpt-4o-mini", "/v1/chat/completions", true)]
    [InlineData("/v1/chat/completions", "a/b", "groq", "llama", "/openai/v1/chat/completions", true)]
    [InlineData("/v1/chat/completions", "anthropic/claude-x", "anthropic", "claude-x", "/v1/chat/completions", true)]
    [InlineData("/v1/chat/completions", "gemini/gemini-x", "gemini", "gemini-x", "/v1beta/openai/chat/completions", true)]
    [InlineData("/v1/chat/completions", "acme-azure/my-gpt", "acme-azure", "my-gpt", "/openai/v1/chat/completions", true)]
    [InlineData("/v1/messages?beta=true", "anthropic/claude-x", "anthropic", "claude-x", "/v1/messages?beta=true", true)]
    [InlineData("/v1/messages", "claude-x", "anthropic", "claude-x", "/v1/messages", false)]
    [InlineData("/v1/messages", "deepseek/deepseek-chat", "deepseek", "deepseek-chat", "/anthropic/v1/messages", true)]
    [InlineData("/responses", "groq/x", "groq", "x", "/openai/v1/responses", true)]
    [InlineData("/v1/embeddings/", "openai/emb", "openai", "emb", "/v1/embeddings", true)]
    [InlineData("/v1beta/models/gemini/gemini-x:generateContent", null, "gemini", "gemini-x", "/v1beta/models/gemini-x:generateContent", false)]
    [InlineData("/v1beta/models/gemini-x:streamGenerateContent?alt=sse", null, "gemini", "gemini-x", "/v1beta/models/gemini-x:streamGenerateContent?alt=sse", false)]
    [InlineData("/v1/models/gemini%2Fgemini-x:generateContent", null, "gemini", "gemini-x", "/v1beta/models/gemini-x:generateContent", false)]
    public void A_unified_call_goes_where_its_model_is_served(string target, string? model, string provider, string upstreamModel, string path, bool rewritten)
    {
        var router = Configured();
        var route = router.Resolve("POST", target);

        var resolved = router.ResolveModel(route, model, out var error);

        Assert.Null(error);
        Assert.Equal(Surface.Unified, route.Surface);
        Assert.Equal((provider, upstreamModel, path, rewritten), (resolved.Provider.Name, resolved.Model, resolved.Path, resolved.ModelRewritten));
    }

    [Theory]
    [InlineData("GET", "/v1/responses/resp_1", Dialect.Responses, "/v1/responses/resp_1")]
    [InlineData("GET", "/responses/resp_1?stream=true&starting_after=4", Dialect.Responses, "/v1/responses/resp_1?stream=true&starting_after=4")]
    [InlineData("POST", "/v1/responses/resp_1/cancel", Dialect.Responses, "/v1/responses/resp_1/cancel")]
    [InlineData("GET", "/v1/responses/resp_1/input_items", Dialect.Opaque, "/v1/responses/resp_1/input_items")]
    [InlineData("DELETE", "/v1/responses/resp_1", Dialect.Opaque, "/v1/responses/resp_1")]
    public void A_response_made_earlier_is_read_at_the_only_provider_that_can_keep_it(string method, string target, Dialect stored, string path)
    {
        var router = new Router(new GatewayConfig
        {
            DataDirectory = "/unused",
            Providers = new Dictionary<string, ProviderConfig> { ["openai"] = new() { Kind = "openai", ApiKey = "sk-openai" } },
        });

        var route = router.Resolve(method, target);
        var resolved = router.ResolveModel(route, null, out var error);

        Assert.Null(error);
        Assert.Equal((stored, Dialect.Opaque, "openai", path), (route.StoredDialect, route.Dialect, resolved.Provider.Name, resolved.Path));
    }

    [Fact]
    public void A_response_made_earlier_needs_its_provider_named_where_there_are_several()
    {
        var route = Configured().Resolve("GET", "/v1/responses/resp_1");

        Assert.Equal((400, "provider_required"), (route.Error!.Status, route.Error.Code));
        Assert.Contains("/{provider}/v1/responses/", route.Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", null, 400, "model_required", "provider/model")]
    [InlineData("/v1/chat/completions", "", 400, "model_required", "provider/model")]
    [InlineData("/v1/chat/completions", "openai/", 400, "model_required", "openai/")]
    [InlineData("/v1/chat/completions", "gpt-4o", 400, "provider_required", "provider/gpt-4o")]
    [InlineData("/v1/chat/completions", "opnai/gpt-4o", 404, "unknown_provider", "did you mean \"openai\"?")]
    [InlineData("/v1/chat/completions", "lost", 404, "unknown_provider", "gone")]
    [InlineData("/v1/messages", "openai/gpt-4o", 400, "dialect_not_supported", "translation is not available: model \"openai/gpt-4o\" is served by provider \"openai\"")]
    [InlineData("/v1/messages", "fast", 400, "dialect_not_supported", "use /v1/chat/completions or /openai/")]
    [InlineData("/v1/responses", "anthropic/claude-x", 400, "dialect_not_supported", "use /v1/messages or /anthropic/")]
    [InlineData("/v1beta/models/openai/gpt-4o:generateContent", null, 400, "dialect_not_supported", "not Gemini")]
    public void A_model_that_leads_nowhere_is_told_what_would_work(string target, string? model, int status, string code, string message)
    {
        var router = Configured();

        router.ResolveModel(router.Resolve("POST", target), model, out var error);

        Assert.NotNull(error);
        Assert.Equal((status, code), (error.Status, error.Code));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/opanai/v1/chat/completions", 404, "unknown_provider", "did you mean \"openai\"?")]
    [InlineData("POST", "/xyzzy/v1/chat/completions", 404, "unknown_provider", "configured: acme-azure, anthropic, bare, deepseek, gemini, groq, local, openai")]
    [InlineData("POST", "/", 404, "unknown_path", "/v1/chat/completions")]
    [InlineData("POST", "/v1/nothing", 404, "unknown_path", "/v1/chat/completions")]
    [InlineData("POST", "/v1beta/models/x:countTokens", 404, "unknown_path", "generateContent")]
    [InlineData("GET", "/v1/chat/completions", 405, "method_not_allowed", "POST")]
    [InlineData("POST", "/v1/models", 405, "method_not_allowed", "GET")]
    public void A_path_that_leads_nowhere_is_told_what_would_work(string method, string target, int status, string code, string message)
    {
        var router = Configured();
        var route = router.Resolve(method, target);

        Assert.Equal((status, code), (route.Error!.Status, route.Error.Code));
        Assert.Contains(message, route.Error.Message, StringComparison.Ordinal);
        router.ResolveModel(route, "openai/x", out var error);
        Assert.Same(route.Error, error);
    }

    [Theory]
    [InlineData("/v1/models")]
    [InlineData("/models")]
    [InlineData("/v1/models/")]
    public void The_list_of_models_is_the_gateways_own(string target) =>
        Assert.Equal(Surface.Models, Configured().Resolve("GET", target).Surface);

    [Theory]
    [InlineData("/openai/../admin")]
    [InlineData("/openai/v1/..")]
    [InlineData("/openai/./v1")]
    [InlineData("/openai/%2e%2e/admin")]
    [InlineData("/openai/%2E./admin")]
    [InlineData("/openai/%252e%252e/admin")]
    [InlineData("/openai/x%2f..%2fadmin")]
    [InlineData("/openai/..;x/admin")]
    [InlineData("/openai//v1")]
    [InlineData("//openai/v1")]
    [InlineData("/openai\\v1")]
    [InlineData("/openai/%5cv1")]
    [InlineData("/openai/%00")]
    [InlineData("/openai/%0d%0aHost:x")]
    [InlineData("/openai/%7f")]
    [InlineData("/openai/%")]
    [InlineData("/openai/%g0")]
    [InlineData("/openai/%4")]
    [InlineData("/openai/a b")]
    [InlineData("/openai/a\r\nb")]
    [InlineData("/openai/\u00e9")]
    [InlineData("/openai/a#b")]
    [InlineData("/openai?a\nb")]
    [InlineData("openai/v1")]
    [InlineData("*")]
    [InlineData("")]
    public void A_path_that_two_servers_could_read_in_two_ways_is_refused(string target) =>
        Assert.Equal((400, "invalid_path"), (Configured().Resolve("POST", target).Error!.Status, Configured().Resolve("POST", target).Error!.Code));

    [Theory]
    [InlineData("/gemini/v1beta/models/g:generateContent?key=egw_1%2F2&alt=sse", "/v1beta/models/g:generateContent?alt=sse", "egw_1/2")]
    [InlineData("/gemini/v1beta/models/g:generateContent?alt=sse&k%65y=secret", "/v1beta/models/g:generateContent?alt=sse", "secret")]
    [InlineData("/gemini/v1beta/models/g:generateContent?key=secret", "/v1beta/models/g:generateContent", "secret")]
    [InlineData("/openai/v1/files?access_token=secret&monkey=1", "/v1/files?monkey=1", "secret")]
    [InlineData("/openai/v1/files?", "/v1/files", null)]
    [InlineData("/openai/v1/files?a=%20b&c", "/v1/files?a=%20b&c", null)]
    public void A_credential_in_the_query_is_taken_out(string target, string path, string? credential)
    {
        var route = Configured().Resolve("POST", target);

        Assert.Equal((path, credential), (route.NativeTarget, route.QueryCredential));
    }

    [Fact]
    public void A_provider_shows_its_key_nowhere_but_in_its_header()
    {
        var provider = Configured().Providers["openai"];

        Assert.DoesNotContain("sk-", provider.ToString(), StringComparison.Ordinal);
        Assert.Equal(new("Authorization", "Bearer sk-openai"), provider.Credential(Dialect.Opaque));
        Assert.DoesNotContain("sk-", new Target(provider, "m", "/", Dialect.Opaque, false).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("anthropic", Dialect.Messages, "x-api-key", "sk-ant")]
    [InlineData("anthropic", Dialect.Opaque, "x-api-key", "sk-ant")]
    [InlineData("anthropic", Dialect.ChatCompletions, "Authorization", "Bearer sk-ant")]
    [InlineData("gemini", Dialect.Gemini, "x-goog-api-key", "g-key")]
    [InlineData("gemini", Dialect.ChatCompletions, "Authorization", "Bearer g-key")]
    [InlineData("acme-azure", Dialect.ChatCompletions, "api-key", "az")]
    [InlineData("deepseek", Dialect.Messages, "x-api-key", "ds")]
    public void A_key_goes_in_the_header_that_the_endpoint_takes(string provider, Dialect dialect, string header, string value) =>
        Assert.Equal(new(header, value), Configured().Providers[provider].Credential(dialect));

    [Fact]
    public void Only_hosts_of_the_table_must_have_public_addresses()
    {
        var router = Configured();

        Assert.True(router.Providers["openai"].PublicAddressOnly);
        Assert.False(router.Providers["local"].PublicAddressOnly);
        var request = router.ResolveModel(router.Resolve("POST", "/openai/v1/embeddings"), "m", out _).NewRequest("POST");
        Assert.Equal((true, "/v1/embeddings", new Uri("https://api.openai.com")), (request.PublicAddressOnly, request.Target, request.Origin));
    }

    [Fact]
    public void A_user_name_in_a_base_url_goes_nowhere()
    {
        var provider = new Provider("p", new ProviderConfig { Kind = "openai", BaseUrl = new Uri("https://user:secret@[::1]:8443/v1?x=y") });

        Assert.Equal(("https://[::1]:8443/", "/v1/models"), (provider.Origin.AbsoluteUri, provider.Join("/models")));
    }

    [Theory]
    [InlineData("v1", true)]
    [InlineData("chat", true)]
    [InlineData("openai", false)]
    public void A_provider_may_not_hide_the_unified_surface(string name, bool reserved) => Assert.Equal(reserved, Router.IsReservedName(name));

    [Fact]
    public void Every_row_of_the_table_is_complete()
    {
        foreach (var kind in ProviderCatalogue.Kinds)
        {
            var provider = new Provider(kind.Name, new ProviderConfig { Kind = kind.Name, BaseUrl = kind.BaseUrl ?? new Uri("https://x.example") });
            Assert.NotEmpty(kind.Endpoints);
            Assert.NotEmpty(kind.KeyVariables);
            foreach (var endpoint in kind.Endpoints)
            {
                Assert.StartsWith("/", endpoint.Path, StringComparison.Ordinal);
                var path = endpoint.Path.Replace("{model}", "m", StringComparison.Ordinal).Replace("{method}", "generateContent", StringComparison.Ordinal);
                // What the table sends must be recognised when a caller writes it natively, or it would pass unmetered.
                Assert.Equal(endpoint.Dialect, new Router(new GatewayConfig
                {
                    DataDirectory = "/unused",
                    Providers = new Dictionary<string, ProviderConfig> { ["p"] = new() { Kind = kind.Name, BaseUrl = provider.Origin } },
                }).Resolve("POST", "/p" + path).Dialect);
            }
        }
        Assert.Equal(ProviderCatalogue.Kinds.Count, ProviderCatalogue.Kinds.Select(static k => k.Name).Distinct().Count());
    }
}
