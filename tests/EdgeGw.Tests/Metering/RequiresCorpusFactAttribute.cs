namespace EdgeGw.Tests.Metering;

/// <summary>Needs the recorded answers that lie beside the repository.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresCorpusFactAttribute : FactAttribute
{
    public RequiresCorpusFactAttribute() => Skip = RequiresCorpusTheoryAttribute.Reason;
}

/// <inheritdoc cref="RequiresCorpusFactAttribute"/>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RequiresCorpusTheoryAttribute : TheoryAttribute
{
    internal static string? Reason => Corpus.IsAbsent ? "there is no ../shared/corpus beside the repository" : null;

    public RequiresCorpusTheoryAttribute() => Skip = Reason;
}
