using EdgeGw.Upstream.Aws;

namespace EdgeGw.Tests.Upstream.Aws;

public sealed class RefreshingCredentialsTests
{
    private readonly ManualTime _time = new();
    private readonly Script _script = new();
    private readonly RefreshingCredentials _credentials;

    public RefreshingCredentialsTests() => _credentials = new RefreshingCredentials(_script, _time);

    [Fact]
    public async Task Many_callers_at_the_start_wait_for_one_fetch()
    {
        var calls = Enumerable.Range(0, 20).Select(_ => GetAsync().AsTask()).ToArray();
        await _script.AskedAsync(1);
        Assert.All(calls, static call => Assert.False(call.IsCompleted));
        _script.Answer(Until(hours: 1));
        var results = await Task.WhenAll(calls);
        Assert.Single(results.Select(static r => r.Credentials).Distinct());
        Assert.Equal(1, _script.Asked);
    }

    [Fact]
    public async Task Fresh_credentials_come_at_once_and_nothing_is_asked()
    {
        var first = await StartAsync(Until(hours: 1));
        _time.Advance(TimeSpan.FromMinutes(54));
        var again = GetAsync();
        Assert.True(again.IsCompletedSuccessfully);
        Assert.Same(first, (await again).Credentials);
        Assert.Equal(1, _script.Asked);
    }

    [Fact]
    public async Task Credentials_near_their_end_serve_on_while_new_ones_are_fetched()
    {
        var first = await StartAsync(Until(hours: 1));
        _time.Advance(TimeSpan.FromMinutes(56));
        for (var i = 0; i < 10; i++)
        {
            var meanwhile = GetAsync();
            Assert.True(meanwhile.IsCompletedSuccessfully);
            Assert.Same(first, (await meanwhile).Credentials);
        }
        await _script.AskedAsync(2);
        var second = Until(hours: 2);
        _script.Answer(second);
        await Eventually(async () => (await GetAsync()).Credentials == second.Credentials);
        Assert.Equal(2, _script.Asked);
    }

    [Fact]
    public async Task Expired_credentials_are_never_handed_out()
    {
        var first = await StartAsync(Until(hours: 1));
        _time.Advance(TimeSpan.FromMinutes(60));
        var waiting = GetAsync().AsTask();
        await _script.AskedAsync(2);
        Assert.False(waiting.IsCompleted);
        _script.Answer(Until(hours: 1));
        var result = await waiting;
        Assert.NotSame(first, result.Credentials);
    }

    [Fact]
    public async Task Failed_refresh_is_told_and_tried_again_after_a_pause_while_the_old_ones_hold()
    {
        var first = await StartAsync(Until(hours: 1));
        _time.Advance(TimeSpan.FromMinutes(56));
        Assert.Null((await GetAsync()).Fault);
        await _script.AskedAsync(2);
        _script.Answer(new AwsCredentialsResult(null, "it is raining"));
        await Eventually(async () => (await GetAsync()) is { Fault: "it is raining" } result && result.Credentials == first);
        Assert.Equal(2, _script.Asked);
        _time.Advance(RefreshingCredentials.Pause);
        Assert.Same(first, (await GetAsync()).Credentials);
        await _script.AskedAsync(3);
        _script.Answer(Until(hours: 1));
        await Eventually(async () => (await GetAsync()).Fault is null);
    }

    [Fact]
    public async Task Failure_without_credentials_is_remembered_for_a_pause()
    {
        var first = GetAsync().AsTask();
        await _script.AskedAsync(1);
        _script.Answer(new AwsCredentialsResult(null, "no role"));
        Assert.Equal((null, "no role"), ((await first).Credentials, (await first).Fault));
        Assert.Equal("no role", (await GetAsync()).Fault);
        Assert.Equal(1, _script.Asked);
        _time.Advance(RefreshingCredentials.Pause);
        var second = GetAsync().AsTask();
        await _script.AskedAsync(2);
        _script.Answer(Until(hours: 1));
        Assert.NotNull((await second).Credentials);
    }

    [Fact]
    public async Task Credentials_that_come_expired_are_a_fault()
    {
        var call = GetAsync().AsTask();
        await _script.AskedAsync(1);
        _script.Answer(Until(hours: 0));
        Assert.Contains("expired", (await call).Fault);
    }

    [Fact]
    public async Task Short_lives_are_fetched_again_at_their_half()
    {
        var first = await StartAsync(Until(minutes: 4));
        _time.Advance(TimeSpan.FromSeconds(119));
        Assert.Same(first, (await GetAsync()).Credentials);
        Assert.Equal(1, _script.Asked);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Same(first, (await GetAsync()).Credentials);
        await _script.AskedAsync(2);
        _script.Answer(Until(minutes: 4));
    }

    [Fact]
    public async Task Caller_that_leaves_does_not_stop_the_fetch()
    {
        using var caller = new CancellationTokenSource();
        var leaving = _credentials.GetAsync(caller.Token).AsTask();
        await _script.AskedAsync(1);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        var staying = GetAsync().AsTask();
        _script.Answer(Until(hours: 1));
        Assert.NotNull((await staying).Credentials);
        Assert.Equal(1, _script.Asked);
    }

    private ValueTask<AwsCredentialsResult> GetAsync() => _credentials.GetAsync(default);

    private async Task<AwsCredentials> StartAsync(AwsCredentialsResult answer)
    {
        var call = GetAsync().AsTask();
        await _script.AskedAsync(1);
        _script.Answer(answer);
        return (await call).Credentials!;
    }

    private AwsCredentialsResult Until(int hours = 0, int minutes = 0) =>
        new(new AwsCredentials("id", "secret", null, _time.GetUtcNow() + new TimeSpan(hours, minutes, 0)), null);

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TransportTesting.Patience);
        while (!await condition())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>A fetcher whose every answer the test gives.</summary>
    private sealed class Script : IAwsCredentialFetcher
    {
        private readonly SemaphoreSlim _asked = new(0);
        private TaskCompletionSource<AwsCredentialsResult> _answer = new();
        private int _count;
        private int _seen;

        public int Asked => Volatile.Read(ref _count);

        public Task<AwsCredentialsResult> FetchAsync(CancellationToken cancellation)
        {
            var answer = new TaskCompletionSource<AwsCredentialsResult>(TaskCreationOptions.RunContinuationsAsynchronously);
            _answer = answer;
            Interlocked.Increment(ref _count);
            _asked.Release();
            return answer.Task;
        }

        public async Task AskedAsync(int times)
        {
            for (; _seen < times; _seen++)
            {
                Assert.True(await _asked.WaitAsync(TransportTesting.Patience));
            }
        }

        public void Answer(AwsCredentialsResult result) => _answer.SetResult(result);
    }
}
