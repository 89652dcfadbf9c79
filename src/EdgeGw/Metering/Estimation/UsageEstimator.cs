using System.Buffers;
using EdgeGw.Telemetry;

namespace EdgeGw.Metering.Estimation;

/// <summary>
/// Works out tokens from bytes and deltas where the provider reports none. Calibrates itself: every completed answer with usage teaches, per
/// model, how many bytes of request make an input token, how many bytes of text or how many deltas make an output token, and how many tokens
/// of thinking stay invisible.
/// </summary>
/// <remarks>
/// Text that comes in pieces the size of tokens is counted by its pieces (most providers send one token at a time), other text by its bytes.
/// A model of which little was seen is taken for an average one of its provider, and a provider of which little was seen for an average one.
/// Thread-safe; holds at most <see cref="MaxModels"/> models, the one unused for longest making room.
/// </remarks>
public sealed class UsageEstimator
{
    public const int MaxModels = 1024;
    public const double DefaultBytesPerToken = 4;

    /// <summary>Pieces of more bytes than this on average are no single tokens.</summary>
    private const int LargestToken = 8;
    private const int FewestDeltas = 2;
    private const int RecentPlaces = 64;

    /// <summary>Tokens that have to be seen before a model's own ratio outweighs its provider's, and that one the default.</summary>
    private const double ModelWeight = 64;
    private const double ProviderWeight = 512;

    /// <summary>Answers that have to be seen before invisible thinking is expected at half its mean.</summary>
    private const double HiddenWeight = 2;

    /// <summary>Answers shorter than this teach rounding, not ratios.</summary>
    private const long MinimumTokens = 16;

    /// <summary>One wild answer must not make the mean error meaningless.</summary>
    private const double LargestError = 1;

    /// <summary>What is known of a model that was never heard of.</summary>
    private static readonly Entry Unheard = new("", "");

    private readonly Dictionary<(string Provider, string Model), Entry> _models = [];
    private readonly Lock _lock = new();

    /// <summary>Entries that were asked for lately: every call asks for the same two three times, and comparing two names costs less than hashing them.</summary>
    private readonly Entry?[] _recent = new Entry?[RecentPlaces];
    private long _clock;

    /// <summary>Input tokens of a request of <paramref name="bytes"/> bytes, rounded up.</summary>
    public long EstimateInput(string provider, string? model, long bytes)
    {
        lock (_lock)
        {
            ref readonly var own = ref (Find(provider, model) ?? Unheard).Learned;
            ref readonly var shared = ref (Find(provider, "") ?? Unheard).Learned;
            var ratio = own.InputBytesPerToken.Value(shared.InputBytesPerToken.Value(DefaultBytesPerToken, ProviderWeight), ModelWeight);
            return (long)Math.Ceiling(Math.Max(0, bytes) / ratio);
        }
    }

    /// <summary>Output tokens of a text seen to pass, rounded up; zero when nothing passed.</summary>
    public long EstimateOutput(string provider, string? model, in TextSeen text)
    {
        if (text.IsEmpty)
        {
            return 0;
        }
        lock (_lock)
        {
            return (long)Math.Ceiling(Output(Find(provider, model) ?? Unheard, Find(provider, "") ?? Unheard, text));
        }
    }

    /// <summary>Takes a completed answer with the provider's own usage as a lesson.</summary>
    /// <returns>The relative error of the estimate that its text would have been given; null when it says nothing.</returns>
    public double? Learn(string provider, string? model, in Usage usage, long inputBytes, in TextSeen text)
    {
        if (model is null)
        {
            return null;
        }
        lock (_lock)
        {
            var own = Find(provider, model) ?? Open(provider, model);
            var shared = Find(provider, "") ?? Open(provider, "");
            double? error = null;
            if (usage.Output >= MinimumTokens && !text.IsEmpty && IsText(text.Bytes + text.ThinkingBytes, usage.Output - (text.ThinkingBytes > 0 ? 0 : usage.Reasoning)))
            {
                error = Math.Abs(Math.Ceiling(Output(own, shared, text)) - usage.Output) / usage.Output;
            }
            Teach(ref own.Learned, usage, inputBytes, text, error);
            Teach(ref shared.Learned, usage, inputBytes, text, error);
            return error;
        }
    }

    /// <summary>Writes everything learned; <see cref="Read"/> takes it back after a restart.</summary>
    public void Write(IBufferWriter<byte> output)
    {
        lock (_lock)
        {
            EstimatorCodec.Write(output, _models.OrderBy(static m => m.Value.LastUsed).Select(static m => (m.Key.Provider, m.Key.Model, m.Value.Learned)));
        }
    }

    /// <summary>Takes back what was written. What another version wrote is not used: it is learned anew.</summary>
    public void Read(ReadOnlySpan<byte> input)
    {
        lock (_lock)
        {
            foreach (var (provider, model, learned) in EstimatorCodec.Read(input))
            {
                (Find(provider, model) ?? Open(provider, model)).Learned = learned;
            }
        }
    }

