namespace EdgeGw.Storage;

/// <summary>Something on disk that is not as it was written.</summary>
/// <param name="Place">The file, with an offset where there is one.</param>
/// <param name="What">What is wrong with it.</param>
/// <param name="Advice">What the operator can do.</param>
public sealed record StorageDamage(string Place, string What, string Advice);
