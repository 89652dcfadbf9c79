using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>watsonx <c>/ml/v1/text/generation</c> and its stream: the input's count comes with the first event and zero later, the output's is running.</summary>
internal sealed class WatsonxReader : DialectReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("errors[].code", Slot.ErrorCode),
        ("errors[]", Slot.Error),
        ("model_id", Slot.Model),
        ("results[].generated_text", Slot.Text),
        ("results[].input_token_count", Slot.ItemInput),
        ("results[].generated_token_count", Slot.ItemOutput),
        ("results[].stop_reason", Slot.Finish),
    ]);

    private long _input;

    public override PathTable Paths => Table;

    protected override void OnReset() => _input = 0;

    protected override void OnCount(Slot slot, long count) => this[slot] = Count(slot) + count;

    protected override void OnFinish(ReadOnlySpan<byte> reason)
    {
        // Kept as an ending by the base; this one is none.
        Finished = !reason.SequenceEqual("not_finished"u8);
    }

    protected override void OnCommit(bool complete)
    {
        if (this[Slot.ItemInput] < 0 && this[Slot.ItemOutput] < 0)
        {
            return;
        }
        _input += Count(Slot.ItemInput);
        Usage = new Usage { Input = _input, Output = this[Slot.ItemOutput] >= 0 ? this[Slot.ItemOutput] : Usage.Output };
        HasUsage = true;
    }
}
