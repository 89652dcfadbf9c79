namespace EdgeGw.Metering.Estimation;

/// <summary>What was learned of one model, or of all models of a provider together. Plain numbers: kept as they lie in memory.</summary>
internal struct Calibration
{
    public LearnedRatio InputBytesPerToken;
    public LearnedRatio BytesPerToken;
    public LearnedRatio TokensPerDelta;
    public LearnedRatio ThinkingBytesPerToken;
    public LearnedRatio ThinkingTokensPerDelta;
    /// <summary>Tokens of thinking that stays invisible, per answer.</summary>
    public LearnedRatio Hidden;
    /// <summary>Mean relative error of the estimates that would have been given.</summary>
    public LearnedRatio Error;
}
