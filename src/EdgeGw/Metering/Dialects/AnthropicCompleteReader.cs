using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Anthropic's legacy <c>/v1/complete</c>, which reports no usage at all: the text is there to estimate from.</summary>
internal sealed class AnthropicCompleteReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("id", Slot.Id),
        ("model", Slot.Model),
        ("completion", Slot.Text),
        ("stop_reason", Slot.Finish),
    ]);

    public override PathTable Paths => Table;

    protected override void OnCommit(bool complete)
    {
    }
}
