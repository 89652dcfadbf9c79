namespace EdgeGw.Alerts;

/// <summary>One event on its way to one webhook.</summary>
/// <param name="raised">When it was queued; the time for tries runs from here.</param>
internal sealed class WebhookDelivery(string id, string type, byte[] body, DateTimeOffset raised)
{
    public string Id { get; } = id;

    public string Type { get; } = type;

    public byte[] Body { get; } = body;

    public DateTimeOffset Raised { get; } = raised;

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset Due { get; set; } = raised;

    /// <summary>How often it was tried.</summary>
    public int Tries { get; set; }

    /// <summary>The gateway stops: there will be no further try.</summary>
    public bool IsLast { get; set; }
}
