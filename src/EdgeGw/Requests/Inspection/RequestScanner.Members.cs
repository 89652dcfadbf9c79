using System.Buffers.Text;
using System.Text;
using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>What each member means.</summary>
internal ref partial struct RequestScanner
{
    private const int LongestServiceTier = 64;

    private void OnTopLevel(scoped ReadOnlySpan<byte> name)
    {
        _member = Members.Of(name, _dialect);
        if (PathDecides && _member is Member.Model or Member.Stream)
        {
            // The path decides; a body may repeat the model (countTokens, embedContent).
            _member = Member.Other;
        }
        if (_member == Member.Other)
        {
            if (!PathDecides && Members.IsMisspelt(name))
            {
                Fail(InspectionErrorKind.DuplicateMember, "\"model\" and \"stream\" are written in lower case: backends that ignore case could read another value.");
            }
            return;
        }
        var bit = 1u << (int)_member;
        if ((_seen & bit) != 0 && !Members.MayRepeat(_member))
        {
            Fail(InspectionErrorKind.DuplicateMember, $"\"{Members.NameOf(_member)}\" stands more than once.");
            return;
        }
        _seen |= bit;
        _reader.Read();
        switch (_member)
        {
            case Member.Model:
                OnModel();
                break;
            case Member.Fallbacks:
                _fallbacksRange = new JsonRange(_reader.Start, _reader.End - _reader.Start);
                break;
            case Member.Stream:
                _stream = ReadFlag() ?? _stream;
                break;
            case Member.Background:
                _background = ReadFlag() ?? false;
                break;
            case Member.StreamOptions:
                OnStreamOptions();
                break;
            case Member.MaxTokens or Member.MaxCompletionTokens or Member.MaxOutputTokens:
                OnOutputCap();
                break;
            case Member.GenerationConfig:
                _caps?.Config = _reader.Token == JsonToken.StartObject ? new JsonRange(_reader.End, 0) : new JsonRange(_reader.Start, _reader.End - _reader.Start);
                break;
            case Member.Choices or Member.BestOf:
                OnChoices();
                break;
            // Bedrock writes it as an object with a type.
            case Member.ServiceTier when _dialect == Dialect.Converse && _reader.Token == JsonToken.StartObject:
                break;
            case Member.ServiceTier or Member.Speed:
                OnServiceTier();
                break;
            case Member.Prompt when _dialect == Dialect.Responses && _reader.Token != JsonToken.Null:
            case Member.StoredInput when _reader.Token != JsonToken.Null:
                _hints.OpenEnded = true;
                break;
            case Member.SearchOptions when _reader.Token != JsonToken.Null:
                _hints.FoundWebSearch();
                break;
            case Member.Place:
                _picksPlace = _reader.Token == JsonToken.String;
                break;
            case Member.ImageSize:
                _imageSize = ReadWord();
                break;
            case Member.ImageQuality:
                _imageQuality = ReadWord();
                break;
            case Member.SpokenText when _reader.Token == JsonToken.String:
                _characters = CodePoints.Count(_reader.Value, _reader.IsEscaped);
                break;
            case Member.CacheControl:
                _hints.WritesCache = true;
                break;
            case Member.Tools:
                _hasTools |= _reader.Token == JsonToken.StartArray;
                break;
        }
    }

    private void OnNested(scoped ReadOnlySpan<byte> name, scoped Span<byte> scratch)
    {
        if (_reader.Depth == 2 && _member == Member.StreamOptions)
        {
            _streamOptionsHasMembers = true;
            if (name.SequenceEqual("include_usage"u8))
            {
                OnIncludeUsage();
            }
            return;
        }
        if (_reader.Depth == 2 && _member == Member.ServiceTier && name.SequenceEqual("type"u8))
        {
            _reader.Read();
            OnServiceTier();
            return;
        }
        if (_reader.Depth == 2 && _member == Member.SearchOptions && name.SequenceEqual("search_context_size"u8))
        {
            _reader.Read();
            _searchContext = ReadWord();
            return;
        }
        if (_reader.Depth == 2 && _member == Member.GenerationConfig)
        {
            _caps?.ConfigHasMembers = true;
            if (_dialect == Dialect.Ollama)
            {
                // It ignores every other spelling, so another must not lower the bound.
                if (name.SequenceEqual("num_predict"u8))
                {
                    _reader.Read();
                    OnOutputCap();
                }
            }
            else if (name.SequenceEqual("maxOutputTokens"u8) || name.SequenceEqual("max_output_tokens"u8)
                || name.SequenceEqual("maxTokens"u8) || name.SequenceEqual("max_new_tokens"u8) || name.SequenceEqual("maxTokenCount"u8))
            {
                _reader.Read();
                OnOutputCap();
            }
            else if (name.SequenceEqual("candidateCount"u8) || name.SequenceEqual("candidate_count"u8))
            {
                _reader.Read();
                OnChoices();
            }
            return;
        }
        switch (name.Length)
        {
            case 3 when name.SequenceEqual("ttl"u8):
                _reader.Read();
                if (_reader.Token == JsonToken.String)
                {
                    _hints.FoundLifetime(Text(scratch));
                }
                break;
            case 4 when name.SequenceEqual("type"u8):
                _reader.Read();
                if (_reader.Token == JsonToken.String)
                {
                    _hints.FoundType(Text(scratch));
                }
                break;
            case 8 when name.SequenceEqual("max_uses"u8):
                _reader.Read();
                if (_reader.Token == JsonToken.Number && Utf8Parser.TryParse(_reader.Value, out long uses, out var read) && read == _reader.Value.Length)
                {
                    _hints.FoundMaxUses(uses);
                }
                break;
            case 13 when _caps is not null && name.SequenceEqual("budget_tokens"u8):
                _reader.Read();
                _caps.ThinkingBudget = Math.Max(_caps.ThinkingBudget, _reader.Token == JsonToken.Number ? ReadCount() ?? 0 : 0);
                break;
            default:
                _hints.FoundName(name);
                break;
        }
    }

    private void OnModel()
    {
        if (_reader.Token == JsonToken.Null)
        {
            return;
        }
        if (_reader.Token != JsonToken.String || _reader.Value.Length > RequestInspector.LongestModel)
        {
            Fail(InspectionErrorKind.InvalidMember, $"\"model\" must be a string of at most {RequestInspector.LongestModel} bytes.");
            return;
        }
        Span<byte> scratch = stackalloc byte[RequestInspector.LongestModel];
        var name = Text(scratch);
        // Printable ASCII: the name becomes a header, a metric's label and a line in logs.
        if (_reader.Value.IsEmpty || name.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e) || name.IsEmpty)
        {
            Fail(InspectionErrorKind.InvalidMember, "\"model\" must be printable ASCII and not empty.");
            return;
        }
        _model = ModelNames.OfAscii(name);
        _modelRange = new JsonRange(_reader.Start, _reader.End - _reader.Start);
    }

    private void OnStreamOptions()
    {
        // Whatever else it is, the provider refuses; then nothing is edited.
        if (_reader.Token is JsonToken.StartObject or JsonToken.Null)
        {
            _streamOptionsRange = new JsonRange(_reader.Start, _reader.End - _reader.Start);
        }
        else
        {
            Fail(InspectionErrorKind.InvalidMember, "\"stream_options\" must be an object.");
        }
    }

    private void OnIncludeUsage()
    {
        if (!_includeUsageRange.IsEmpty)
        {
            Fail(InspectionErrorKind.DuplicateMember, "\"include_usage\" stands more than once.");
            return;
        }
        _reader.Read();
        _includeUsageRange = new JsonRange(_reader.Start, _reader.End - _reader.Start);
        _includeUsage = ReadFlag();
    }

    /// <summary>Several caps: the provider's choice among them is its own, so the largest counts.</summary>
    private void OnOutputCap()
    {
        var count = ReadCount();
        _caps?.Caps.Add((new JsonRange(_reader.Start, _reader.End - _reader.Start), count));
        // Zero and below mean "no cap" to llama.cpp and vLLM, and are refused elsewhere.
        if (count is { } cap and > 0)
        {
            _maxOutput = Math.Max(_maxOutput ?? 0, cap);
        }
    }

    private void OnChoices() => _choices = Math.Max(_choices, ReadCount() ?? 1);

    private void OnServiceTier()
    {
        if (_reader.Token == JsonToken.Null)
        {
            return;
        }
        if (_reader.Token != JsonToken.String || _reader.Value.Length > LongestServiceTier || !Ascii.IsValid(_reader.Value))
        {
            Fail(InspectionErrorKind.InvalidMember, $"\"{Members.NameOf(_member)}\" must be a short string.");
            return;
        }
        Span<byte> scratch = stackalloc byte[LongestServiceTier];
        var tier = Text(scratch);
        if (!Ascii.IsValid(tier))
        {
            Fail(InspectionErrorKind.InvalidMember, $"\"{Members.NameOf(_member)}\" must be ASCII.");
        }
        else if (_member == Member.Speed)
        {
            _serviceTier = tier.SequenceEqual("fast"u8) ? "fast" : _serviceTier;
        }
        else if (_serviceTier != "fast")
        {
            _serviceTier = ModelNames.OfAscii(tier);
        }
    }

    /// <summary>A short word of ASCII; null for anything else, which then has no price of its own.</summary>
    private readonly string? ReadWord()
    {
        if (_reader.Token != JsonToken.String)
        {
            return null;
        }
        Span<byte> scratch = stackalloc byte[LongestServiceTier];
        var word = Text(scratch);
        return Ascii.IsValid(word) && word.Length is > 0 and <= LongestServiceTier ? ModelNames.OfAscii(word) : "?";
    }

    /// <summary>A boolean, or null. Anything else is refused: lenient backends read <c>"true"</c> as true, and then the answer is not what we expect.</summary>
    private bool? ReadFlag()
    {
        switch (_reader.Token)
        {
            case JsonToken.True:
                return true;
            case JsonToken.False:
                return false;
            case JsonToken.Null:
                return null;
            default:
                Fail(InspectionErrorKind.InvalidMember, $"\"{Members.NameOf(_member)}\" must be true or false.");
                return null;
        }
    }

    /// <summary>A count, rounded up and saturated; null for null.</summary>
    private long? ReadCount()
    {
        if (_reader.Token == JsonToken.Number)
        {
            var digits = _reader.Value;
            return Utf8Parser.TryParse(digits, out long whole, out var read) && read == digits.Length ? whole
                : Utf8Parser.TryParse(digits, out decimal exact, out read) && read == digits.Length && Math.Abs(exact) < long.MaxValue
                    ? (long)decimal.Ceiling(exact)
                    : long.MaxValue;
        }
        if (_reader.Token != JsonToken.Null)
        {
            Fail(InspectionErrorKind.InvalidMember, $"\"{Members.NameOf(_member)}\" must be a number.");
        }
        return null;
    }

    private void Fail(InspectionErrorKind kind, string message) => _error ??= new InspectionError(kind, _reader.Start, message);
}
