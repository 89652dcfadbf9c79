namespace EdgeGw.Metering.Framing;

/// <summary>Receives the parts of server-sent events as they pass.</summary>
internal interface ISseHandler
{
    /// <summary>A piece of the event's data. Several <c>data:</c> lines arrive joined by LF, a long one in as many pieces as it came.</summary>
    void OnData(ReadOnlySpan<byte> piece);

    /// <summary>A piece of an <c>error:</c> field, which is not in the standard and which llama.cpp sends instead of data; joined like data.</summary>
    void OnErrorField(ReadOnlySpan<byte> piece);

    /// <summary>The event is complete.</summary>
    /// <param name="name">Its <c>event:</c> field, cut at <see cref="SseParser{THandler}.MaxName"/> bytes; empty when it has none.</param>
    void OnEvent(ReadOnlySpan<byte> name);
}
