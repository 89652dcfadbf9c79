using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>A top-level member of a body that the gateway acts on. Spellings that a provider takes for one member are one value here.</summary>
internal enum Member : byte
{
    Other,
    Model,
    Fallbacks,
    Stream,
    StreamOptions,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Choices,
    BestOf,
    ServiceTier,
    Speed,
    Background,
    Prompt,
    Tools,
    GenerationConfig,
    StoredInput,
    SearchOptions,
    CacheControl,
    Place,
    ImageSize,
    ImageQuality,
    SpokenText,
}

/// <summary>Names of the members in <see cref="Member"/>.</summary>
internal static class Members
{
    public static Member Of(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 => name[0] == (byte)'n' ? Member.Choices : Member.Other,
        5 when name.SequenceEqual("model"u8) => Member.Model,
        5 when name.SequenceEqual("tools"u8) => Member.Tools,
        5 when name.SequenceEqual("speed"u8) => Member.Speed,
        6 when name.SequenceEqual("stream"u8) => Member.Stream,
        6 when name.SequenceEqual("prompt"u8) => Member.Prompt,
        6 when name.SequenceEqual("models"u8) => Member.Fallbacks,
        7 when name.SequenceEqual("best_of"u8) => Member.BestOf,
        9 when name.SequenceEqual("functions"u8) => Member.Tools,
        10 when name.SequenceEqual("max_tokens"u8) => Member.MaxTokens,
        10 when name.SequenceEqual("background"u8) => Member.Background,
        11 when name.SequenceEqual("max_gen_len"u8) => Member.MaxTokens,
        11 when name.SequenceEqual("serviceTier"u8) => Member.ServiceTier,
        11 when name.SequenceEqual("mcp_servers"u8) => Member.StoredInput,
        12 when name.SequenceEqual("service_tier"u8) => Member.ServiceTier,
        12 when name.SequenceEqual("conversation"u8) => Member.StoredInput,
        13 when name.SequenceEqual("inference_geo"u8) => Member.Place,
        13 when name.SequenceEqual("cachedContent"u8) => Member.StoredInput,
        13 when name.SequenceEqual("cache_control"u8) => Member.CacheControl,
        14 when name.SequenceEqual("stream_options"u8) => Member.StreamOptions,
        14 when name.SequenceEqual("cached_content"u8) => Member.StoredInput,
        15 when name.SequenceEqual("inferenceConfig"u8) => Member.GenerationConfig,
        16 when name.SequenceEqual("generationConfig"u8) => Member.GenerationConfig,
        17 when name.SequenceEqual("generation_config"u8) => Member.GenerationConfig,
        17 when name.SequenceEqual("max_output_tokens"u8) => Member.MaxOutputTokens,
        17 when name.SequenceEqual("search_parameters"u8) => Member.SearchOptions,
        18 when name.SequenceEqual("web_search_options"u8) => Member.SearchOptions,
        20 when name.SequenceEqual("max_tokens_to_sample"u8) => Member.MaxOutputTokens,
        20 when name.SequenceEqual("previous_response_id"u8) => Member.StoredInput,
        21 when name.SequenceEqual("max_completion_tokens"u8) => Member.MaxCompletionTokens,
        _ => Member.Other,
    };

    /// <summary>Names that mean something in one dialect only.</summary>
    public static Member Of(ReadOnlySpan<byte> name, Dialect dialect) => dialect switch
    {
        Dialect.Watsonx when name.SequenceEqual("model_id"u8) => Member.Model,
        Dialect.Images when name.SequenceEqual("size"u8) => Member.ImageSize,
        Dialect.Images when name.SequenceEqual("quality"u8) => Member.ImageQuality,
        Dialect.Speech when name.SequenceEqual("input"u8) => Member.SpokenText,
        Dialect.InvokeModel => OfModelFamily(name),
        Dialect.Ollama => OfOllama(name),
        _ => OwnCap(Of(name), dialect),
    };

    /// <summary>Another dialect's spelling of the output cap means nothing to a provider, so it must not lower the bound of what a call can cost.</summary>
    private static Member OwnCap(Member member, Dialect dialect)
    {
        var isForeign = member switch
        {
            Member.MaxTokens => dialect is Dialect.Responses or Dialect.Gemini or Dialect.Interactions or Dialect.Converse,
            Member.MaxCompletionTokens => dialect is Dialect.Responses or Dialect.Messages or Dialect.CohereChat or Dialect.Gemini or Dialect.Interactions or Dialect.Converse,
            Member.MaxOutputTokens => dialect is Dialect.ChatCompletions or Dialect.Completions or Dialect.Messages or Dialect.CohereChat or Dialect.Gemini
                or Dialect.Interactions or Dialect.Converse,
            Member.GenerationConfig => dialect is Dialect.ChatCompletions or Dialect.Completions or Dialect.Responses or Dialect.Messages or Dialect.CohereChat,
            _ => false,
        };
        return isForeign ? Member.Other : member;
    }

    /// <summary>Ollama's own API takes settings in <c>options</c> only; elsewhere they mean nothing to it.</summary>
    private static Member OfOllama(ReadOnlySpan<byte> name) => name.SequenceEqual("options"u8) ? Member.GenerationConfig : Of(name) switch
    {
        Member.MaxTokens or Member.MaxCompletionTokens or Member.MaxOutputTokens or Member.GenerationConfig => Member.Other,
        var other => other,
    };

    /// <summary>Bedrock's <c>InvokeModel</c> takes each model family's own body: Titan's, Jurassic's and Command's spellings besides.</summary>
    public static Member OfModelFamily(ReadOnlySpan<byte> name) => name.Length switch
    {
        9 when name.SequenceEqual("maxTokens"u8) => Member.MaxTokens,
        10 when name.SequenceEqual("numResults"u8) => Member.Choices,
        15 when name.SequenceEqual("num_generations"u8) => Member.Choices,
        20 when name.SequenceEqual("textGenerationConfig"u8) => Member.GenerationConfig,
        _ => Of(name),
    };

    /// <summary>
    /// The name differs from <c>model</c> or <c>stream</c> in case only. Backends whose JSON library ignores case would take it for the real one.
    /// </summary>
    public static bool IsMisspelt(ReadOnlySpan<byte> name) =>
        (name.Length == 5 && System.Text.Ascii.EqualsIgnoreCase(name, "model"u8))
        || (name.Length == 6 && System.Text.Ascii.EqualsIgnoreCase(name, "stream"u8));

    /// <summary>May stand twice: it only ever raises the bound.</summary>
    public static bool MayRepeat(Member member) => member is Member.Other or Member.StoredInput or Member.SearchOptions or Member.CacheControl;

    /// <summary>As providers spell it, for messages.</summary>
    public static string NameOf(Member member) => member switch
    {
        Member.Model => "model",
        Member.Fallbacks => "models",
        Member.Stream => "stream",
        Member.StreamOptions => "stream_options",
        Member.MaxTokens => "max_tokens",
        Member.MaxCompletionTokens => "max_completion_tokens",
        Member.MaxOutputTokens => "max_output_tokens",
        Member.Choices => "n",
        Member.BestOf => "best_of",
        Member.ServiceTier => "service_tier",
        Member.Speed => "speed",
        Member.Background => "background",
        Member.Prompt => "prompt",
        Member.Tools => "tools",
        Member.GenerationConfig => "generationConfig",
        Member.Place => "inference_geo",
        Member.ImageSize => "size",
        Member.ImageQuality => "quality",
        Member.SpokenText => "input",
        _ => "member",
    };
}
