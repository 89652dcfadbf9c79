namespace EdgeGw.Alerts;

/// <summary>What came of one try.</summary>
/// <param name="Fault">Null: delivered. In words that hold nothing of the address beyond its host, and nothing of the answer.</param>
/// <param name="IsTransient">Another try may succeed.</param>
/// <param name="RetryAfter">How long the receiver asks to be left alone.</param>
internal readonly record struct WebhookAnswer(string? Fault, bool IsTransient = false, TimeSpan? RetryAfter = null);
