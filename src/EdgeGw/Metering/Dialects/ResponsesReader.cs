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
        ("item.container_id", Slot.Container),
        ("output[].content[].text", Slot.Text),
        ("output[].summary[].text", Slot.ReasoningText),
        ("output[].arguments", Slot.Text),
    ]);

    private Event _event;
    private AnswerState _status;
    private ToolCalls _calls;
    private ToolCalls _callsDone;
    private Containers _containers;

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

    protected override void OnReset()
    {
        _callsDone = default;
        _containers.Clear();
    }

    protected override void OnBegin()
    {
        base.OnBegin();
        _event = Event.Other;
        _status = AnswerState.Unknown;
        _calls = default;
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
                _calls = _calls.With(value);
                break;
            case Slot.Container when kind == JsonKind.String && !value.IsEmpty:
                _containers.Add(value);
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
                _callsDone += _calls;
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
        // The last event repeats the items that came one by one before it.
        Usage = Usage with
        {
            WebSearches = this[Slot.WebSearches] > 0 ? this[Slot.WebSearches] : Math.Max(_calls.Web, _callsDone.Web),
            FileSearches = Math.Max(_calls.File, _callsDone.File),
            Containers = _containers.Count,
        };
    }

    private static IEnumerable<(string Path, Slot Slot)> ResponsePaths(string prefix) =>
    [
        .. UsagePaths(prefix + "usage"),
        (prefix + "id", Slot.Id),
        (prefix + "model", Slot.Model),
        (prefix + "status", Slot.Status),
        (prefix + "service_tier", Slot.ServiceTier),
        (prefix + "output[].type", Slot.ItemType),
        (prefix + "output[].container_id", Slot.Container),
        (prefix + "error", Slot.Error),
        (prefix + "error.type", Slot.ErrorType),
        (prefix + "error.code", Slot.ErrorCode),
    ];

    /// <summary>Tools that the provider ran, each at a fee.</summary>
    private readonly record struct ToolCalls(long Web, long File)
    {
        public static ToolCalls operator +(ToolCalls a, ToolCalls b) => new(a.Web + b.Web, a.File + b.File);

        public ToolCalls With(ReadOnlySpan<byte> item) => item.SequenceEqual("web_search_call"u8) ? this with { Web = Web + 1 }
            : item.SequenceEqual("file_search_call"u8) ? this with { File = File + 1 }
            : this;
    }
}
