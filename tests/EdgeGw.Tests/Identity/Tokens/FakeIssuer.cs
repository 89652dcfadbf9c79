using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>An issuer's documents and tokens, made without the library under test. Serves as many issuers as there are addresses.</summary>
internal sealed class FakeIssuer(string issuer) : HttpMessageHandler
{
    public static readonly RSA Rsa = RSA.Create(2048);
    public static readonly RSA OtherRsa = RSA.Create(2048);
    public static readonly ECDsa Ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private int _asked;

    public string Issuer { get; } = issuer;

    /// <summary>What is published, by name.</summary>
    public Dictionary<string, AsymmetricAlgorithm> Keys { get; } = new() { ["k1"] = Rsa };

    /// <summary>Other answers by address.</summary>
    public Dictionary<string, Func<HttpRequestMessage, HttpResponseMessage>> Answers { get; } = [];

    /// <summary>Waited for before anything is answered.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public bool IsDown { get; set; }

    /// <summary>How often the keys were asked for.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public string KeysAddress => Issuer.TrimEnd('/') + "/keys";

    public string Discovery => JsonSerializer.Serialize(new { issuer = Issuer, jwks_uri = KeysAddress });

    public string KeysDocument => new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(pair => (JsonNode)KeyOf(pair.Key, pair.Value))]) }.ToJsonString();

    public static HttpResponseMessage Json(string text) => new(HttpStatusCode.OK) { Content = new StringContent(text) };

    public static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    /// <summary>Claims as given, over iss, aud, sub and a lifetime around the clock's start.</summary>
    public string Token(string claims = "{}", string header = """{"alg":"RS256","kid":"k1","typ":"JWT"}""", AsymmetricAlgorithm? key = null)
    {
        var all = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = "gateway",
            ["sub"] = "ann",
            ["iat"] = IssuerClock.Start.ToUnixTimeSeconds(),
            ["exp"] = IssuerClock.Start.AddHours(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in JsonNode.Parse(claims)!.AsObject())
        {
            all[name] = value?.DeepClone();
        }
        return Sign(header, all.ToJsonString(), key ?? Rsa);
    }

    public static string Sign(string header, string claims, AsymmetricAlgorithm key)
    {
        var text = $"{Part(header)}.{Part(claims)}";
        var bytes = Encoding.ASCII.GetBytes(text);
        var signature = key is RSA rsa ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) : ((ECDsa)key).SignData(bytes, HashAlgorithmName.SHA256);
        return $"{text}.{Base64Url.EncodeToString(signature)}";
    }

    public static JsonObject KeyOf(string name, AsymmetricAlgorithm key)
    {
        var json = new JsonObject { ["kid"] = name, ["use"] = "sig" };
        if (key is RSA rsa)
        {
            var numbers = rsa.ExportParameters(false);
            (json["kty"], json["n"], json["e"]) = ("RSA", Base64Url.EncodeToString(numbers.Modulus), Base64Url.EncodeToString(numbers.Exponent));
        }
        else
        {
            var point = ((ECDsa)key).ExportParameters(false).Q;
            (json["kty"], json["crv"], json["x"], json["y"]) = ("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        }
        return json;
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        var address = request.RequestUri!.AbsoluteUri;
        if (address == KeysAddress || Answers.ContainsKey(address))
        {
            Interlocked.Increment(ref _asked);
        }
        await Gate.WaitAsync(cancellation);
        if (IsDown)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError);
        }
        if (Answers.TryGetValue(address, out var answer))
        {
            return answer(request);
        }
        return address == KeysAddress ? Json(KeysDocument)
            : address == Issuer.TrimEnd('/') + "/.well-known/openid-configuration" ? Json(Discovery)
            : new HttpResponseMessage(HttpStatusCode.NotFound);
    }
}
