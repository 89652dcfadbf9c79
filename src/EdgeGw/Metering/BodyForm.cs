namespace EdgeGw.Metering;

/// <summary>How an answer's body is cut into documents, told by its first byte.</summary>
internal enum BodyForm : byte
{
    Unknown,
    /// <summary>Server-sent events.</summary>
    Sse,
    /// <summary>One JSON document, an array of them, or one after the other (NDJSON).</summary>
    Json,
    /// <summary>Frames of an AWS event stream.</summary>
    Frames,
}
