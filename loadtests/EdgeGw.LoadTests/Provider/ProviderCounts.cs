namespace EdgeGw.LoadTests.Provider;

/// <summary>What one target's ports of the fake provider have answered in full: the truth that a gateway's books are compared with.</summary>
internal sealed class ProviderCounts
{
    private long _running;
    private long _requests;
    private long _input;
    private long _output;
    private long _broken;
    private long _refused;

    public void Began() => Interlocked.Increment(ref _running);

    public void Answered(int variant)
    {
        var (input, output) = Answers.TokensOf(variant);
        Interlocked.Add(ref _input, input);
        Interlocked.Add(ref _output, output);
        Interlocked.Increment(ref _requests);
        Interlocked.Decrement(ref _running);
    }

    /// <summary>The answer could not be written to its end.</summary>
    public void Broke()
    {
        Interlocked.Increment(ref _broken);
        Interlocked.Decrement(ref _running);
    }

    /// <summary>The request was not understood.</summary>
    public void Refused() => Interlocked.Increment(ref _refused);

    /// <summary>As <see cref="ProviderTruth"/> reads it.</summary>
    public override string ToString() =>
        FormattableString.Invariant($"{Volatile.Read(ref _running)} {Volatile.Read(ref _requests)} {Volatile.Read(ref _input)} {Volatile.Read(ref _output)} {Volatile.Read(ref _broken)} {Volatile.Read(ref _refused)}");
}
