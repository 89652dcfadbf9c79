using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Chat Completions and legacy Completions, of OpenAI and of everyone who copies them.</summary>
internal sealed class ChatReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("object", Slot.Type),
        ("type", Slot.ErrorType),
        ("code", Slot.ErrorCode),
        ("id", Slot.Id),
        ("model", Slot.Model),
        ("service_tier", Slot.ServiceTier),
        .. UsagePaths("usage"),
        // The same numbers in a second place, for answers that have them only there.
        .. UsagePaths("x_groq.usage"),
        .. UsagePaths("choices[].usage"),
        ("choices[].finish_reason", Slot.Finish),
        ("choices[].text", Slot.Text),
        .. TextPaths("choices[].delta"),
        .. TextPaths("choices[].message"),
    ]);

    public override PathTable Paths => Table;

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Type && value.SequenceEqual("error"u8))
        {
            // Mistral puts the error's members at the top.
            MarkError();
            return;
        }
        base.OnOther(slot, kind, value);
    }

    private static IEnumerable<(string Path, Slot Slot)> TextPaths(string prefix) =>
    [
        (prefix + ".content", Slot.Text),
        (prefix + ".content[].text", Slot.Text),
        (prefix + ".content[].thinking[].text", Slot.ReasoningText),
        (prefix + ".refusal", Slot.Text),
        (prefix + ".reasoning", Slot.ReasoningText),
        (prefix + ".reasoning_content", Slot.ReasoningText),
        (prefix + ".tool_calls[].function.name", Slot.Text),
        (prefix + ".tool_calls[].function.arguments", Slot.Text),
        (prefix + ".function_call.arguments", Slot.Text),
        (prefix + ".audio.transcript", Slot.Text),
    ];
}
