using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Identity;

/// <summary>Tokens and headers of those who want to be somebody else (RFC 8725 and what was seen since).</summary>
public sealed partial class TokenAttackTests : IAsyncLifetime
{
    private static readonly CallerDialect[] Dialects = [CallerDialect.Chat, CallerDialect.Responses, CallerDialect.Messages, CallerDialect.Gemini];

    private FakeProvider _provider = null!;
    private NodeIssuer _issuer = null!;
    private EdgeGwProcess _gateway = null!;

    public async Task InitializeAsync()
    {
        _provider = await FakeProvider.StartAsync();
        _issuer = await NodeIssuer.StartOpenIdAsync();
        var config = IdentityConfig.For(_provider, _issuer);
        config["identity"]!["jwt"]![0]!["header"] = "X-User-Token";
        _gateway = await EdgeGwProcess.StartAsync(config);
    }

    public async Task DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _issuer.DisposeAsync();
        await _provider.DisposeAsync();
        Assert.Empty(_provider.Ledger.Violations);
    }

    [RequiresNodeFact]
    public async Task Forged_tokens_are_refused_each_for_its_reason_in_every_dialect_and_written_nowhere()
    {
        var cases = (await _issuer.AskAsync("forge"))["forged"]!["cases"]!.AsArray()
            .Select(static each => (Name: (string)each!["name"]!, Result: (string)each["result"]!, Token: (string)each["token"]!)).ToArray();
        Assert.True(cases.Length > 60);
        var wrong = new List<string>();
        foreach (var (name, result, token) in cases)
        {
            foreach (var dialect in Dialects)
            {
                var before = await CountsAsync();
                var answer = await _gateway.SendAsync(token, dialect);
                if ((int)answer.Status != (result == "ok" ? 200 : 401))
                {
                    wrong.Add($"{name} ({dialect}): {(int)answer.Status} {answer.Text}");
                }
                else if (result != "ok")
                {
                    ErrorEnvelope.Check(dialect, answer);
                    Assert.Equal("Bearer", answer.Header("WWW-Authenticate"));
                    var now = await CountsAsync();
                    var counted = now.Where(each => each.Value != before.GetValueOrDefault(each.Key)).Select(static each => each.Key.Result).ToArray();
                    if (counted is not [var one] || one != result)
                    {
                        wrong.Add($"{name} ({dialect}): counted as {string.Join(',', counted)} and not as {result}");
                    }
                }
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));

        var written = _gateway.Log.Text + _gateway.Errors.Text + await _gateway.MetricsAsync();
        foreach (var (name, _, token) in cases)
        {
            Assert.All(token.Split('.').Where(static part => part.Length >= 16), part => Assert.False(written.Contains(part[^16..], StringComparison.Ordinal), name));
        }
        Assert.DoesNotContain("\u001b", written, StringComparison.Ordinal);
        Assert.DoesNotContain("root", string.Concat(_gateway.Log.Records), StringComparison.Ordinal);
        Assert.Equal(1, await _issuer.FetchesAsync("keys"));
    }

    [RequiresNodeFact]
    public async Task Token_of_an_issuer_that_is_not_configured_says_no_more_than_any_other()
    {
        await using var other = await NodeIssuer.StartOpenIdAsync();
        var (foreign, garbage) = (await _gateway.SendAsync(await other.LoginAsync("ann")), await _gateway.SendAsync("eyJhbGciOiJub25lIn0.e30.eA"));
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (foreign.Status, garbage.Status));
        Assert.Equal(ErrorEnvelope.Check(CallerDialect.Chat, garbage), ErrorEnvelope.Check(CallerDialect.Chat, foreign));
        Assert.DoesNotContain(_issuer.Name, foreign.Text, StringComparison.Ordinal);
        Assert.Equal(0, await other.FetchesAsync("keys"));
    }

    [RequiresNodeFact]
    public async Task Headers_that_look_like_the_right_ones_are_not_and_repeated_ones_must_agree()
    {
        var (ann, bob) = (await _issuer.LoginAsync("ann"), await _issuer.LoginAsync("bob"));
        (int Status, string[] Headers)[] all =
        [
            (200, [$"Authorization: Bearer {ann}"]),
            (200, [$"aUTHORIZATION: bEARER   {ann}"]),
            (200, [$"x-USER-token: {ann}"]),
            (200, [$"Authorization: Bearer {ann}", $"Authorization: Bearer {ann}"]),
            (200, [$"Authorization: Bearer {ann}", $"X-User-Token: {ann}", "X-Auth-Request-User: root", "Remote-User: root", "X-Forwarded-Groups: admins", "x-edgegw-user: root"]),
            (401, [$"X_User_Token: {ann}"]),
            (401, [$"X-User_Token: {ann}"]),
            (401, [$"Cf-Access-Jwt-Assertion: {ann}"]),
            (401, [$"Cookie: CF_Authorization={ann}"]),
            (401, [$"X-Forwarded-Access-Token: {ann}"]),
            (401, [$"Authorization: Basic {ann}"]),
            (401, [$"Authorization: Bearer {ann}, Bearer {bob}"]),
            (401, [$"Authorization: Bearer {ann}", $"Authorization: Bearer {bob}"]),
            (401, [$"Authorization: Bearer {ann}", $"X-User-Token: {bob}"]),
            (401, [$"Authorization: Bearer {ann}", "X-User-Token: root"]),
            (401, [$"Authorization: Bearer {ann}", $"X-User-Token: {ann}x"]),
            (401, [$"Authorization: Bearer {ann} {bob}"]),
            (400, [$"Authorization : Bearer {ann}"]),
            (400, [$"Authorization: Bearer {ann}\0"]),
            (400, ["X-User-Token:", $" {ann}"]),
        ];
        var wrong = new List<string>();
        foreach (var (status, headers) in all)
        {
            var got = await RawStatusAsync(headers);
            if (got != status)
            {
                wrong.Add($"{got} and not {status}: {string.Join(" | ", headers.Select(static header => header.Length < 40 ? header : header[..40]))}");
            }
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.DoesNotContain("root", string.Concat(_gateway.Log.Records), StringComparison.Ordinal);
        Assert.All(_gateway.Log.Records.Where(static record => record.Status == 200), static record => Assert.Contains("\"user\":\"ann\"", record.ToString(), StringComparison.Ordinal));
    }

    [RequiresNodeFact]
    public async Task Token_larger_than_any_header_may_be_is_refused_before_it_is_read()
    {
        Assert.Contains(await RawStatusAsync($"Authorization: Bearer eyJ{new string('a', 200_000)}.e30.eA"), (int[])[401, 431]);
        Assert.Equal(200, await _gateway.StatusAsync(await _issuer.LoginAsync("ann")));
    }

    private async Task<int> RawStatusAsync(params string[] headers)
    {
        var body = new Call(CallerDialect.Chat, new FakeScript()).Body;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, _gateway.Data.Port);
        var head = $"POST /openai/v1/chat/completions HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n{string.Join("\r\n", headers)}\r\n\r\n";
        var buffer = new byte[12];
        var read = 0;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(head), SocketFlags.None, patience.Token);
            await socket.SendAsync(body, SocketFlags.None, patience.Token);
        }
        catch (SocketException)
        {
            // It may have answered and gone before all was sent: the answer is what counts.
        }
        while (read < buffer.Length && await socket.ReceiveAsync(buffer.AsMemory(read), SocketFlags.None, patience.Token) is > 0 and var more)
        {
            read += more;
        }
        return int.Parse(Encoding.Latin1.GetString(buffer, 9, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task<Dictionary<(string Issuer, string Result), long>> CountsAsync() => Counted().Matches(await _gateway.MetricsAsync())
        .ToDictionary(
            static match => (match.Groups[1].Value, match.Groups[2].Value),
            static match => long.Parse(match.Groups[3].Value, System.Globalization.CultureInfo.InvariantCulture));

    [GeneratedRegex("""edgegw_identity_tokens_total\{issuer="([^"]*)",result="([^"]*)"\} (\d+)""")]
    private static partial Regex Counted();
}
