namespace EdgeGw.Metering.Framing;

/// <summary>Receives the parts of AWS event stream frames as they pass.</summary>
internal interface IEventStreamHandler
{
    /// <summary>A frame's headers have been read. Nothing is proven yet: its checksum stands behind the payload.</summary>
    /// <param name="name">The type of the event or exception, cut at <see cref="EventStreamParser{THandler}.MaxName"/> bytes; empty when there is none.</param>
    void OnFrameStart(ReadOnlySpan<byte> name);

    /// <summary>A piece of the frame's payload.</summary>
    void OnPayload(ReadOnlySpan<byte> piece);

    /// <summary>The frame is over.</summary>
    /// <param name="isException">It reports an error instead of an event.</param>
    /// <param name="intact">Its checksum holds; otherwise nothing that it said may count.</param>
    void OnFrameEnd(ReadOnlySpan<byte> name, bool isException, bool intact);
}
