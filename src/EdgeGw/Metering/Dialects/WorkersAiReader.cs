using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Cloudflare Workers AI's own <c>/ai/run/{model}</c>: the answer wrapped in <c>result</c>, or events of which the last has usage.</summary>
internal sealed class WorkersAiReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("errors[]", Slot.Error),
        ("errors[].code", Slot.ErrorCode),
        ("response", Slot.Text),
        ("result.response", Slot.Text),
        ("choices[].delta.content", Slot.Text),
        ("choices[].delta.reasoning_content", Slot.ReasoningText),
        ("choices[].finish_reason", Slot.Finish),
        ("result.choices[].message.content", Slot.Text),
        .. UsagePaths("usage"),
        .. UsagePaths("result.usage"),
    ]);

    public override PathTable Paths => Table;
}
