namespace EdgeGw.Storage;

/// <summary>Name of a counter: 128 bits of the caller's, compared exactly; any distribution will do.</summary>
public readonly record struct CounterKey(ulong High, ulong Low);
