using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Mistral OCR, billed by the page.</summary>
internal sealed class OcrReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("model", Slot.Model),
        ("usage_info", Slot.Usage),
        ("usage_info.pages_processed", Slot.Pages),
    ]);

    private bool _usageClosed;

    public override PathTable Paths => Table;

    protected override void OnBegin() => _usageClosed = false;

    protected override void OnEnd(Slot slot) => _usageClosed |= slot == Slot.Usage;

    protected override void OnCommit(bool complete)
    {
        if (_usageClosed && this[Slot.Pages] >= 0)
        {
            Usage = new Usage { Pages = this[Slot.Pages] };
            HasUsage = true;
        }
    }
}
