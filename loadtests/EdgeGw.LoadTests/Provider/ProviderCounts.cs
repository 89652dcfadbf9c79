namespace EdgeGw.LoadTests.Provider;

/// <summary>What one port of the fake provider has answered in full: the truth that a gateway's books are compared with.</summary>
internal sealed class ProviderCounts
{
    private long _requests;
    private long _input;
    private long _output;
    private long _broken;

    public long Requests => Interlocked.Read(ref _requests);

    public long Input => Interlocked.Read(ref _input);

    public long Output => Interlocked.Read(ref _output);

    /// <summary>Requests that were not understood, or whose answer could not be written to its end.</summary>
    public long Broken => Interlocked.Read(ref _broken);

    public void Answered(int variant)
    {
        var (input, output) = Answers.TokensOf(variant);
        Interlocked.Add(ref _input, input);
        Interlocked.Add(ref _output, output);
        Interlocked.Increment(ref _requests);
    }

    public void Failed() => Interlocked.Increment(ref _broken);
}
