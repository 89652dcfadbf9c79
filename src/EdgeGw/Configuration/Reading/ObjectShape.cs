namespace EdgeGw.Configuration.Reading;

/// <summary>The names an object may hold, and those of the contract that this version does not have yet.</summary>
/// <param name="Names">Null: any name (the object is a dictionary).</param>
internal sealed record ObjectShape(string What, string[]? Names)
{
    public string[] Planned { get; init; } = [];
}
