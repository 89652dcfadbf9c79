using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace EdgeGw.Identity.Tokens;

/// <summary>Tokens that were verified, whole, with what they stand for. Bounded; those that were not used of late go first.</summary>
internal sealed class TokenCache
{
    public const int MostTokens = 16_384;

    /// <summary>Of all tokens together: 32 MiB.</summary>
    public const long MostCharacters = 16 << 20;

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, VerifiedToken> _tokens = new(TokenComparer.Instance);
    private readonly ConcurrentDictionary<string, VerifiedToken>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private readonly Queue<string> _order = new();
    private long _characters;
    private int _generation;

    public TokenCache() => _bySpan = _tokens.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Changes whenever everything is forgotten.</summary>
    public int Generation => Volatile.Read(ref _generation);

    internal int Count => _tokens.Count;

    public VerifiedToken? Find(ReadOnlySpan<char> token, DateTimeOffset now)
    {
        if (!_bySpan.TryGetValue(token, out var known) || now >= known.Until)
        {
            return null;
        }
        known.Used = true;
        return known;
    }

    /// <param name="generation">As it was before the verification began: what was verified with keys that count no longer is not kept.</param>
    public void Add(string token, VerifiedToken verified, int generation, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (generation != _generation)
            {
                return;
            }
            if (_tokens.ContainsKey(token))
            {
                _tokens[token] = verified;
                return;
            }
            _tokens[token] = verified;
            _order.Enqueue(token);
            _characters += token.Length;
            while (_order.Count > MostTokens || _characters > MostCharacters)
            {
                Evict(now);
            }
        }
    }

    public void Clear()
    {
        lock (_lock)
        {
            Volatile.Write(ref _generation, _generation + 1);
            _tokens.Clear();
            _order.Clear();
            _characters = 0;
        }
    }

    private void Evict(DateTimeOffset now)
    {
        var oldest = _order.Dequeue();
        if (_tokens[oldest] is { Used: true } used && now < used.Until)
        {
            used.Used = false;
            _order.Enqueue(oldest);
            return;
        }
        _tokens.TryRemove(oldest, out _);
        _characters -= oldest.Length;
    }

    /// <summary>The hash is of the signature's end, which nobody can choose; what counts is that the whole token is equal.</summary>
    private sealed class TokenComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
    {
        public static readonly TokenComparer Instance = new();
        private const int Hashed = 32;

        public bool Equals(string? x, string? y) => x == y;

        public bool Equals(ReadOnlySpan<char> alternate, string other) => alternate.SequenceEqual(other);

        public int GetHashCode([DisallowNull] string text) => GetHashCode(text.AsSpan());

        public int GetHashCode(ReadOnlySpan<char> alternate) => string.GetHashCode(alternate.Length > Hashed ? alternate[^Hashed..] : alternate);

        public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
    }
}
