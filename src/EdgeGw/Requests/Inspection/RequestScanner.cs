using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>The scan behind <see cref="RequestInspector"/>: state, and the walk over the tokens.</summary>
internal ref partial struct RequestScanner
{
    /// <summary>A name of interest is at most 23 bytes, or six times that when every character is escaped.</summary>
    private const int LongestEscapedName = 23 * 6;

    private readonly ReadOnlySpan<byte> _body;
    private readonly Dialect _dialect;

    /// <summary>Told where caps stand; null: nobody asks.</summary>
    private readonly OutputCapPlaces? _caps;
    private JsonTokenizer _reader;
    private InspectionError? _error;
    private InputHints _hints;

    /// <summary>The top-level member that the walk is in.</summary>
    private Member _member;
    private uint _seen;

    private int _objectStart;
    private string? _model;
    private JsonRange _modelRange;
    private JsonRange _fallbacksRange;
    private bool _stream;
    private long? _maxOutput;
    private long _choices;
    private long _prompts;
    private string? _serviceTier;
    private bool _background;
    private bool _picksPlace;
    private string? _searchContext;
    private string? _imageSize;
    private string? _imageQuality;
    private long? _characters;
    private bool _hasTools;
    private bool? _includeUsage;
    private JsonRange _includeUsageRange;
    private JsonRange _streamOptionsRange;
    private bool _streamOptionsHasMembers;

    public RequestScanner(Dialect dialect, ReadOnlySpan<byte> body, OutputCapPlaces? caps = null)
    {
        _caps = caps;
        _dialect = dialect;
        _body = body;
        _reader = new JsonTokenizer(body);
        _choices = 1;
        // Ollama streams unless it is told not to, and sound is played as it arrives.
        _stream = dialect is Dialect.Ollama or Dialect.Speech;
    }

    /// <summary>The path names the model and says whether to stream; a body may repeat either (countTokens, embedContent) or mean something else.</summary>
    private readonly bool PathDecides => _dialect is Dialect.Gemini or Dialect.Converse or Dialect.InvokeModel or Dialect.WorkersAi;

    /// <summary>Walks the whole body: what comes behind a member of interest may still be invalid, or the same member again.</summary>
    public InspectionError? Scan(bool modelRequired)
    {
        Walk();
        if (_error is null && _reader.BrokenAt >= 0)
        {
            return new InspectionError(InspectionErrorKind.InvalidJson, _reader.BrokenAt,
                $"The request's body is no valid JSON, or nested deeper than {RequestInspector.MaxDepth}: byte {_reader.BrokenAt}.");
        }
        if (_error is null && modelRequired && _model is null)
        {
            return new InspectionError(InspectionErrorKind.MissingModel, 0, "The request names no model: \"model\" is missing.");
        }
        return _error;
    }

    public readonly RequestFacts ToFacts() => new()
    {
        Dialect = _dialect,
        Model = _model,
        ModelRange = _modelRange,
        FallbacksRange = _fallbacksRange,
        Stream = _stream,
        MaxOutput = _dialect is Dialect.Embeddings or Dialect.Rerank ? 0 : _maxOutput,
        Choices = Saturating.Multiply(_choices, Math.Max(1, _prompts)),
        InputBytes = _body.Length,
        IncludeUsage = _includeUsage,
        ServiceTier = _serviceTier,
        Background = _background,
        MediaParts = _hints.MediaParts,
        HasAudio = _hints.HasAudio,
        OpenEndedInput = _hints.OpenEnded,
        HasTools = _hasTools,
        WebSearches = _hints.WebSearches,
        FileSearches = _hints.FileSearches,
        Containers = _hints.Containers,
        SearchContext = _searchContext,
        ImageSize = _imageSize,
        ImageQuality = _imageQuality,
        Characters = _characters,
        PicksPlace = _picksPlace,
        WritesCache = _hints.WritesCache,
        WritesCache1h = _hints.WritesCache1h,
        ObjectStart = _objectStart,
        StreamOptionsRange = _streamOptionsRange,
        StreamOptionsHasMembers = _streamOptionsHasMembers,
        IncludeUsageRange = _includeUsageRange,
    };

    private void Walk()
    {
        if (!_reader.Read())
        {
            return;
        }
        if (_reader.Token != JsonToken.StartObject)
        {
            _error = new InspectionError(InspectionErrorKind.NotAnObject, _reader.Start, "The request's body must be a JSON object.");
            return;
        }
        _objectStart = _reader.End;
        _caps?.ObjectStart = _objectStart;
        Span<byte> scratch = stackalloc byte[LongestEscapedName];
        while (_reader.Read() && _error is null)
        {
            switch (_reader.Token)
            {
                case JsonToken.Name when _reader.Depth == 1:
                    OnTopLevel(Text(scratch));
                    break;
                case JsonToken.Name:
                    OnNested(Text(scratch), scratch);
                    break;
                case JsonToken.EndObject when _member == Member.StreamOptions && _reader.Depth == 1:
                    _streamOptionsRange = _streamOptionsRange with { Length = _reader.End - _streamOptionsRange.Offset };
                    break;
                case JsonToken.EndArray when _member == Member.Fallbacks && _reader.Depth == 1:
                    _fallbacksRange = _fallbacksRange with { Length = _reader.End - _fallbacksRange.Offset };
                    break;
                // A legacy completion answers each prompt of a list, and bills each.
                case JsonToken.String or JsonToken.StartArray
                    when _member == Member.Prompt && _dialect == Dialect.Completions && _reader.Depth == 2:
                    _prompts++;
                    break;
            }
        }
    }

    /// <summary>The current name or string, unescaped; empty when it is too long to be of interest.</summary>
    private readonly ReadOnlySpan<byte> Text(Span<byte> scratch)
    {
        if (!_reader.IsEscaped)
        {
            return _reader.Value;
        }
        if (_reader.Value.Length > scratch.Length)
        {
            return default;
        }
        var quoted = new Utf8JsonReader(_body[_reader.Start.._reader.End]);
        quoted.Read();
        try
        {
            return scratch[..quoted.CopyString(scratch)];
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: no name of ours.
            return default;
        }
    }
}
