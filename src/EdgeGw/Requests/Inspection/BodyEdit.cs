namespace EdgeGw.Requests.Inspection;

/// <summary>One replacement in a body: <paramref name="Length"/> bytes at <paramref name="Offset"/> become <paramref name="Replacement"/>.</summary>
/// <param name="Length">Zero inserts.</param>
public readonly record struct BodyEdit(int Offset, int Length, ReadOnlyMemory<byte> Replacement);
