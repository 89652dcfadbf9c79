using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGw.FunctionalTests.Operations;

/// <summary>An OIDC issuer on a loopback port: discovery, keys, and tokens signed by the platform's own cryptography.</summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private TokenIssuer(WebApplication app) => _app = app;

    public string Name { get; private set; } = "";

    public static async Task<TokenIssuer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var issuer = new TokenIssuer(app);
        app.Run(issuer.AnswerAsync);
        await app.StartAsync();
        issuer.Name = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
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

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
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
