namespace EdgeGw.Metering.Json;

/// <summary>What kind of scalar stands at a path.</summary>
internal enum JsonKind : byte
{
    String,
    /// <summary>A number, <c>true</c>, <c>false</c> or <c>null</c>, as the bytes stand.</summary>
    Literal,
}
