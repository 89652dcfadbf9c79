using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Tests.Configuration;

namespace EdgeGw.Tests.Hosting;

public sealed class VerifyJournalTests : IDisposable
{
    private static readonly Principal Caller = new() { KeyId = "a", KeyName = "a" };
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-verify-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Sound_folder_with_a_checkpoint_and_an_open_hold_is_reported_whole_and_not_changed()
    {
        await FillAsync(checkpoint: true);
        var before = Snapshot();

        var (code, output, _) = await RunAsync(json: true);

        Assert.Equal(ExitCode.Ok, code);
        Assert.Equal(before, Snapshot());
        using var document = JsonDocument.Parse(output);
        var report = document.RootElement;
        Assert.Equal(1, report.GetProperty("first_sequence").GetInt64());
        Assert.Equal(21, report.GetProperty("by_type").GetProperty("hold").GetInt64());
        Assert.Equal(20, report.GetProperty("by_type").GetProperty("settle").GetInt64());
        Assert.Equal(report.GetProperty("last_sequence").GetInt64(), report.GetProperty("records").GetInt64());
        Assert.Equal(1, report.GetProperty("open_holds").GetInt32());
        Assert.Equal(1, report.GetProperty("slots_compared").GetInt32());
        Assert.Equal(0, report.GetProperty("damages").GetArrayLength());
    }

    [Fact]
    public async Task Folder_of_a_running_node_is_refused_with_its_process()
    {
        await using var store = await OpenAsync();
        var (code, output, errors) = await RunAsync();
        Assert.Equal(ExitCode.Failure, code);
        Assert.Empty(output);
        Assert.Contains("in use by another process", errors);
    }

    [Fact]
    public async Task Flipped_bit_in_the_journal_is_reported_with_its_place_and_the_records_behind_it_are_read()
    {
        await FillAsync(checkpoint: false);
        var segment = Path.Combine(_folder, "journal", "segment.0000000000");
        Flip(segment, 600);

        var (code, output, _) = await RunAsync();

        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("segment.0000000000 at offset", output);
        Assert.Contains("which had been acknowledged", output);
        Assert.Contains("restore the data folder from a backup", output);
        Assert.Contains("settle 1", output);
    }

    [Theory]
    [InlineData("checkpoint")]
    [InlineData("counters")]
    [InlineData("journal/commit")]
    public async Task Damage_to_a_file_is_reported_by_its_name(string name)
    {
        await FillAsync(checkpoint: true);
        var path = name == "counters"
            ? Directory.EnumerateFiles(Path.Combine(_folder, name), "ht.dat.0", SearchOption.AllDirectories).Single()
            : Path.Combine(_folder, name);
        Flip(path, 20);
        if (name == "journal/commit")
        {
            Flip(path, 4096 + 20);
        }

        var (code, output, _) = await RunAsync();

        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains(path, output);
    }

    [Fact]
    public async Task End_without_its_hold_and_a_record_that_cannot_be_read_are_reported_by_their_sequence()
    {
        using (var folder = DataFolder.Open(_folder))
        await using (var journal = Journal.Open(folder, new JournalOptions()))
        {
            journal.Append((byte)JournalRecordType.Hold, LedgerRecord.Version, [1, 2, 3]);
            var payload = new System.Buffers.ArrayBufferWriter<byte>();
            LedgerRecord.WriteEnd(payload, 1, Record(1));
            journal.Append((byte)JournalRecordType.Settle, LedgerRecord.Version, payload.WrittenSpan);
        }

        var report = await JournalVerifier.VerifyAsync(_folder);

        Assert.Equal(["journal record 1", "journal record 2"], report.Damages.Select(damage => damage.Place));
        Assert.Contains("belongs to hold 1, which is not open", report.Damages[1].What);
    }

