namespace EdgeGw.Policy.Import;

internal enum CloudflareAction : byte
{
    NoLimit,
    Block,
    /// <summary>Block all but the resource, which this by itself does not admit.</summary>
    BlockExcept,
    Limit,
}

/// <summary>One policy of the source, read and understood but for what its condition asks.</summary>
/// <param name="Pointer">To the policy in the source.</param>
/// <param name="Terms">One of them must hold; those with a problem are not all that must.</param>
/// <param name="Amount">Dollars, of a limit.</param>
/// <param name="Window">As our budgets name it, of a limit.</param>
internal sealed record CloudflarePolicy(
    string Name, string Pointer, CloudflareActor Actor, CloudflareResource Resource, IReadOnlyList<MatchTerm> Terms, CloudflareAction Action, decimal Amount, string Window)
{
    public bool Blocks => Action is CloudflareAction.Block or CloudflareAction.BlockExcept;

    public string ConditionPointer => Pointer + "/condition";

    /// <summary>Policies of one bucket share what is spent.</summary>
    public string Bucket => $"{Actor.Template}\n{Resource.Key}";
}
