using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Accounting;

/// <summary>One call of the mixed run: what it asks for, and how its caller behaves. Same number, same call.</summary>
internal sealed record MixedCall(Call Call, CallerHabit Habit)
{
    private static readonly CallerDialect[] Dialects = Enum.GetValues<CallerDialect>();
    private static readonly CallerDialect[] Streaming = [CallerDialect.Chat, CallerDialect.Responses, CallerDialect.Messages, CallerDialect.Gemini];

    public static MixedCall Number(int index, string key)
    {
        var random = new Random(index * 7919);
        var script = new FakeScript
        {
            Id = $"m{index}",
            Input = random.Next(1, 5000),
            Output = random.Next(1, 900),
            Chunks = random.Next(1, 24),
            Pace = random.Next(4) == 0 ? 1 : 0,
        };
        return (index % 5) switch
        {
            0 or 1 => Streamed(random, script, key, CallerHabit.ReadsAll),
            2 => new MixedCall(Dress(new Call(Pick(random, Dialects), script), random, key), CallerHabit.ReadsAll),
            3 => Aborted(random, script, key),
            _ => Failed(random, script, key),
        };
    }

    /// <summary>Runs it; a complaint where the caller saw what it should not have.</summary>
    public async Task<string?> RunAsync(HttpClient client, ProviderLedger ledger, CancellationToken cancellation)
    {
        switch (Habit)
        {
            case CallerHabit.LeavesBeforeTheHead:
                await LeaveBeforeTheHeadAsync(client, ledger, cancellation);
                return null;
            case CallerHabit.LeavesInTheBody:
                await LeaveInTheBodyAsync(client, cancellation);
                return null;
            default:
                var result = await CallResult.OfAsync(client, Call);
                var expected = Call.Script.Fail == FakeFailure.Status ? Call.Script.Status : 200;
                return (int)result.Status == expected && result.Broken is null ? null : $"{Call.Script.Id}: {(int)result.Status} {result.Broken?.Message} {result.Text}";
        }
    }

    private static MixedCall Streamed(Random random, FakeScript script, string key, CallerHabit habit)
    {
        var call = Dress(new Call(Pick(random, Streaming), script) { Stream = true }, random, key);
        return new MixedCall(call, habit);
    }

    private static MixedCall Aborted(Random random, FakeScript script, string key)
    {
        // Slow enough that the caller is gone before the answer is.
        var slow = script with { Chunks = 20, Pace = 2 };
        return random.Next(3) == 0
            ? new MixedCall(Dress(new Call(Pick(random, Streaming), slow), random, key), CallerHabit.LeavesBeforeTheHead)
            : Streamed(random, slow, key, CallerHabit.LeavesInTheBody);
    }

    /// <summary>Failures whose bill the gateway can know: an error status costs nothing, and Gemini's running counts stand up to the cut.</summary>
    private static MixedCall Failed(Random random, FakeScript script, string key)
    {
        if (random.Next(3) == 0)
        {
            var cut = script with { Chunks = 12, FailAt = 6, Fail = random.Next(2) == 0 ? FakeFailure.Truncate : FakeFailure.ErrorEvent };
            return new MixedCall(Dress(new Call(CallerDialect.Gemini, cut) { Stream = true, AsArray = cut.Fail == FakeFailure.Truncate && random.Next(2) == 0 }, random, key), CallerHabit.ReadsAll);
        }
        var refused = script with { Fail = FakeFailure.Status, Status = Pick(random, [400, 404, 429, 500, 503, 529]) };
        return new MixedCall(Dress(new Call(Pick(random, Dialects), refused), random, key), CallerHabit.ReadsAll);
    }

    private static Call Dress(Call call, Random random, string key)
    {
        var script = call.Script with
        {
            CachedInput = random.Next(2) == 0 ? call.Script.Input / 3 : 0,
            CacheWrite = call.Dialect == CallerDialect.Messages && random.Next(2) == 0 ? call.Script.Input / 4 : 0,
            Reasoning = call.Dialect is CallerDialect.Chat or CallerDialect.Responses or CallerDialect.Gemini ? call.Script.Output / 3 : 0,
            Usage = call.Dialect == CallerDialect.Chat && random.Next(4) == 0 ? UsageHabit.Always : UsageHabit.Asked,
        };
        if (call.Dialect == CallerDialect.Embeddings)
        {
            // The embeddings API reports no cache.
            script = script with { CachedInput = 0 };
        }
        bool? include = call is { Dialect: CallerDialect.Chat, Stream: true } ? random.Next(3) switch { 0 => true, 1 => false, _ => null } : null;
        return call with { Script = script, Key = key, IncludeUsage = include, AsArray = call.AsArray || (call.Dialect == CallerDialect.Gemini && random.Next(4) == 0) };
    }

    private async Task LeaveBeforeTheHeadAsync(HttpClient client, ProviderLedger ledger, CancellationToken cancellation)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var sending = Call.SendAsync(client, leave.Token);
        await Eventually.TrueAsync(() => ledger.TryFind(Call.Script.Id!, out var row) && row.Started, $"{Call.Script.Id} at the provider");
        await leave.CancelAsync();
        try
        {
            (await sending).Dispose();
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task LeaveInTheBodyAsync(HttpClient client, CancellationToken cancellation)
    {
        using var response = await Call.SendAsync(client, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        await body.ReadExactlyAsync(new byte[1 + (Call.Script.Input % 64)], cancellation);
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}

/// <summary>How a caller behaves.</summary>
internal enum CallerHabit
{
    ReadsAll,
    LeavesBeforeTheHead,
    LeavesInTheBody,
}
