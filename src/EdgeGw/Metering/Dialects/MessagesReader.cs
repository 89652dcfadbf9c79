using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Dialects;

/// <summary>Anthropic Messages: the answer as it is, or its events.</summary>
internal sealed class MessagesReader : AnthropicReader
{
    private static readonly PathTable Table = new(MessagePaths);

    public override PathTable Paths => Table;
}
