namespace EdgeGw.Identity.Tokens;

/// <summary>An answer that one flight at a time asks for, and that counts for as long as it says.</summary>
internal sealed class KeptAnswer<T>(TimeProvider time)
{
    private readonly Lock _lock = new();
    private Task<Kept<T>>? _answer;

    /// <summary>The answer at hand or under way, or a new one.</summary>
    public Task<Kept<T>> GetAsync(Func<Task<(T Value, TimeSpan For)>> ask, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (_answer is null || (_answer.IsCompleted && !(_answer.IsCompletedSuccessfully && time.GetUtcNow() < _answer.Result.Until)))
            {
                _answer = Task.Run(() => AskAsync(ask));
            }
            return _answer.WaitAsync(cancellation);
        }
    }

    /// <summary>What is at hand was of no use: it is asked for anew, unless it is younger than <paramref name="age"/>.</summary>
    public void Doubt(TimeSpan age)
    {
        lock (_lock)
        {
            if (_answer is { IsCompletedSuccessfully: true } && time.GetUtcNow() >= _answer.Result.Since + age)
            {
                _answer = null;
            }
        }
    }

    private async Task<Kept<T>> AskAsync(Func<Task<(T Value, TimeSpan For)>> ask)
    {
        var (value, length) = await ask();
        var now = time.GetUtcNow();
        return new(value, now, now + length);
    }
}

/// <summary>An answer, since when it is known and until when it counts.</summary>
internal sealed record Kept<T>(T Value, DateTimeOffset Since, DateTimeOffset Until);
