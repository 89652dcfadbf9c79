using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;

namespace EdgeGw.Tests.Identity;

public sealed class VirtualKeysTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-keys-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Key_created_is_found_by_its_secret_and_by_no_other()
    {
        await using var store = await OpenAsync();
        var (key, secret) = (await store.Keys.CreateAsync(Template("bot"), store.Journal, default))!.Value;
        Assert.Equal("bot", store.Keys.Find(secret, store.Keys.Configured).Principal!.KeyName);
        Assert.Equal(key.Id, store.Keys.Find(secret, store.Keys.Configured).Principal!.KeyId);
        Assert.Equal(KeyFault.Unknown, store.Keys.Find(secret + "x", store.Keys.Configured).Fault);
        Assert.Equal(KeyFault.Unknown, store.Keys.Find("egw_" + new string('a', 500), store.Keys.Configured).Fault);
    }

    [Fact]
    public async Task Key_revoked_is_refused_at_once_and_after_a_restart_with_or_without_a_checkpoint()
    {
        string kept, revoked;
        await using (var store = await OpenAsync())
        {
            kept = (await store.Keys.CreateAsync(Template("kept"), store.Journal, default))!.Value.Secret;
            revoked = (await store.Keys.CreateAsync(Template("gone"), store.Journal, default))!.Value.Secret;
            await store.CheckpointAsync(default);
            Assert.NotNull(await store.Keys.RevokeAsync("gone", store.Journal, default));
            Assert.Equal(KeyFault.Revoked, store.Keys.Find(revoked, store.Keys.Configured).Fault);
        }
        await using (var again = await OpenAsync())
        {
            Assert.NotNull(again.Keys.Find(kept, again.Keys.Configured).Principal);
            Assert.Equal(KeyFault.Revoked, again.Keys.Find(revoked, again.Keys.Configured).Fault);
            await again.CheckpointAsync(default);
        }
        await using var third = await OpenAsync();
        Assert.Equal(KeyFault.Revoked, third.Keys.Find(revoked, third.Keys.Configured).Fault);
    }

    [Fact]
    public async Task Name_in_force_is_not_given_twice_but_again_after_a_revocation()
    {
        await using var store = await OpenAsync();
        Assert.NotNull(await store.Keys.CreateAsync(Template("bot"), store.Journal, default));
        Assert.Null(await store.Keys.CreateAsync(Template("bot"), store.Journal, default));
        await store.Keys.RevokeAsync("bot", store.Journal, default);
        Assert.NotNull(await store.Keys.CreateAsync(Template("bot"), store.Journal, default));
    }

    [Fact]
    public async Task Key_past_its_expiry_is_refused()
    {
        await using var store = await OpenAsync();
        var template = Template("bot") with { Expires = TimeProvider.System.GetUtcNow().AddSeconds(-1) };
        var secret = (await store.Keys.CreateAsync(template, store.Journal, default))!.Value.Secret;
        Assert.Equal(KeyFault.Expired, store.Keys.Find(secret, store.Keys.Configured).Fault);
    }

    [Fact]
    public async Task Key_of_the_configuration_is_found_by_its_hash_and_cannot_be_revoked()
    {
        var pepper = new string('7', 64);
        var secret = KeyHasher.NewSecret();
        new KeyHasher(Convert.FromHexString(pepper)).TryHash(secret, out var digest);
        var identity = new IdentityConfig { Keys = [new KeyConfig { Name = "ci", Hash = digest.ToString(), Service = "ci" }] };
        await using var store = await DataStore.OpenAsync(
            new GatewayConfig { DataDirectory = _folder.FullName, Identity = identity }, pepper, TimeProvider.System);
        Assert.Equal("ci", store.Keys.Find(secret, store.Keys.Configured).Principal!.Service);
        Assert.Null(await store.Keys.RevokeAsync("ci", store.Journal, default));
    }

    [Fact]
    public void Digest_survives_its_text()
    {
        new KeyHasher(new byte[32]).TryHash("egw_x", out var digest);
        Assert.True(KeyDigest.TryParse(digest.ToString(), out var parsed));
        Assert.Equal(digest, parsed);
        Assert.False(KeyDigest.TryParse("egw_x", out _));
    }

    private Task<DataStore> OpenAsync() => DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName }, null, TimeProvider.System);

    private static VirtualKey Template(string name) => new() { Id = "", Digest = default, Name = name };
}
