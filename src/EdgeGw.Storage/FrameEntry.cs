using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>A record on its way into FASTER's page: the frame is written there directly. The payload stays pinned during the call.</summary>
internal readonly unsafe struct FrameEntry(byte type, byte version, long sequence, long durableSequence, byte* payload, int length, uint state)
    : ILogEnqueueEntry
{
    public int SerializedLength => JournalFormat.FrameHeaderBytes + length;

    public void SerializeTo(Span<byte> dest) =>
        JournalFormat.WriteFrame(dest, type, version, sequence, durableSequence, new ReadOnlySpan<byte>(payload, length), state);
}
