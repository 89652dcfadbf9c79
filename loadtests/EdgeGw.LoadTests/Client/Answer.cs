namespace EdgeGw.LoadTests.Client;

/// <summary>One answer: its moments on <see cref="Measuring.Clock"/>, and what it held.</summary>
internal struct Answer
{
    public long Sent;
    public long Ended;
    public int Status;
    public long Bytes;
    public int Events;
}