    [Fact]
    public async Task Counters_that_differ_from_the_journal_are_found()
    {
        await FillAsync(checkpoint: false);
        using (var folder = DataFolder.Open(_folder))
        {
            await using var journal = Journal.Open(folder, new JournalOptions());
            using var slots = CounterStore<BudgetSlot>.Open(folder, new CounterStoreOptions(), null);
            var key = default(CounterKey);
            journal.Replay(0, (in JournalRecord record) => key = record.Type == (byte)JournalRecordType.SlotOpened ? LedgerRecord.ReadOpened(record.Payload)!.Value : key);
            slots.Write(key, new BudgetSlot { Spent = 1, AppliedSequence = journal.LastSequence });
            var empty = new System.Buffers.ArrayBufferWriter<byte>();
            new EdgeGw.Telemetry.Rollups.UsageRollup().Capture().Write(empty);
            var directory = new System.Buffers.ArrayBufferWriter<byte>();
            new SlotDirectory().Write(directory, DateTimeOffset.MinValue);
            var deferred = new System.Buffers.ArrayBufferWriter<byte>();
            DeferredAnswers.Write([], deferred);
            var raises = new System.Buffers.ArrayBufferWriter<byte>();
            new BudgetRaises().Write(raises, DateTimeOffset.MinValue);
            await Checkpointer.TakeAsync(journal, slots, new CheckpointStore(folder), journal.Position, () => new Dictionary<string, ReadOnlyMemory<byte>>
            {
                [LedgerSections.RollupName] = empty.WrittenMemory,
                [LedgerSections.ScopesName] = directory.WrittenMemory,
                [LedgerSections.DeferredName] = deferred.WrittenMemory,
                [LedgerSections.RaisesName] = raises.WrittenMemory,
            });
        }

        var report = await JournalVerifier.VerifyAsync(_folder);

        Assert.Contains(report.Damages, damage => damage.What.Contains("the journal says", StringComparison.Ordinal) && damage.Place.StartsWith("counter ", StringComparison.Ordinal));
        Assert.Contains(report.Damages, damage => damage.What.StartsWith("usage totals say 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Folder_that_is_none_is_refused()
    {
        var (code, _, errors) = await RunAsync();
        Assert.Equal(ExitCode.Failure, code);
        Assert.Contains("no node has ever run", errors);
    }

    private async Task FillAsync(bool checkpoint)
    {
        await using var store = await OpenAsync();
        for (var i = 1; i <= 20; i++)
        {
            store.Ledger.Settle(store.Ledger.TryHold(Caller, NanoUsd.FromDollars(i), Record(i)).Hold!, Record(i), out _);
            if (checkpoint && i == 10)
            {
                await store.CheckpointAsync(CancellationToken.None);
            }
        }
        store.Ledger.TryHold(Caller, NanoUsd.FromDollars(5), Record(5));
    }

    private Task<DataStore> OpenAsync() => DataStore.OpenAsync(
        new GatewayConfig
        {
            DataDirectory = _folder,
            Budgets = [new BudgetConfig { Name = "company", Amount = NanoUsd.FromDollars(1000), Window = BudgetWindow.Month }],
        }, null, TimeProvider.System);

    private async Task<(int Code, string Output, string Errors)> RunAsync(bool json = false)
    {
        var context = new CliContext
        {
            Out = new StringWriter(),
            Error = new StringWriter(),
            Environment = new FakeEnvironment(),
            Time = TimeProvider.System,
            Providers = ConfigFixture.Providers,
        };
        var code = await VerifyJournalAction.RunAsync(new VerifyJournalOptions(_folder, json), context, CancellationToken.None);
        return (code, context.Out.ToString()!, context.Error.ToString()!);
    }

    private Dictionary<string, string> Snapshot() => Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))) + File.GetLastWriteTimeUtc(path).Ticks);

    private static void Flip(string path, int at)
    {
        var content = File.ReadAllBytes(path);
        content[at] ^= 16;
        File.WriteAllBytes(path, content);
    }

    private static UsageRecord Record(long dollars) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = DateTimeOffset.UtcNow,
        Principal = Caller,
        Dialect = Dialect.ChatCompletions,
        Outcome = EdgeGw.Requests.Outcome.Completed,
        Cost = NanoUsd.FromDollars(dollars),
        Hold = NanoUsd.FromDollars(dollars),
    };
}
