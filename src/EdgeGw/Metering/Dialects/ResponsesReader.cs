using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>OpenAI Responses: the usage is in the last lifecycle event (<c>completed</c>, <c>incomplete</c>, <c>failed</c>), or in the body.</summary>
internal sealed class ResponsesReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        .. ResponsePaths(""),
        .. ResponsePaths("response."),
        ("type", Slot.Type),
        ("code", Slot.ErrorCode),
        ("delta", Slot.Text),
        ("item.type", Slot.ItemType),
        ("output[].content[].text", Slot.Text),
        ("output[].summary[].text", Slot.ReasoningText),
        ("output[].arguments", Slot.Text),
    ]);

    private Event _event;
    private AnswerState _status;
    private long _searches;
    private long _searchesDone;

    private enum Event : byte
    {
        Other,
        ItemDone,
        Error,
        Last,
        Thinking,
    }

    public override PathTable Paths => Table;

    protected override bool IsThinking => _event == Event.Thinking;

    protected override void OnReset() => _searchesDone = 0;

    protected override void OnBegin()
    {
        base.OnBegin();
        _event = Event.Other;
        _status = AnswerState.Unknown;
        _searches = 0;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        switch (slot)
        {
            case Slot.Type:
                _event = value.SequenceEqual("response.completed"u8) || value.SequenceEqual("response.incomplete"u8) || value.SequenceEqual("response.failed"u8)
                    ? Event.Last
                    : value.SequenceEqual("response.output_item.done"u8) ? Event.ItemDone
                    : value.SequenceEqual("error"u8) ? Event.Error
                    : value.StartsWith("response.reasoning"u8) ? Event.Thinking
                    : Event.Other;
                break;
            case Slot.Status:
                _status = StateOf(value);
                break;
            case Slot.ItemType:
                _searches += value.SequenceEqual("web_search_call"u8) ? 1 : 0;
                break;
            default:
                base.OnOther(slot, kind, value);
                break;
        }
    }

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        switch (_event)
        {
            case Event.ItemDone:
                _searchesDone += _searches;
                break;
            case Event.Error:
                MarkError();
                break;
            case Event.Last:
                Finished = Terminated = true;
                break;
        }
        if (_status != AnswerState.Unknown)
        {
            State = _status;
            Finished |= !Pending;
        }
        if (Usage.WebSearches == 0)
        {
            Usage = Usage with { WebSearches = Math.Max(_searches, _searchesDone) };
        }
    }

    private static IEnumerable<(string Path, Slot Slot)> ResponsePaths(string prefix) =>
    [
        .. UsagePaths(prefix + "usage"),
        (prefix + "id", Slot.Id),
        (prefix + "model", Slot.Model),
        (prefix + "status", Slot.Status),
        (prefix + "service_tier", Slot.ServiceTier),
        (prefix + "output[].type", Slot.ItemType),
        (prefix + "error", Slot.Error),
        (prefix + "error.type", Slot.ErrorType),
        (prefix + "error.code", Slot.ErrorCode),
    ];
}
