namespace EdgeGw.Tests.Pricing;

/// <summary>Needs the data that lies beside the repository: skipped with a visible reason where it is absent.</summary>
public sealed class RequiresSharedFactAttribute : FactAttribute
{
    public RequiresSharedFactAttribute() => Skip = SharedFolder.Find() is null ? "there is no ../shared beside the repository" : null;
}
