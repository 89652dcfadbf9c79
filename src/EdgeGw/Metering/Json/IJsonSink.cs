namespace EdgeGw.Metering.Json;

/// <summary>Receives what a <see cref="JsonWalker"/> finds at the paths of a table.</summary>
internal interface IJsonSink
{
    /// <summary>A root object begins.</summary>
    void OnDocumentStart();

    /// <summary>A scalar at a path.</summary>
    /// <param name="value">Its bytes as they stand, without quotes and still escaped; cut at <see cref="JsonWalker.CarryLength"/> when pieces were joined.</param>
    /// <param name="length">Its whole length in bytes.</param>
    void OnValue(Slot slot, JsonKind kind, ReadOnlySpan<byte> value, long length);

    /// <summary>An object at a path has been closed.</summary>
    void OnObjectEnd(Slot slot);

    /// <summary>The root object has ended; not <paramref name="complete"/>: the input ended inside it.</summary>
    void OnDocumentEnd(bool complete);
}
