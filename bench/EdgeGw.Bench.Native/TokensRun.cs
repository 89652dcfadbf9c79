using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;
using EdgeGw.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGw.Bench.Native;

/// <summary>Identifying a caller by a token of about 1 KiB: one that was verified before, and one that was not.</summary>
internal static class TokensRun
{
    private const int Calls = 200_000;
    private const int Fresh = 500;
    private const int Rounds = 7;
    private static readonly LastSecret Connection = new();
    private const string Issuer = "https://idp.example";
    private static readonly RSA Key = RSA.Create(2048);

    /// <returns>False when a known token allocated a byte.</returns>
    public static async Task<bool> RunAsync()
    {
        using var documents = new IssuerDocuments(TimeProvider.System, new KeysHandler());
        var services = new TokenServices(documents, new GatewayMetrics("bench").Identity, new GatewayLog(NullLogger.Instance), TimeProvider.System);
        var issuers = new TokenIssuers([new JwtConfig { Issuer = Issuer, Audiences = ["gateway"], JwksUri = new Uri(Issuer + "/keys") }], services, null);
        var identifier = new Identifier(new VirtualKeys(new KeyHasher(new byte[32]), ConfiguredKeys.None, TimeProvider.System), ConfiguredKeys.None, issuers, allowAnonymous: false);
        var known = Enumerable.Range(0, 1000).Select(static i => Headers($"user-{i}")).ToArray();
        foreach (var headers in known)
        {
            await identifier.IdentifyAsync(headers, null, Connection, default);
        }
        List<double> times = [], processor = [], fresh = [];
        long allocated = 0;
        for (var round = -2; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var busy = Environment.CpuUsage.TotalTime;
            var seconds = Known(identifier, known);
            busy = Environment.CpuUsage.TotalTime - busy;
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            var tokens = Enumerable.Range(0, Fresh).Select(i => Headers($"fresh-{round}-{i}")).ToArray();
            var started = Stopwatch.GetTimestamp();
            foreach (var headers in tokens)
            {
                await identifier.IdentifyAsync(headers, null, Connection, default);
            }
            if (round >= 0)
            {
                times.Add(seconds);
                processor.Add(busy.TotalSeconds);
                fresh.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                allocated += bytes;
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"token of {known[0]["Authorization"].ToString().Length} characters: known {Median(times) / Calls * 1e9:0} ns ({Median(processor) / Calls * 1e9:0} of processor), {allocated} B; verified anew {Median(fresh) / Fresh * 1e6:0} us"));
        return allocated == 0;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static double Known(Identifier identifier, HeaderDictionary[] callers)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < Calls; i++)
        {
            var call = identifier.IdentifyAsync(callers[i % callers.Length], null, Connection, default);
            if (!call.IsCompletedSuccessfully || call.Result.Principal is null)
            {
                throw new InvalidOperationException("a known token was not known");
            }
        }
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static HeaderDictionary Headers(string user)
    {
        var claims = $$"""{"iss":"{{Issuer}}","aud":"gateway","sub":"{{user}}","exp":4102444800,"groups":["a","b"],"filler":"{{new string('x', 350)}}"}""";
        var text = $"{Part("""{"alg":"RS256","kid":"k"}"""u8)}.{Part(Encoding.UTF8.GetBytes(claims))}";
        return new HeaderDictionary { ["Authorization"] = $"Bearer {text}.{Part(Key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}" };
    }

    private static string Part(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private sealed class KeysHandler : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var numbers = Key.ExportParameters(false);
            var keys = $$"""{"keys":[{"kty":"RSA","kid":"k","n":"{{Part(numbers.Modulus)}}","e":"{{Part(numbers.Exponent)}}"}]}""";
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(keys) });
        }
    }
}
