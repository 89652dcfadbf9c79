using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.FunctionalTests.Gateway;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>An OIDC issuer on a loopback port: discovery, keys, and tokens signed by the platform's own cryptography.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private LoopbackServer _server = null!;
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TokenIssuer()
    {
    }

    public string Name => _server.Address;

    public static async Task<TokenIssuer> StartAsync()
    {
        var issuer = new TokenIssuer();
        issuer._server = await LoopbackServer.StartAsync(issuer.AnswerAsync);
        return issuer;
    }

    /// <param name="lifetime">From now.</param>
    public string Token(string user, TimeSpan lifetime, bool onCurve = false)
    {
        var claims = new JsonObject
        {
            ["iss"] = Name,
            ["aud"] = "gateway",
            ["sub"] = user,
            ["email"] = $"{user}@example.com",
            ["groups"] = new JsonArray("ml"),
            ["act"] = new JsonObject { ["sub"] = "agent-7" },
            ["exp"] = DateTimeOffset.UtcNow.Add(lifetime).ToUnixTimeSeconds(),
        };
        var text = $"{Part(onCurve ? """{"alg":"ES256","kid":"e"}""" : """{"alg":"RS256","kid":"r"}""")}.{Part(claims.ToJsonString())}";
        var bytes = Encoding.ASCII.GetBytes(text);
        return $"{text}.{Base64Url.EncodeToString(onCurve ? _ec.SignData(bytes, HashAlgorithmName.SHA256) : _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    public Task StopAsync() => _server.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _rsa.Dispose();
        _ec.Dispose();
    }

    private Task AnswerAsync(HttpContext http)
    {
        var (numbers, point) = (_rsa.ExportParameters(false), _ec.ExportParameters(false).Q);
        var document = http.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => new JsonObject { ["issuer"] = Name, ["jwks_uri"] = $"{Name}/keys" },
            "/keys" => new JsonObject
            {
                ["keys"] = new JsonArray(
                    new JsonObject { ["kty"] = "RSA", ["kid"] = "r", ["n"] = Base64Url.EncodeToString(numbers.Modulus), ["e"] = Base64Url.EncodeToString(numbers.Exponent) },
                    new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "e", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) }),
            },
            _ => null,
        };
        http.Response.StatusCode = document is null ? 404 : 200;
        return http.Response.WriteAsync(document?.ToJsonString() ?? "");
    }

    private static string Part(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
