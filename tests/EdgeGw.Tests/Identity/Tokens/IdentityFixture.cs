using System.Buffers;
using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Identity.Tokens;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Metrics;
using EdgeGw.Tests.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGw.Tests.Identity.Tokens;

/// <summary>Identification as one configuration's <c>identity.jwt</c> says, before a fake issuer.</summary>
internal sealed class IdentityFixture : IDisposable
{
    public const string Name = "https://idp.example/realm";
    public const string Plain = $$"""{ "issuer": "{{Name}}", "audience": ["gateway"] }""";

    private readonly GatewayMetrics _metrics = new("test");
    private readonly IssuerDocuments _documents;
    private readonly KeyHasher _hasher = new(new byte[32]);
    private readonly LastSecret _connection = new();

    public IdentityFixture(string jwt = Plain, string? name = null, bool anonymous = false, bool passthrough = false, bool rulesOnGroups = false, IdentityFixture? previous = null)
    {
        Clock = previous?.Clock ?? new IssuerClock();
        Issuer = previous?.Issuer ?? new FakeIssuer(name ?? Name);
        _documents = new IssuerDocuments(Clock, Issuer);
        Configs = ConfigFixture.LoadGood($$"""{ "identity": { "jwt": [ {{jwt}} ] } }""").Identity.Jwt;
        Issuers = new TokenIssuers(Configs, new TokenServices(_documents, _metrics.Identity, new GatewayLog(NullLogger.Instance), Clock), previous?.Issuers);
        _hasher.TryHash(Secret, out var digest);
        var keys = new ConfiguredKeys(
        [
            new KeyConfig { Name = "bot", Hash = digest.ToString(), Service = "review-bot", Groups = ["bots"], Metadata = new Dictionary<string, string> { ["team"] = "core" } },
        ]);
        Identifier = new Identifier(new VirtualKeys(_hasher, keys, Clock), keys, Issuers, anonymous, passthrough, rulesOnGroups);
    }

    public static string Secret { get; } = KeyHasher.NewSecret();

    public IssuerClock Clock { get; }

    public FakeIssuer Issuer { get; }

    public IReadOnlyList<JwtConfig> Configs { get; }

    public TokenIssuers Issuers { get; }

    public Identifier Identifier { get; }

    public TokenIssuer Only => Issuers.Named(Configs[0].Issuer)!;

    public string Metrics
    {
        get
        {
            var output = new ArrayBufferWriter<byte>();
            _metrics.Write(output, ExpositionFormat.Text);
            return Encoding.UTF8.GetString(output.WrittenSpan);
        }
    }

    public static HeaderDictionary Bearer(string token) => new() { ["Authorization"] = $"Bearer {token}" };

    public ValueTask<Identification> IdentifyAsync(HeaderDictionary headers) => Identifier.IdentifyAsync(headers, null, _connection, default);

    public ValueTask<Identification> IdentifyAsync(string token) => IdentifyAsync(Bearer(token));

    public async Task<Principal> AcceptAsync(string token)
    {
        var identification = await IdentifyAsync(token);
        Assert.Null(identification.Fault);
        return identification.Principal!;
    }

    public async Task<TokenFault> VerifyAsync(string token) => (await Issuers.VerifyAsync(token, default)).Fault;

    public void Dispose() => _documents.Dispose();
}
