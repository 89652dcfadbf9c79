using FASTER.core;

namespace EdgeGw.Storage;

/// <summary>
/// Tells FASTER where the recovered log ends and notes its commit numbers. FASTER's own manager makes and removes a file for each commit
/// and swallows errors of both; here the committer writes the commit file when it chooses and sees what goes wrong.
/// </summary>
internal sealed class JournalCommitManager(long beginAddress, long untilAddress, long commitNumber) : ILogCommitManager
{
    /// <summary>Number of the newest commit; numbers start over where the commit file lagged, nothing depends on them.</summary>
    internal long CommitNumber { get; private set; } = Math.Max(1, commitNumber);

    public void Commit(long beginAddress, long untilAddress, byte[] commitMetadata, long commitNum, bool forceWriteMetadata) =>
        CommitNumber = commitNum;

    public byte[] GetCommitMetadata(long commitNum) => new FasterLogRecoveryInfo
    {
        BeginAddress = beginAddress,
        UntilAddress = untilAddress,
        CommitNum = commitNum,
    }.ToByteArray();

    public IEnumerable<long> ListCommits() => [CommitNumber];

    public void RemoveCommit(long commitNum)
    {
    }

    public void RemoveAllCommits()
    {
    }

    public void OnRecovery(long commitNum)
    {
    }

    public void Dispose()
    {
    }
}
