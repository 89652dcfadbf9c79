namespace EdgeGw.Requests.Inspection;

/// <summary>Signs anywhere in a body that its input costs more than its bytes bound: media, stored input, tools that the provider runs, cache writes.</summary>
/// <remarks>They are looked for by name wherever they stand. A false find (a tool's schema with such a name) makes a hold larger, never smaller.</remarks>
internal struct InputHints
{
    /// <summary>Searches that a hold pays for when the caller caps none; providers' own loops rarely run more.</summary>
    private const long AssumedWebSearches = 10;

    /// <summary>As above, of searches in stored files.</summary>
    private const long AssumedFileSearches = 10;

    private bool _searchesFiles;
    private bool _runsCode;
    private long _searchCap;
    private bool _searches;

    public int MediaParts { get; private set; }
    public bool HasAudio { get; private set; }
    public bool OpenEnded { get; set; }
    public bool WritesCache { get; set; }
    public bool WritesCache1h { get; private set; }
    public readonly long WebSearches => !_searches ? 0 : Math.Max(1, _searchCap > 0 ? _searchCap : AssumedWebSearches);

    public readonly long FileSearches => _searchesFiles ? AssumedFileSearches : 0;
    public readonly long Containers => _runsCode ? 1 : 0;

    /// <summary>A tool that lets the provider search the web: a fee each, and what it finds is input.</summary>
    public void FoundWebSearch()
    {
        _searches = true;
        OpenEnded = true;
    }

    /// <summary>A nested member by its name alone.</summary>
    public void FoundName(ReadOnlySpan<byte> name)
    {
        switch (name.Length)
        {
            case 7 when name.SequenceEqual("file_id"u8) || name.SequenceEqual("fileUri"u8):
            case 8 when name.SequenceEqual("file_url"u8) || name.SequenceEqual("file_uri"u8) || name.SequenceEqual("fileData"u8):
            case 9 when name.SequenceEqual("file_data"u8):
            case 10 when name.SequenceEqual("urlContext"u8):
            case 11 when name.SequenceEqual("url_context"u8):
            case 13 when name.SequenceEqual("codeExecution"u8):
            case 14 when name.SequenceEqual("code_execution"u8):
                OpenEnded = true;
                break;
            case 10 when name.SequenceEqual("inlineData"u8):
            case 11 when name.SequenceEqual("inline_data"u8):
                // The media type may come behind the data, so audio and paged documents are taken into account unseen.
                MediaParts++;
                HasAudio = true;
                break;
            case 12 when name.SequenceEqual("googleSearch"u8):
            case 13 when name.SequenceEqual("google_search"u8):
            case 21 when name.SequenceEqual("googleSearchRetrieval"u8):
            case 23 when name.SequenceEqual("google_search_retrieval"u8):
                FoundWebSearch();
                break;
            case 13 when name.SequenceEqual("cache_control"u8):
                WritesCache = true;
                break;
        }
    }

    /// <summary>The value of a nested <c>type</c>.</summary>
    public void FoundType(ReadOnlySpan<byte> type)
    {
        _searchesFiles |= type.SequenceEqual("file_search"u8);
        _runsCode |= type.SequenceEqual("code_interpreter"u8);
        switch (type.Length)
        {
            case 5 when type.SequenceEqual("image"u8):
            case 9 when type.SequenceEqual("image_url"u8):
            case 11 when type.SequenceEqual("input_image"u8):
                MediaParts++;
                break;
            case 11 when type.SequenceEqual("input_audio"u8):
            case 9 when type.SequenceEqual("audio_url"u8):
                HasAudio = true;
                break;
            case 3 when type.SequenceEqual("mcp"u8):
            case 4 when type.SequenceEqual("file"u8):
            case 8 when type.SequenceEqual("document"u8):
            case 9 when type.SequenceEqual("video_url"u8):
            case 10 when type.SequenceEqual("input_file"u8):
            case 11 when type.SequenceEqual("file_search"u8):
            case 14 when type.SequenceEqual("item_reference"u8):
            case 16 when type.SequenceEqual("code_interpreter"u8) || type.SequenceEqual("image_generation"u8):
                OpenEnded = true;
                break;
            case >= 10 when type.SequenceEqual("web_search"u8) || type.StartsWith("web_search_2"u8) || type.StartsWith("web_search_preview"u8):
                FoundWebSearch();
                break;
            case >= 10 when type.StartsWith("web_fetch_2"u8) || type.StartsWith("code_execution_2"u8) || type.StartsWith("tool_search_tool_"u8):
                OpenEnded = true;
                break;
        }
    }

    /// <summary>The value of a nested <c>ttl</c>.</summary>
    public void FoundLifetime(ReadOnlySpan<byte> ttl) => WritesCache1h |= ttl.SequenceEqual("1h"u8);

    /// <summary>The value of a nested <c>max_uses</c>: Anthropic's cap on a tool's runs.</summary>
    public void FoundMaxUses(long uses) => _searchCap = Math.Max(_searchCap, uses);
}
