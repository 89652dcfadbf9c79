namespace EdgeGw.Requests.Inspection;

/// <summary>What a request's body says, or why it cannot be read.</summary>
/// <param name="Facts">Complete only when <paramref name="Error"/> is null.</param>
public readonly record struct InspectionResult(RequestFacts Facts, InspectionError? Error)
{
    public bool IsValid => Error is null;
}
