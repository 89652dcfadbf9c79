using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Spoken text. The answer is sound without a word on usage; only its streamed form reports tokens, in the last event.</summary>
internal sealed class SpeechReader : OpenAiReader
{
    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("type", Slot.Type),
        .. UsagePaths("usage"),
    ]);

    private bool _last;

    public override PathTable Paths => Table;

    public override bool TakesAnyBody => true;

    /// <summary>Billed by the character, or by tokens: the request is at least as long as the text in it.</summary>
    public override void OnUnreported(long inputBytes) => Usage = Usage with { Characters = inputBytes };

    protected override void OnBegin()
    {
        base.OnBegin();
        _last = false;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Type)
        {
            _last = value.SequenceEqual("speech.audio.done"u8);
            return;
        }
        base.OnOther(slot, kind, value);
    }

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        Finished |= _last;
        Terminated |= _last;
        if (HasUsage)
        {
            Usage = Usage with { AudioOutput = Usage.Output };
        }
    }
}
