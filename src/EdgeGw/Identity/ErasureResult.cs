namespace EdgeGw.Identity;

/// <summary>What an erasure did.</summary>
/// <param name="Pseudonym">What stands where the names stood.</param>
/// <param name="Rows">Rows of usage that named the person.</param>
/// <param name="Scopes">Names of budgets' scopes that are forgotten; their totals stay.</param>
/// <param name="Requests">Records of the latest requests.</param>
public sealed record ErasureResult(string Pseudonym, int Rows, int Scopes, int Requests = 0);
