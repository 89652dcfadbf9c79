using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Ollama's own <c>/api/chat</c> and <c>/api/generate</c>: NDJSON whose last line has the counts, or one object.</summary>
/// <remarks>The prompt's count is left out when the prompt was cached; output is then known and input estimated.</remarks>
internal sealed class OllamaReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("model", Slot.Model),
        ("done", Slot.Done),
        ("done_reason", Slot.Finish),
        ("prompt_eval_count", Slot.Input),
        ("eval_count", Slot.Output),
        ("response", Slot.Text),
        ("thinking", Slot.ReasoningText),
        ("message.content", Slot.Text),
        ("message.thinking", Slot.ReasoningText),
        ("message.tool_calls[].function.name", Slot.Text),
    ]);

    private bool _idle;

    public override PathTable Paths => Table;

    protected override void OnBegin() => _idle = false;

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Done)
        {
            MoreToCome = value.SequenceEqual("false"u8);
            Finished |= !MoreToCome;
            Terminated |= !MoreToCome;
        }
    }

    // A request without a prompt only loads the model or puts it away.
    protected override void OnFinish(ReadOnlySpan<byte> reason) => _idle = reason.SequenceEqual("load"u8) || reason.SequenceEqual("unload"u8);

    protected override void OnCommit(bool complete)
    {
        HasInput |= this[Slot.Input] >= 0 || _idle;
        HasOutput |= this[Slot.Output] >= 0 || _idle;
        HasUsage = HasInput && HasOutput;
        if (this[Slot.Input] >= 0 || this[Slot.Output] >= 0)
        {
            Usage = new Usage { Input = Count(Slot.Input), Output = Count(Slot.Output) };
        }
    }
}
