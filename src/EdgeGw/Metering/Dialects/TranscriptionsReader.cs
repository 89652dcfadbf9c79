using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Transcriptions and translations: tokens or seconds by the kind of usage, or nothing where the answer is plain text or subtitles.</summary>
internal sealed class TranscriptionsReader : OpenAiReader
{
    /// <summary>Speech is hardly ever kept below 32 kbit/s, so that a file lasts this many bytes to the second or less.</summary>
    private const long BytesPerSecond = 4000;

    private static readonly PathTable Table = new(
    [
        .. ErrorPaths,
        ("type", Slot.Type),
        ("model", Slot.Model),
        ("text", Slot.TextCopy),
        ("delta", Slot.Text),
        ("duration", Slot.HostInput),
        .. UsagePaths("usage"),
        ("usage.seconds", Slot.Seconds),
        ("usage.input_token_details.audio_tokens", Slot.AudioInput),
        ("usage.input_token_details.cached_tokens", Slot.CachedInput),
    ]);

    private bool _last;
    private long _duration;

    public override PathTable Paths => Table;

    public override bool TakesAnyBody => true;

    protected override bool Reports => base.Reports || this[Slot.Seconds] >= 0;

    public override void OnUnreported(long inputBytes)
    {
        // The request is a sound file: its bytes are no text.
        HasInput = true;
        Usage = Usage with { Seconds = _duration >= 0 ? _duration : (inputBytes + BytesPerSecond - 1) / BytesPerSecond };
    }

    protected override void OnReset() => _duration = -1;

    protected override void OnBegin()
    {
        base.OnBegin();
        _last = false;
    }

    protected override void OnOther(Slot slot, JsonKind kind, ReadOnlySpan<byte> value)
    {
        if (slot == Slot.Type)
        {
            _last = value.SequenceEqual("transcript.text.done"u8) || value.SequenceEqual("transcription.done"u8);
            return;
        }
        base.OnOther(slot, kind, value);
    }

    protected override void OnCommit(bool complete)
    {
        base.OnCommit(complete);
        _duration = Math.Max(_duration, this[Slot.HostInput]);
        Finished |= _last;
        Terminated |= _last;
    }
}
