using System.Buffers;
using System.Security.Cryptography;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering.Estimation;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;

namespace EdgeGw.Hosting;

/// <summary>The data folder, opened and recovered: journal, counters, keys and rollup, each at the journal's end.</summary>
/// <remarks>Recovery order: the newest checkpoint, then every journal record after it, then the holds that a crash left open.</remarks>
public sealed class DataStore : IAsyncDisposable
{
    private const string RollupSection = "usage-rollup";
    private const string DirectorySection = "slot-directory";
    private const string DeferredSection = "deferred-answers";
    private const string KeysSection = "virtual-keys";
    private const string EstimatorSection = "usage-estimator";
    private const string PepperFile = "key-pepper";
    private static readonly TimeSpan KeepEndedSlots = TimeSpan.FromDays(62);

    private readonly DataFolder _folder;
    private readonly CounterStore<BudgetSlot> _slots;
    private readonly CheckpointStore _checkpoints;
    private readonly SlotDirectory _directory;
    private readonly TimeProvider _time;

    private DataStore(
        DataFolder folder, Journal journal, CounterStore<BudgetSlot> slots, CheckpointStore checkpoints, SlotDirectory directory,
        DeferredAnswers deferred, UsageRollup rollup, VirtualKeys keys, BudgetLedger ledger, IReadOnlyList<UsageRecord> presumed, TimeProvider time)
    {
        _folder = folder;
        _slots = slots;
        _checkpoints = checkpoints;
        _directory = directory;
        _time = time;
        Journal = journal;
        Deferred = deferred;
        Rollup = rollup;
        Keys = keys;
        Ledger = ledger;
        Presumed = presumed;
    }

    public Journal Journal { get; }

    /// <summary>Background answers whose usage is still to come.</summary>
    public DeferredAnswers Deferred { get; }

    public UsageRollup Rollup { get; }

    public VirtualKeys Keys { get; }

    public BudgetLedger Ledger { get; }

    /// <summary>What answers taught about their models. Kept by checkpoints alone: after a crash a minute of it is learned anew.</summary>
    public UsageEstimator Estimator { get; } = new();

    /// <summary>Calls that were under way when the process died; each was settled at its hold's full value.</summary>
    public IReadOnlyList<UsageRecord> Presumed { get; }

    /// <summary>Opens and recovers the folder named by the configuration.</summary>
    /// <param name="pepper">The key pepper in hex, from <c>EDGEGW_KEY_PEPPER</c>; null: the folder's own, made at first use.</param>
    /// <exception cref="StorageException">The folder is in use, or something in it is not what it should be; the message says what to do.</exception>
    public static async Task<DataStore> OpenAsync(GatewayConfig config, string? pepper, TimeProvider time)
    {
        var folder = DataFolder.Open(config.DataDirectory);
        Journal? journal = null;
        CounterStore<BudgetSlot>? slots = null;
        try
        {
            var checkpoints = new CheckpointStore(folder);
            var manifest = checkpoints.LoadLatest();
            journal = Journal.Open(folder, new JournalOptions());
            slots = CounterStore<BudgetSlot>.Open(folder, new CounterStoreOptions(), manifest?.Counters);
            var directory = new SlotDirectory();
            var deferred = new DeferredAnswers();
            var rollup = new UsageRollup();
            var keys = new VirtualKeys(new KeyHasher(Pepper(folder, pepper)), config.Identity.Keys, time);
            if (manifest is not null)
            {
                rollup.Read(manifest.Sections[RollupSection].Span);
                directory.Read(manifest.Sections[DirectorySection].Span);
                keys.Read(manifest.Sections[KeysSection]);
                if (manifest.Sections.TryGetValue(DeferredSection, out var answers))
                {
                    deferred.Read(answers.Span);
                }
            }
            var replay = new LedgerReplay(slots, rollup, directory, deferred, manifest?.ReplayFromSequence ?? 0);
            journal.Replay(manifest?.ReplayFromAddress ?? 0, (in JournalRecord record) =>
            {
                replay.Apply(record);
                keys.Apply(record);
            });
            keys.Publish();
            var presumed = replay.PresumeOpenHolds(journal);
            await journal.WaitDurableAsync(journal.LastSequence);
            var rules = config.Budgets.Select(budget => new BudgetRule(budget));
            var ledger = new BudgetLedger(
                journal, slots, rollup, directory, deferred, rules, time, urgentHolds: config.Durability != Durability.Relaxed);
            var store = new DataStore(folder, journal, slots, checkpoints, directory, deferred, rollup, keys, ledger, presumed, time);
            if (manifest is not null && manifest.Sections.TryGetValue(EstimatorSection, out var learned))
            {
                store.Estimator.Read(learned.Span);
            }
            return store;
        }
        catch
        {
            slots?.Dispose();
            if (journal is not null)
            {
                await journal.DisposeAsync();
            }
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Saves what a start would otherwise have to replay. Serving goes on; a crash in between leaves the one before.</summary>
    public async Task CheckpointAsync(CancellationToken cancellation)
    {
        var rollup = new ArrayBufferWriter<byte>();
        var directory = new ArrayBufferWriter<byte>();
        var deferred = new ArrayBufferWriter<byte>();
        var keys = new ArrayBufferWriter<byte>();
        DeferredAnswer[] answers = [];
        JournalPosition covered = default;
        Ledger.Freeze(position =>
        {
            covered = position;
            Rollup.Write(rollup);
            _directory.Write(directory, _time.GetUtcNow() - KeepEndedSlots);
            answers = Deferred.Snapshot();
        });
        DeferredAnswers.Write(answers, deferred);
        Keys.Write(keys);
        var learned = new ArrayBufferWriter<byte>();
        Estimator.Write(learned);
        await Checkpointer.TakeAsync(Journal, _slots, _checkpoints, covered, () => new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [RollupSection] = rollup.WrittenMemory,
            [DirectorySection] = directory.WrittenMemory,
            [DeferredSection] = deferred.WrittenMemory,
            [KeysSection] = keys.WrittenMemory,
            [EstimatorSection] = learned.WrittenMemory,
        }, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        _slots.Dispose();
        _folder.Dispose();
    }

    private static byte[] Pepper(DataFolder folder, string? configured)
    {
        if (configured is not null)
        {
            return Convert.FromHexString(configured);
        }
        var path = Path.Combine(folder.Path, PepperFile);
        if (!File.Exists(path))
        {
            SecretFile.Write(path, RandomNumberGenerator.GetBytes(32));
        }
        return File.ReadAllBytes(path);
    }
}
