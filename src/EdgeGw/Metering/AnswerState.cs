namespace EdgeGw.Metering;

/// <summary>How far an answer has come by the provider's own word, where it can be made in the background and read later.</summary>
public enum AnswerState : byte
{
    /// <summary>The provider did not say.</summary>
    Unknown,
    /// <summary>Queued or being made: its usage comes with a later request.</summary>
    Pending,
    /// <summary>Completed, or cut at a limit: what it reports as usage is billed.</summary>
    Ended,
    /// <summary>Nothing is billed but what is reported.</summary>
    Failed,
    /// <summary>Stopped by the caller; what had been made until then is billed, often without a report.</summary>
    Cancelled,
}
