namespace EdgeGw.Cli;

/// <summary>What <c>edgegw verify-journal</c> was asked.</summary>
/// <param name="DataDirectory">Full path of the folder to check.</param>
/// <param name="Json">One JSON object instead of lines.</param>
public sealed record VerifyJournalOptions(string DataDirectory, bool Json);
