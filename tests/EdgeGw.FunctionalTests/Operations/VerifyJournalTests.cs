using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Operations;

public sealed class VerifyJournalTests
{
    private const string FirstSegment = "journal/segment.0000000000";

    [Fact]
    public async Task VerifyJournal_tellsASoundFolderFromEveryKindOfDamage_andExits1WithWhatToDo()
    {
        await using var provider = await FakeProvider.StartAsync();
        await using var gateway = await EdgeGwProcess.StartAsync(GatewayConfig.For(provider));
        for (var i = 0; i < 20; i++)
        {
            await CallResult.OfAsync(gateway.Client, new Call(CallerDialect.Chat, new FakeScript { Id = $"v{i}" }));
        }
        await ExpectAsync(gateway.DataDirectory, 1, "in use by another process", "stop it");
        await gateway.StopAsync();
        var folder = gateway.DataDirectory;
        await ExpectAsync(folder, 0, "settle 20", "open holds    none", "torn tail     none", "damage        none");

        // Inside the first record: what lies further on depends on when the others were written.
        await WithDamageAsync(folder, FirstSegment, content => content[120] ^= 16, 1, "segment.0000000000 at offset", "not as written: record 1", "which had been acknowledged", "restore the data folder from a backup");
        // Behind all that is written: what a power cut may leave of a write that nobody was told of.
        await WithDamageAsync(folder, FirstSegment, content => content.AsSpan(UsedBytes(content), 100).Fill(0xAB), 0, "bytes that were never acknowledged; the next start cuts them", "damage        none");
        await WithDamageAsync(folder, FirstSegment, null, 1, "segment.0000000000", "missing", "restore the data folder from a backup");
        await WithDamageAsync(folder, "journal/commit", null, 1, "commit is missing", "restore the whole data folder from a backup");
        await WithDamageAsync(folder, "journal/format", null, 1, "format", "restore");
        await WithDamageAsync(folder, "checkpoint", content => content[20] ^= 16, 1, "checkpoint", "is damaged", "restore the data folder from a backup");
        await ExpectAsync(Path.Combine(folder, "nowhere"), 1, "does not exist; give the data_dir of a gateway");
        await ExpectAsync(Path.Combine(folder, "journal"), 1, "no node has ever run with this data folder; give the data_dir of a gateway");
        await ExpectAsync("", 2, "--data-dir is empty");
        await ExpectAsync(folder, 0, "damage        none");
    }

    private static int UsedBytes(byte[] content) => (content.AsSpan().LastIndexOfAnyExcept((byte)0) + 511) / 512 * 512;

    /// <param name="change">Null: the file is gone.</param>
    private static async Task WithDamageAsync(string folder, string name, Action<byte[]>? change, int exitCode, params string[] says)
    {
        var path = Path.Combine(folder, name);
        var sound = await File.ReadAllBytesAsync(path);
        if (change is null)
        {
            File.Delete(path);
        }
        else
        {
            var damaged = sound.ToArray();
            change(damaged);
            await File.WriteAllBytesAsync(path, damaged);
        }
        await ExpectAsync(folder, exitCode, says);
        await File.WriteAllBytesAsync(path, sound);
    }

    private static async Task ExpectAsync(string folder, int exitCode, params string[] says)
    {
        var result = await EdgeGwCommand.RunAsync(["verify-journal", "--data-dir", folder]);
        Assert.True(result.ExitCode == exitCode, $"{result.ExitCode}: {result.All}");
        foreach (var text in says)
        {
            Assert.True(result.All.Contains(text, StringComparison.Ordinal), $"'{text}' is not in {result.All}");
        }
    }
}
