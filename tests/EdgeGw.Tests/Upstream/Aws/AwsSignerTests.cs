using System.Text;
using EdgeGw.FunctionalTests.Aws;
using EdgeGw.Upstream;
using EdgeGw.Upstream.Aws;
using EdgeGw.Upstream.Http1;
using EdgeGw.Upstream.Http2;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Upstream.Aws;

/// <summary>What either transport puts on the wire is what was signed, by the word of a verifier that shares no code with the signer.</summary>
public sealed class AwsSignerTests
{
    private const string Id = "AKIDEXAMPLE";
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(2));

    public static TheoryData<string, string> Requests()
    {
        var data = new TheoryData<string, string>();
        foreach (var transport in (string[])["http1", "handler"])
        {
            data.Add(transport, "POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1:0/converse");
            data.Add(transport, "POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1%3A0/converse-stream");
            data.Add(transport, "POST /model/us.anthropic.claude-sonnet-4-5-20250929-v1%3a0/invoke");
            data.Add(transport, "POST /model/arn%3Aaws%3Abedrock%3Aeu-central-1%3A123456789012%3Ainference-profile%2Feu.anthropic.claude-x/invoke-with-response-stream");
            data.Add(transport, "POST /with~tilde/and%20space/plus+sign/star*(bang!)'/%C3%BC?b=2&a=%2F&a=1&empty&plus=1+1&B=x%3dy");
            data.Add(transport, "GET /foundation-models?byProvider=anthropic");
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Request_on_the_wire_is_the_one_that_was_signed(string transport, string line)
    {
        var received = new TaskCompletionSource<string>();
        await using var server = new ScriptedServer(async (peer, _) =>
        {
            received.SetResult((await peer.ReadRequestAsync())!);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        });
        var parts = line.Split(' ');
        var request = new UpstreamRequest { Origin = server.Origin, Method = parts[0], Target = parts[1] };
        request.Headers.Add(new("Content-Type", " application/json;   charset=utf-8"));
        request.Headers.Add(new("User-Agent", "test"));
        if (parts[0] == "POST")
        {
            request.Body.AddRange([Encoding.UTF8.GetBytes("{\"messages\":[\"gr\u00fc"), Encoding.UTF8.GetBytes("\u00dfe\"]}")]);
        }
        Signer(server.Origin).Sign(request, new AwsCredentials(Id, Secret, "the/token+=="), Now);
        await using UpstreamTransport sender = transport == "http1" ? new Http1Transport(TransportTesting.Options()) : new HttpClientTransport(TransportTesting.Options());
        await sender.RoundTripAsync(request);

        var text = await received.Task.WaitAsync(TransportTesting.Patience);
        Assert.StartsWith(line + " HTTP/1.1\r\n", text);
        Assert.Contains("20260304T030607Z", text);
        Assert.Null(Verify(text));
        // The verifier is no rubber stamp: any byte of what is signed counts.
        foreach (var (from, to) in new[] { (parts[1], parts[1] + "/"), ("the/token", "the/tokem"), ("20260304T03", "20260304T04"), ("gr\u00fc\u00df", "gr\u00fc\u00e0"), ("x-amz-date: ", "x-amz-date: 1") })
        {
            if (text.Contains(from) && from != to)
            {
                Assert.NotNull(Verify(text.Replace(from, to)));
            }
        }
    }

    [Fact]
    public void Any_target_and_body_gets_the_verifiers_signature()
    {
        var chars = Gen.Elements("abzAZ019-._~/:%?&=+*()!'@,;$".ToCharArray());
        var inputs = from target in chars.ArrayOf() from body in ArbMap.Default.GeneratorFor<byte[][]>() from token in Gen.Elements<string?>(null, "", "t") select (target, body, token);
        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            // Only well-formed escapes come this far: the router refuses others.
            var target = "/" + new string(input.target).Replace("%", "%2F");
            var request = new UpstreamRequest { Origin = new Uri("https://bedrock-runtime.us-east-1.amazonaws.com"), Method = "POST", Target = target };
            request.Body.AddRange(input.body.Select(static piece => new ReadOnlyMemory<byte>(piece)));
            Signer(request.Origin).Sign(request, new AwsCredentials(Id, Secret, input.token), Now);
            var headers = request.Headers.Select(static h => (h.Key, h.Value)).Append(("Host", "bedrock-runtime.us-east-1.amazonaws.com")).ToArray();
            return SigV4Verifier.FaultOf("POST", target, headers, input.body.SelectMany(static piece => piece).ToArray(), Id, Secret, "us-east-1", "bedrock") is null;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Key_is_derived_anew_for_another_day_and_for_other_credentials()
    {
        var signer = Signer(new Uri("https://h"));
        var old = new AwsCredentials(Id, Secret);
        foreach (var (credentials, secret, now) in new[]
        {
            (old, Secret, Now), (old, Secret, Now.AddDays(1)), (new AwsCredentials(Id, "other"), "other", Now.AddDays(1)), (old, Secret, Now),
        })
        {
            var request = new UpstreamRequest { Origin = new Uri("https://h"), Method = "GET", Target = "/" };
            signer.Sign(request, credentials, now);
            var headers = request.Headers.Select(static h => (h.Key, h.Value)).Append(("host", "h")).ToArray();
            Assert.Null(SigV4Verifier.FaultOf("GET", "/", headers, [], Id, secret, "us-east-1", "bedrock"));
        }
    }

    [Fact]
    public void Content_type_that_cannot_be_relied_on_is_not_signed()
    {
        var request = new UpstreamRequest { Origin = new Uri("https://h"), Method = "POST", Target = "/" };
        request.Headers.AddRange([new("Content-Type", "a/b"), new("content-type", "c/d")]);
        request.Body.Add(new byte[1]);
        Signer(request.Origin).Sign(request, new AwsCredentials(Id, Secret), Now);
        Assert.Contains("SignedHeaders=host;x-amz-content-sha256;x-amz-date,", request.Headers[^1].Value);
    }

    [Fact]
    public void Credentials_are_in_no_text() =>
        Assert.DoesNotContain("secret", new AwsCredentialsResult(new AwsCredentials("id", "secret", "secret-token"), null).ToString());

    private static AwsSigner Signer(Uri origin) => new(origin, "us-east-1", "bedrock", new StaticCredentials(new AwsCredentials(Id, Secret)));

    private static string? Verify(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");
        var headers = lines.Skip(1).Select(static l => l.Split(':', 2)).Select(static h => (h[0], h[1].Trim())).ToArray();
        return SigV4Verifier.FaultOf(lines[0].Split(' ')[0], lines[0].Split(' ')[1], headers, Encoding.UTF8.GetBytes(text[(end + 4)..]), Id, Secret, "us-east-1", "bedrock");
    }
}
