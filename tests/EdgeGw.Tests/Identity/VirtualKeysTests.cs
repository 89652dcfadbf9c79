using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Tests.Budgets;

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
        Assert.Equal("bot", store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Principal!.KeyName);
        Assert.Equal(key.Id, store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Principal!.KeyId);
        Assert.Equal(KeyFault.Unknown, store.Keys.Find(secret + "x", store.Keys.Configured, new LastSecret()).Fault);
        Assert.Equal(KeyFault.Unknown, store.Keys.Find("egw_" + new string('a', 500), store.Keys.Configured, new LastSecret()).Fault);
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
            Assert.Equal(KeyFault.Revoked, store.Keys.Find(revoked, store.Keys.Configured, new LastSecret()).Fault);
        }
        await using (var again = await OpenAsync())
        {
            Assert.NotNull(again.Keys.Find(kept, again.Keys.Configured, new LastSecret()).Principal);
            Assert.Equal(KeyFault.Revoked, again.Keys.Find(revoked, again.Keys.Configured, new LastSecret()).Fault);
            await again.CheckpointAsync(default);
        }
        await using var third = await OpenAsync();
        Assert.Equal(KeyFault.Revoked, third.Keys.Find(revoked, third.Keys.Configured, new LastSecret()).Fault);
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
        Assert.Equal(KeyFault.Expired, store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Fault);
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
        Assert.Equal("ci", store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Principal!.Service);
        Assert.Null(await store.Keys.RevokeAsync("ci", store.Journal, default));
    }

    [Fact]
    public async Task Rotated_key_has_two_secrets_until_the_overlap_ends_and_stays_the_same_caller()
    {
        var time = new SetTime();
        string old, next;
        await using (var store = await OpenAsync(time))
        {
            old = (await store.Keys.CreateAsync(Template("bot") with { User = "ann" }, store.Journal, default))!.Value.Secret;
            var caller = store.Keys.Find(old, store.Keys.Configured, new LastSecret()).Principal;
            var rotated = (await store.Keys.RotateAsync("bot", TimeSpan.FromHours(1), store.Journal, default))!.Value;
            next = rotated.Secret;
            Assert.Equal(time.GetUtcNow().AddHours(1), rotated.Key.OverlapEnds(time.GetUtcNow()));
            Assert.Same(caller, store.Keys.Find(old, store.Keys.Configured, new LastSecret()).Principal);
            Assert.Same(caller, store.Keys.Find(next, store.Keys.Configured, new LastSecret()).Principal);
        }
        await using var again = await OpenAsync(time);
        time.Now += TimeSpan.FromHours(1) - TimeSpan.FromTicks(1);
        Assert.Equal("ann", again.Keys.Find(old, again.Keys.Configured, new LastSecret()).Principal?.User);
        time.Now += TimeSpan.FromTicks(1);
        Assert.Equal(KeyFault.Replaced, again.Keys.Find(old, again.Keys.Configured, new LastSecret()).Fault);
        Assert.NotNull(again.Keys.Find(next, again.Keys.Configured, new LastSecret()).Principal);
        await again.Keys.RevokeAsync("bot", again.Journal, default);
        Assert.Equal(KeyFault.Revoked, again.Keys.Find(next, again.Keys.Configured, new LastSecret()).Fault);
        Assert.Null(await again.Keys.RotateAsync("bot", TimeSpan.Zero, again.Journal, default));
    }

    [Fact]
    public async Task Rotation_without_overlap_ends_every_older_secret_at_once()
    {
        await using var store = await OpenAsync();
        var secrets = new List<string> { (await store.Keys.CreateAsync(Template("bot"), store.Journal, default))!.Value.Secret };
        foreach (var hours in (int[])[9, 5, 7, 0])
        {
            foreach (var secret in secrets)
            {
                Assert.Equal(KeyFault.None, store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Fault);
            }
            secrets.Add((await store.Keys.RotateAsync("bot", TimeSpan.FromHours(hours), store.Journal, default))!.Value.Secret);
        }
        Assert.All(secrets[..^1], secret => Assert.Equal(KeyFault.Replaced, store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Fault));
        Assert.Equal(KeyFault.None, store.Keys.Find(secrets[^1], store.Keys.Configured, new LastSecret()).Fault);
    }

    [Fact]
    public async Task Secrets_of_a_key_are_bounded_and_the_oldest_ends_first()
    {
        await using var store = await OpenAsync();
        var first = (await store.Keys.CreateAsync(Template("bot"), store.Journal, default))!.Value.Secret;
        for (var i = 0; i < 8; i++)
        {
            await store.Keys.RotateAsync("bot", TimeSpan.FromHours(1), store.Journal, default);
            Assert.Equal(KeyFault.None, store.Keys.Find(first, store.Keys.Configured, new LastSecret()).Fault);
        }
        await store.Keys.RotateAsync("bot", TimeSpan.FromHours(1), store.Journal, default);
        Assert.Equal(KeyFault.Unknown, store.Keys.Find(first, store.Keys.Configured, new LastSecret()).Fault);
    }

    [Fact]
    public async Task Name_of_an_expired_key_given_again_means_the_one_in_force()
    {
        var time = new SetTime();
        await using var store = await OpenAsync(time);
        await store.Keys.CreateAsync(Template("bot") with { Expires = time.GetUtcNow().AddHours(1) }, store.Journal, default);
        time.Now += TimeSpan.FromHours(2);
        var (key, secret) = (await store.Keys.CreateAsync(Template("bot"), store.Journal, default))!.Value;
        Assert.Equal(key.Id, (await store.Keys.RotateAsync("bot", TimeSpan.FromHours(1), store.Journal, default))!.Value.Key.Id);
        Assert.Equal(key.Id, (await store.Keys.RevokeAsync("bot", store.Journal, default))!.Id);
        Assert.Equal(KeyFault.Revoked, store.Keys.Find(secret, store.Keys.Configured, new LastSecret()).Fault);
    }

    [Fact]
    public async Task Last_use_is_known_after_a_restart_from_the_checkpoint_and_costs_the_journal_nothing()
    {
        var time = new SetTime();
        var used = time.GetUtcNow().AddDays(1);
        await using (var store = await OpenAsync(time))
        {
            var (key, secret) = (await store.Keys.CreateAsync(Template("bot"), store.Journal, default))!.Value;
            await store.Keys.CreateAsync(Template("idle"), store.Journal, default);
            Assert.Null(store.Keys.LastUsed(key));
            var connection = new LastSecret();
            var sequence = store.Journal.LastSequence;
            time.Now += TimeSpan.FromDays(1);
            store.Keys.Find(secret, store.Keys.Configured, connection);
            store.Keys.Find(secret + "x", store.Keys.Configured, new LastSecret());
            Assert.Equal(0, Allocations.OfEach(() => store.Keys.Find(secret, store.Keys.Configured, connection)));
            Assert.Equal((used, sequence), (store.Keys.LastUsed(key), store.Journal.LastSequence));
            await store.CheckpointAsync(default);
        }
        await using var again = await OpenAsync(time);
        Assert.Equal([used, null], again.Keys.All.Select(again.Keys.LastUsed));
    }

    [Fact]
    public void Record_keeps_all_of_a_key()
    {
        var key = Template("bot") with
        {
            Id = "key_1",
            Digest = new KeyDigest(new byte[32]),
            Replaced = [new ReplacedSecret(new KeyDigest([.. Enumerable.Repeat((byte)7, 32)]), DateTimeOffset.UnixEpoch)],
            User = "ann",
            Email = "ann@example.com",
            Service = "s",
            Groups = ["g"],
            Models = ["local/*"],
            Rotated = DateTimeOffset.UnixEpoch.AddDays(1),
        };
        var output = new System.Buffers.ArrayBufferWriter<byte>();
        KeyRecord.Write(output, key);
        var read = KeyRecord.Read(output.WrittenMemory.ToArray());
        Assert.Equal(key.Replaced, read.Replaced);
        Assert.Equal((key.Groups.Single(), key.Models.Single(), key.Metadata.Count), (read.Groups.Single(), read.Models.Single(), read.Metadata.Count));
        Assert.Equal(key, read with { Groups = key.Groups, Models = key.Models, Metadata = key.Metadata, Replaced = key.Replaced });
    }

    [Fact]
    public void Record_of_the_first_version_is_read_as_a_key_without_owner_and_limits()
    {
        const string Json = """
            {"id":"key_1","name":"bot","digest":"0707070707070707070707070707070707070707070707070707070707070707","service":null,"groups":["g"],"metadata":{"a":"b"},
            "created":"2025-01-01T00:00:00+00:00","expires":null,"revoked":"2025-02-01T00:00:00+00:00"}
            """;
        var key = KeyRecord.Read(System.Text.Encoding.UTF8.GetBytes(Json));
        Assert.Equal(("key_1", "bot", null, null, null), (key.Id, key.Name, key.User, key.Email, key.Rotated));
        Assert.Equal((new KeyDigest([.. Enumerable.Repeat((byte)7, 32)]), 0, 0, "b"), (key.Digest, key.Replaced.Count, key.Models.Count, key.Metadata["a"]));
        Assert.NotNull(key.Revoked);
    }

    [Fact]
    public void Digest_survives_its_text()
    {
        new KeyHasher(new byte[32]).TryHash("egw_x", out var digest);
        Assert.True(KeyDigest.TryParse(digest.ToString(), out var parsed));
        Assert.Equal(digest, parsed);
        Assert.False(KeyDigest.TryParse("egw_x", out _));
    }

    private Task<DataStore> OpenAsync(TimeProvider time) => DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName }, null, time);

    private Task<DataStore> OpenAsync() => DataStore.OpenAsync(new GatewayConfig { DataDirectory = _folder.FullName }, null, TimeProvider.System);

    private static VirtualKey Template(string name) => new() { Id = "", Digest = default, Name = name };
}
