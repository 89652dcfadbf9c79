using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Cohere chat, v1 (NDJSON when streamed) and v2. What is billed are the billed units; <c>tokens</c> holds templates that nobody pays for.</summary>
/// <remarks>Cached tokens belong to <c>tokens</c> and say nothing of what is billed. Reasoning is told there only, and is billed.</remarks>
internal sealed class CohereChatReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("message", Slot.ErrorMessage),
        ("id", Slot.Id),
        ("response_id", Slot.Id),
        ("generation_id", Slot.Id),
        ("model", Slot.Model),
        .. UsagePaths("usage"),
        .. UsagePaths("delta.usage"),
        .. UsagePaths("meta"),
        .. UsagePaths("response.meta"),
        ("is_finished", Slot.Done),
        ("finish_reason", Slot.Finish),
        ("delta.finish_reason", Slot.Finish),
        ("text", Slot.Text),
        ("generations[].text", Slot.Text),
        ("tool_call_delta.parameters", Slot.Text),
        ("message.tool_plan", Slot.ReasoningText),
        ("message.content[].text", Slot.Text),
        ("message.content[].thinking", Slot.ReasoningText),
        ("message.tool_calls[].function.arguments", Slot.Text),
        ("delta.message.tool_plan", Slot.ReasoningText),
        ("delta.message.content.text", Slot.Text),
        ("delta.message.content.thinking", Slot.ReasoningText),
        ("delta.message.tool_calls.function.arguments", Slot.Text),
    ]);

    private bool _usageClosed;

    public override PathTable Paths => Table;

    protected override void OnBegin() => _usageClosed = false;

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Done)
        {
            MoreToCome = value.SequenceEqual("false"u8);
            Terminated |= !MoreToCome;
        }
    }

    protected override void OnFinish(ReadOnlySpan<byte> reason)
    {
        if (reason.StartsWith("ERROR"u8))
        {
            MarkError();
        }
    }

    protected override void OnEnd(Slot slot) => _usageClosed |= slot == Slot.Usage;

    protected override void OnCommit(bool complete)
    {
        if (!_usageClosed || !(Has(Slot.Input) || Has(Slot.Output) || Has(Slot.SearchUnits) || Has(Slot.HostInput) || Has(Slot.HostOutput)))
        {
            return;
        }
        // Hosts that bill otherwise leave the units out.
        var billed = Has(Slot.Input) || Has(Slot.Output) || Has(Slot.SearchUnits);
        var image = Count(Slot.ImageInputBeside);
        var output = billed ? Count(Slot.Output) : Count(Slot.HostOutput);
        Usage = new Usage
        {
            Input = (billed ? Count(Slot.Input) : Count(Slot.HostInput)) + image,
            ImageInput = image,
            Output = output,
            Reasoning = Math.Min(Count(Slot.Reasoning), output),
            SearchUnits = Count(Slot.SearchUnits),
        };
        HasUsage = true;
    }

    private static IEnumerable<(string Path, Slot Slot)> UsagePaths(string prefix) =>
    [
        (prefix, Slot.Usage),
        (prefix + ".billed_units.input_tokens", Slot.Input),
        (prefix + ".billed_units.output_tokens", Slot.Output),
        (prefix + ".billed_units.image_tokens", Slot.ImageInputBeside),
        (prefix + ".billed_units.search_units", Slot.SearchUnits),
        (prefix + ".tokens.input_tokens", Slot.HostInput),
        (prefix + ".tokens.output_tokens", Slot.HostOutput),
        (prefix + ".tokens.reasoning_tokens", Slot.Reasoning),
    ];

    private bool Has(Slot slot) => this[slot] >= 0;
}