    /// <summary>What is known of each model: answers learned from, bytes a token, and the mean relative error of estimates whose truth came later.</summary>
    public IReadOnlyList<(string Provider, string Model, long Samples, double BytesPerInputToken, double BytesPerOutputToken, double MeanError)> Snapshot()
    {
        lock (_lock)
        {
            return
            [
                .. _models.Where(static m => m.Key.Model.Length > 0).Select(static m => (
                    m.Key.Provider, m.Key.Model, m.Value.Learned.BytesPerToken.Samples, m.Value.Learned.InputBytesPerToken.Value(DefaultBytesPerToken, 1),
                    m.Value.Learned.BytesPerToken.Value(DefaultBytesPerToken, 1), m.Value.Learned.Error.Value(0, 1e-9))),
            ];
        }
    }

    private static void Teach(ref Calibration known, in Usage usage, long inputBytes, in TextSeen seen, double? error)
    {
        var input = usage.Input - usage.ToolInput;
        if (input >= MinimumTokens && IsText(inputBytes, input))
        {
            known.InputBytesPerToken.Add(inputBytes, input);
        }
        if (error is not { } off)
        {
            return;
        }
        known.Error.Add(Math.Min(off, LargestError), 1);
        // Thinking that is shown and not counted apart is text; thinking that is counted and not shown can only be remembered.
        var text = usage.Reasoning > 0 ? seen : seen.Merge();
        var visible = usage.Output - usage.Reasoning;
        if (text.ThinkingBytes == 0)
        {
            known.Hidden.Add(usage.Reasoning, 1);
        }
        else if (usage.Reasoning >= MinimumTokens)
        {
            Teach(ref known.ThinkingBytesPerToken, ref known.ThinkingTokensPerDelta, text.ThinkingBytes, text.ThinkingDeltas, usage.Reasoning);
        }
        if (visible >= MinimumTokens && text.Bytes > 0)
        {
            Teach(ref known.BytesPerToken, ref known.TokensPerDelta, text.Bytes, text.Deltas, visible);
        }
    }

    private static void Teach(ref LearnedRatio bytesPerToken, ref LearnedRatio tokensPerDelta, long bytes, long deltas, long tokens)
    {
        bytesPerToken.Add(bytes, tokens);
        if (IsByToken(bytes, deltas))
        {
            tokensPerDelta.Add(tokens, deltas);
        }
    }

    private static double Output(Entry model, Entry provider, in TextSeen seen)
    {
        ref readonly var own = ref model.Learned;
        ref readonly var shared = ref provider.Learned;
        if (own.ThinkingBytesPerToken.Samples + shared.ThinkingBytesPerToken.Samples == 0)
        {
            return Count(own.BytesPerToken, shared.BytesPerToken, own.TokensPerDelta, seen.Bytes + seen.ThinkingBytes, seen.Deltas + seen.ThinkingDeltas)
                + (seen.ThinkingBytes > 0 ? 0 : own.Hidden.Value(0, HiddenWeight));
        }
        var thinking = seen.ThinkingBytes > 0
            ? Count(own.ThinkingBytesPerToken, shared.ThinkingBytesPerToken, own.ThinkingTokensPerDelta, seen.ThinkingBytes, seen.ThinkingDeltas)
            : own.Hidden.Value(0, HiddenWeight);
        return thinking + Count(own.BytesPerToken, shared.BytesPerToken, own.TokensPerDelta, seen.Bytes, seen.Deltas);
    }

    private static double Count(in LearnedRatio ownBytes, in LearnedRatio sharedBytes, in LearnedRatio ownDeltas, long bytes, long deltas) => IsByToken(bytes, deltas)
        ? deltas * ownDeltas.Value(1, ModelWeight)
        : bytes / ownBytes.Value(sharedBytes.Value(DefaultBytesPerToken, ProviderWeight), ModelWeight);

    private static bool IsByToken(long bytes, long deltas) => deltas >= FewestDeltas && bytes <= deltas * LargestToken;

    /// <summary>Media (many bytes a token) and conversations kept by the provider (few) have nothing to teach about text.</summary>
    private static bool IsText(long bytes, long tokens) => tokens > 0 && (double)bytes / tokens is >= 0.5 and <= 16;

    /// <summary>Null: nothing was learned of it yet.</summary>
    private Entry? Find(string provider, string? model)
    {
        if (model is null)
        {
            return null;
        }
        ref var recent = ref _recent[(provider.Length + RecentPlace.Of(model)) % RecentPlaces];
        if (recent is null || recent.Model != model || recent.Provider != provider)
        {
            if (!_models.TryGetValue((provider, model), out var known))
            {
                return null;
            }
            recent = known;
        }
        recent.LastUsed = ++_clock;
        return recent;
    }

    /// <summary>Begins to learn of a model.</summary>
    private Entry Open(string provider, string model)
    {
        if (_models.Count >= MaxModels)
        {
            _models.Remove(_models.MinBy(static m => m.Value.LastUsed).Key);
            Array.Clear(_recent);
        }
        return _models[(provider, model)] = new Entry(provider, model) { LastUsed = ++_clock };
    }

    private sealed class Entry(string provider, string model)
    {
        public Calibration Learned;

        public string Provider { get; } = provider;

        public string Model { get; } = model;

        public long LastUsed { get; set; }
    }
}
