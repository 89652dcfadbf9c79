namespace EdgeGw.Metering;

/// <summary>
/// Works out tokens from bytes and deltas where the provider reports none. Calibrates itself: every completed answer with usage teaches, per
/// provider and model, how many bytes of request make an input token, how many bytes of text or how many deltas make an output token, and how
/// many tokens of thinking stay invisible.
/// </summary>
/// <remarks>
/// Means are exponentially weighted (1/16 per answer). Before anything is learned: 4 bytes a token in, and out the larger of 4 bytes a token and
/// a token a delta. Of the two ways to count output the one with the smaller past error is used. Thread-safe; holds at most
/// <see cref="MaxModels"/> models, the one unused for longest making room.
/// </remarks>
public sealed class UsageEstimator
{
    public const int MaxModels = 1024;
    public const double DefaultBytesPerToken = 4;

    private const double Weight = 1.0 / 16;

    /// <summary>Answers shorter than this teach rounding, not ratios.</summary>
    private const long MinimumTokens = 8;

    private readonly Dictionary<(string Provider, string Model), Calibration> _models = [];
    private readonly Lock _lock = new();
    private long _clock;

    /// <summary>Input tokens of a request of <paramref name="bytes"/> bytes, rounded up.</summary>
    public long EstimateInput(string provider, string? model, long bytes)
    {
        lock (_lock)
        {
            var ratio = Find(provider, model) is { InputSamples: > 0 } known ? known.BytesPerInputToken : DefaultBytesPerToken;
            return (long)Math.Ceiling(Math.Max(0, bytes) / ratio);
        }
    }

    /// <summary>Output tokens of a text seen to pass, rounded up; zero when nothing passed.</summary>
    /// <param name="thinkingSeen">The thinking was part of the text, so none is to be added for it.</param>
    public long EstimateOutput(string provider, string? model, long bytes, long deltas, bool thinkingSeen = false)
    {
        if (bytes <= 0)
        {
            return 0;
        }
        lock (_lock)
        {
            return Find(provider, model) is { OutputSamples: > 0 } known
                ? known.Output(bytes, deltas, thinkingSeen)
                : Math.Max(deltas, (long)Math.Ceiling(bytes / DefaultBytesPerToken));
        }
    }

    /// <summary>
    /// Takes a completed answer with the provider's own usage as a lesson. One without its request was read from where the provider keeps it, perhaps
    /// not for the first time and not from its beginning: it teaches nothing.
    /// </summary>
    public void Learn(string provider, string? model, in Usage usage, long inputBytes, long outputBytes, long deltas, bool thinkingSeen = false)
    {
        if (model is null || inputBytes <= 0)
        {
            return;
        }
        lock (_lock)
        {
            if (Find(provider, model) is not { } known)
            {
                MakeRoom();
                _models[(provider, model)] = known = new Calibration { LastUsed = ++_clock };
            }
            if (usage.Input - usage.ToolInput >= MinimumTokens && TryRatio(inputBytes, usage.Input - usage.ToolInput, out var ratio))
            {
                known.LearnInput(ratio);
            }
            var hidden = thinkingSeen ? 0 : usage.Reasoning;
            if (usage.Output - hidden >= MinimumTokens && TryRatio(outputBytes, usage.Output - hidden, out _))
            {
                known.LearnOutput(usage.Output - hidden, hidden, outputBytes, deltas);
            }
        }
    }

    /// <summary>What is known of each model, for metrics: the mean relative error is of estimates of answers whose truth came later.</summary>
    public IReadOnlyList<(string Provider, string Model, long Samples, double BytesPerInputToken, double BytesPerOutputToken, double MeanError)> Snapshot()
    {
        lock (_lock)
        {
            return [.. _models.Select(static m => (
                m.Key.Provider, m.Key.Model, m.Value.OutputSamples, m.Value.BytesPerInputToken, m.Value.BytesPerOutputToken,
                m.Value.MeanError))];
        }
    }

    /// <summary>Media (many bytes a token) and conversations kept by the provider (few) have nothing to teach about text.</summary>
    private static bool TryRatio(long bytes, long tokens, out double ratio)
    {
        ratio = (double)bytes / tokens;
        return ratio is >= 0.5 and <= 16;
    }

    private Calibration? Find(string provider, string? model)
    {
        if (model is null || !_models.TryGetValue((provider, model), out var known))
        {
            return null;
        }
        known.LastUsed = ++_clock;
        return known;
    }

    private void MakeRoom()
    {
        if (_models.Count >= MaxModels)
        {
            _models.Remove(_models.MinBy(static m => m.Value.LastUsed).Key);
        }
    }

    private sealed class Calibration
    {
        private double _tokensPerDelta = 1;
        private double _hidden;
        private double _bytesError;
        private double _deltasError;
        private long _streamed;

        public long LastUsed { get; set; }
        public long InputSamples { get; private set; }
        public long OutputSamples { get; private set; }
        public double BytesPerInputToken { get; private set; } = DefaultBytesPerToken;
        public double BytesPerOutputToken { get; private set; } = DefaultBytesPerToken;
        public double MeanError => _streamed > 1 ? Math.Min(_bytesError, _deltasError) : _bytesError;

        public long Output(long bytes, long deltas, bool thinkingSeen)
        {
            var byDeltas = deltas > 1 && _streamed > 1 && _deltasError < _bytesError;
            return (long)Math.Ceiling((byDeltas ? deltas * _tokensPerDelta : bytes / BytesPerOutputToken) + (thinkingSeen ? 0 : _hidden));
        }

        public void LearnInput(double ratio) => BytesPerInputToken = Mean(BytesPerInputToken, ratio, InputSamples++);

        public void LearnOutput(long visible, long hidden, long bytes, long deltas)
        {
            if (OutputSamples > 0)
            {
                _bytesError = Mean(_bytesError, Math.Abs((bytes / BytesPerOutputToken) - visible) / visible, OutputSamples - 1);
            }
            BytesPerOutputToken = Mean(BytesPerOutputToken, (double)bytes / visible, OutputSamples);
            _hidden = Mean(_hidden, hidden, OutputSamples);
            OutputSamples++;
            // An answer in one piece says nothing on how a stream of it is cut.
            if (deltas > 1)
            {
                if (_streamed > 0)
                {
                    _deltasError = Mean(_deltasError, Math.Abs((deltas * _tokensPerDelta) - visible) / visible, _streamed - 1);
                }
                _tokensPerDelta = Mean(_tokensPerDelta, (double)visible / deltas, _streamed++);
            }
        }

        /// <summary>The first samples count fully, so that a default does not linger.</summary>
        private static double Mean(double mean, double sample, long samples) => mean + ((sample - mean) * Math.Max(Weight, 1.0 / (samples + 1)));
    }
}
