using System.Net;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>When an issuer is asked for its keys, and what counts while it does not answer.</summary>
public sealed class IssuerKeysTests : IDisposable
{
    private const string NewKey = """{"alg":"RS256","kid":"k2"}""";
    private readonly IdentityFixture _identity = new();

    private FakeIssuer Issuer => _identity.Issuer;

    public void Dispose() => _identity.Dispose();

    [Fact]
    public async Task Rotated_key_is_fetched_when_its_first_token_comes_and_the_old_ones_tokens_are_forgotten()
    {
        var old = Issuer.Token();
        await _identity.AcceptAsync(old);
        Issuer.Keys.Clear();
        Issuer.Keys["k2"] = FakeIssuer.OtherRsa;
        Pass(IssuerKeys.Pause);
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token("{}", NewKey, FakeIssuer.OtherRsa)));
        Assert.Equal(2, Issuer.Asked);
        // The key is published no longer: maybe somebody has it who should not.
        Assert.Null(_identity.Issuers.FindKnown(old));
        Assert.Equal(TokenFault.UnknownKey, await _identity.VerifyAsync(old));
    }

    [Fact]
    public async Task Added_key_leaves_known_tokens_known()
    {
        var old = Issuer.Token();
        await _identity.AcceptAsync(old);
        Issuer.Keys["k2"] = FakeIssuer.OtherRsa;
        Pass(IssuerKeys.Pause);
        await _identity.AcceptAsync(Issuer.Token("{}", NewKey, FakeIssuer.OtherRsa));
        Assert.NotNull(_identity.Issuers.FindKnown(old));
    }

    [Fact]
    public async Task Storm_of_unknown_keys_asks_once_a_minute()
    {
        await _identity.AcceptAsync(Issuer.Token());
        for (var minute = 1; minute <= 3; minute++)
        {
            Pass(IssuerKeys.Pause);
            var storm = Enumerable.Range(0, 200).Select(i => _identity.VerifyAsync(Issuer.Token("{}", $$"""{"alg":"RS256","kid":"{{minute}}-{{i}}"}""")));
            Assert.All(await Task.WhenAll(storm), fault => Assert.Equal(TokenFault.UnknownKey, fault));
            Assert.Equal(1 + minute, Issuer.Asked);
        }
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token()));
    }

    [Fact]
    public async Task Key_that_a_fetch_did_not_bring_is_not_asked_for_again_for_minutes()
    {
        await _identity.AcceptAsync(Issuer.Token());
        Pass(IssuerKeys.Pause);
        await _identity.VerifyAsync(Issuer.Token("{}", NewKey));
        Assert.Equal(2, Issuer.Asked);
        Pass(IssuerKeys.Pause);
        await _identity.VerifyAsync(Issuer.Token("{}", NewKey));
        Assert.Equal(2, Issuer.Asked);
        Pass(IssuerKeys.Missing - IssuerKeys.Pause);
        await _identity.VerifyAsync(Issuer.Token("{}", NewKey));
        Assert.Equal(3, Issuer.Asked);
    }

    [Fact]
    public async Task First_calls_of_all_wait_for_one_fetch()
    {
        var gate = new TaskCompletionSource();
        Issuer.Gate = gate.Task;
        var calls = Enumerable.Range(0, 50).Select(i => _identity.VerifyAsync(Issuer.Token($$"""{"sub":"u{{i}}"}"""))).ToArray();
        Assert.All(calls, call => Assert.False(call.IsCompleted));
        gate.SetResult();
        Assert.All(await Task.WhenAll(calls), fault => Assert.Equal(TokenFault.None, fault));
        Assert.Equal(1, Issuer.Asked);
    }

    [Fact]
    public async Task Caller_that_leaves_waits_no_longer_and_the_fetch_goes_on()
    {
        var gate = new TaskCompletionSource();
        Issuer.Gate = gate.Task;
        using var left = new CancellationTokenSource();
        var call = _identity.Issuers.VerifyAsync(Issuer.Token(), left.Token).AsTask();
        await left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        gate.SetResult();
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token()));
        Assert.Equal(1, Issuer.Asked);
    }

    [Fact]
    public async Task Unreachable_issuer_without_keys_is_no_fault_of_the_caller()
    {
        Issuer.IsDown = true;
        var fault = (await _identity.IdentifyAsync(Issuer.Token())).Fault!;
        Assert.Equal(CallerFaultKind.Unavailable, fault.Kind);
        Assert.Equal(503, EdgeGw.Requests.Refusals.Unidentified(fault).Status);
        Assert.Contains("result=\"unreachable\"} 1\n", _identity.Metrics, StringComparison.Ordinal);

        // Nobody asks again for seconds, and then the issuer may be back.
        Issuer.IsDown = false;
        Assert.Equal(TokenFault.Unavailable, await _identity.VerifyAsync(Issuer.Token()));
        Pass(IssuerKeys.PauseWithout);
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token()));
    }

    [Fact]
    public async Task Outage_is_bridged_for_24_hours_and_no_longer()
    {
        var token = Issuer.Token($$"""{"exp":{{IssuerClock.Start.AddDays(9).ToUnixTimeSeconds()}}}""");
        await _identity.AcceptAsync(token);
        Issuer.IsDown = true;
        _identity.Clock.Now = IssuerClock.Start + IssuerKeys.Outage - TimeSpan.FromSeconds(1);
        Assert.NotNull(_identity.Issuers.FindKnown(token));
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(token));
        await _identity.Only.WarmUpAsync();

        _identity.Clock.Now = IssuerClock.Start + IssuerKeys.Outage;
        Assert.Null(_identity.Issuers.FindKnown(token));
        Assert.Equal(TokenFault.Unavailable, await _identity.VerifyAsync(token));

        Issuer.IsDown = false;
        Pass(IssuerKeys.Pause);
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(token));
    }

    [Fact]
    public async Task Keys_that_are_no_longer_fresh_serve_on_while_they_are_fetched_behind_the_calls()
    {
        var token = Issuer.Token($$"""{"exp":{{IssuerClock.Start.AddDays(1).ToUnixTimeSeconds()}}}""");
        await _identity.AcceptAsync(token);
        var gate = new TaskCompletionSource();
        Issuer.Gate = gate.Task;
        Pass(IssuerKeys.Fresh);
        Assert.NotNull(_identity.Issuers.FindKnown(token));
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(token));
        var flight = _identity.Only.WarmUpAsync();
        Assert.False(flight.IsCompleted);
        gate.SetResult();
        await flight;
        Assert.Equal(2, Issuer.Asked);
        Assert.Contains($"edgegw_issuer_keys_timestamp_seconds{{issuer=\"{IdentityFixture.Name}\"}} {_identity.Clock.Now.ToUnixTimeSeconds()}\n", _identity.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clock_that_is_set_back_does_not_stop_fetches()
    {
        await _identity.AcceptAsync(Issuer.Token());
        Issuer.Keys["k2"] = FakeIssuer.OtherRsa;
        Pass(-TimeSpan.FromMinutes(30));
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(Issuer.Token("{}", NewKey, FakeIssuer.OtherRsa)));
        Assert.Equal(2, Issuer.Asked);
    }

    [Fact]
    public async Task Slow_issuer_is_given_up_after_its_time()
    {
        Issuer.Gate = new TaskCompletionSource().Task;
        var call = _identity.VerifyAsync(Issuer.Token());
        Assert.False(call.IsCompleted);
        while (!call.IsCompleted)
        {
            _identity.Clock.FireTimers();
            await Task.Yield();
        }
        Assert.Equal(TokenFault.Unavailable, await call);
    }

    [Theory]
    [InlineData("""{"issuer":"https://idp.example/realm/","jwks_uri":"https://idp.example/realm/keys"}""")]
    [InlineData("""{"issuer":"https://evil.example","jwks_uri":"https://idp.example/realm/keys"}""")]
    [InlineData("""{"issuer":"https://idp.example/realm","jwks_uri":"https://evil.example/keys"}""")]
    [InlineData("""{"issuer":"https://idp.example/realm","jwks_uri":"http://idp.example/realm/keys"}""")]
    [InlineData("""{"issuer":"https://idp.example/realm","jwks_uri":"https://idp.example:8443/realm/keys"}""")]
    [InlineData("""{"issuer":"https://idp.example/realm","jwks_uri":"/keys"}""")]
    [InlineData("""{"issuer":"https://idp.example/realm"}""")]
    [InlineData("""{"jwks_uri":"https://idp.example/realm/keys"}""")]
    [InlineData("<html>")]
    [InlineData("")]
    public async Task Metadata_that_is_not_this_issuers_is_not_followed(string document)
    {
        Issuer.Answers[IdentityFixture.Name + "/.well-known/openid-configuration"] = _ => FakeIssuer.Json(document);
        Assert.Equal(TokenFault.Unavailable, await _identity.VerifyAsync(Issuer.Token()));
        Assert.Contains("result=\"invalid\"} 1\n", _identity.Metrics, StringComparison.Ordinal);
        Assert.Equal(1, Issuer.Asked);
    }

    [Theory]
    [InlineData("""{"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":"oct","k":"AAAA","kid":"k1"}]}""")]
    [InlineData("""{"keys":1}""")]
    [InlineData("[]")]
    [InlineData("x")]
    public async Task Document_without_a_usable_key_changes_nothing(string document)
    {
        var token = Issuer.Token();
        await _identity.AcceptAsync(token);
        Issuer.Answers[Issuer.KeysAddress] = _ => FakeIssuer.Json(document);
        Pass(IssuerKeys.Pause);
        await _identity.VerifyAsync(Issuer.Token("{}", NewKey));
        Assert.Contains("result=\"invalid\"} 1\n", _identity.Metrics, StringComparison.Ordinal);
        Assert.Equal(TokenFault.None, await _identity.VerifyAsync(token));
    }

    [Fact]
    public async Task Document_beyond_256_KiB_is_not_read()
    {
        Issuer.Answers[Issuer.KeysAddress] = _ => FakeIssuer.Json(Issuer.KeysDocument + new string(' ', 256 * 1024));
        Assert.Equal(TokenFault.Unavailable, await _identity.VerifyAsync(Issuer.Token()));
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        Issuer.Answers[Issuer.KeysAddress] = _ => new HttpResponseMessage(HttpStatusCode.Found) { Headers = { Location = new Uri("https://evil.example/keys") } };
        Assert.Equal(TokenFault.Unavailable, await _identity.VerifyAsync(Issuer.Token()));
        Assert.Contains("result=\"unreachable\"} 1\n", _identity.Metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Issuer_that_a_reload_does_not_change_keeps_keys_and_tokens()
    {
        var token = Issuer.Token();
        await _identity.AcceptAsync(token);
        using var same = new IdentityFixture(previous: _identity);
        Assert.NotNull(same.Issuers.FindKnown(token));
        Assert.Same(_identity.Only, same.Only);
        using var changed = new IdentityFixture($$"""{ "issuer": "{{IdentityFixture.Name}}", "audience": ["other"] }""", previous: same);
        Assert.Null(changed.Issuers.FindKnown(token));
        Assert.Equal(TokenFault.Audience, await changed.VerifyAsync(token));
    }

    private void Pass(TimeSpan time) => _identity.Clock.Now += time;
}
