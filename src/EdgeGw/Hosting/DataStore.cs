using System.Buffers;
using System.Security.Cryptography;
using EdgeGw.Audit;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Metering.Estimation;
using EdgeGw.Storage;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;
using EdgeGw.Velocity;

namespace EdgeGw.Hosting;

/// <summary>The data folder, opened and recovered: journal, counters, keys and rollup, each at the journal's end.</summary>
/// <remarks>Recovery order: the newest checkpoint, then every journal record after it, then the holds that a crash left open.</remarks>
public sealed class DataStore : IAsyncDisposable
{
    private const string KeysSection = "virtual-keys";
    private const string KeyUsesSection = "key-uses";
    private const string EstimatorSection = "usage-estimator";
    private const string VelocitySection = "spend-velocity";
    private const string PepperFile = "key-pepper";
    private static readonly TimeSpan KeepEndedScopes = TimeSpan.FromDays(62);

    private readonly DataFolder _folder;
    private readonly CounterStore<BudgetSlot> _slots;
    private readonly CheckpointStore _checkpoints;
    private readonly SlotDirectory _directory;
    private readonly JournalConfig _retention;
    private readonly TimeProvider _time;

    private DataStore(
        DataFolder folder, Journal journal, CounterStore<BudgetSlot> slots, CheckpointStore checkpoints, SlotDirectory directory,
        DeferredAnswers deferred, BudgetRaises raises, UsageRollup rollup, VirtualKeys keys, BudgetLedger ledger, IReadOnlyList<UsageRecord> presumed, JournalConfig retention,
        AuditLog audit, TimeProvider time)
    {
        _folder = folder;
        _slots = slots;
        _checkpoints = checkpoints;
        _directory = directory;
        _retention = retention;
        _time = time;
        Journal = journal;
        Deferred = deferred;
        Raises = raises;
        Rollup = rollup;
        Keys = keys;
        Ledger = ledger;
        Presumed = presumed;
        Velocity = new VelocityGuard(time);
        Audit = audit;
    }

    public Journal Journal { get; }

    /// <summary>Why no money can be counted any more until a restart: the journal or the counters have failed. Null while it can.</summary>
    public StorageException? Fault => Journal.Fault ?? _slots.Fault;

    /// <summary>Background answers whose usage is still to come.</summary>
    public DeferredAnswers Deferred { get; }

    /// <summary>Temporary raises of budgets.</summary>
    public BudgetRaises Raises { get; }

    public UsageRollup Rollup { get; }

    public VirtualKeys Keys { get; }

    public BudgetLedger Ledger { get; }

    /// <summary>What answers taught about their models. Kept by checkpoints alone: after a crash a minute of it is learned anew.</summary>
    public UsageEstimator Estimator { get; } = new();

    /// <summary>What is usual for callers to spend. Kept as <see cref="Estimator"/> is.</summary>
    public VelocityGuard Velocity { get; }

    /// <summary>What was changed and refused. Held with the folder, so that two processes never write to one chain.</summary>
    public AuditLog Audit { get; }

    /// <summary>How long opening took.</summary>
    public OpenTimes Opened { get; private init; }

    /// <summary>Calls that were under way when the process died; each was settled at its hold's full value.</summary>
    public IReadOnlyList<UsageRecord> Presumed { get; }

    /// <summary>Opens and recovers the folder named by the configuration.</summary>
    /// <param name="pepper">The key pepper in hex, from <c>EDGEGW_KEY_PEPPER</c>; null: the folder's own, made at first use.</param>
    /// <exception cref="StorageException">The folder is in use, or something in it is not what it should be; the message says what to do.</exception>
    /// <param name="mostLiveSlots">Budget slots kept in memory beyond those that running calls need; null: as the machine's memory allows.</param>
    /// <param name="beforeDiskCall">A seam for tests, for the files of counters and checkpoints: see <see cref="CheckpointStore"/>.</param>
    public static async Task<DataStore> OpenAsync(
        GatewayConfig config, string? pepper, TimeProvider time, int? mostLiveSlots = null, Action? beforeDiskCall = null)
    {
        var folder = DataFolder.Open(config.DataDirectory);
        Journal? journal = null;
        CounterStore<BudgetSlot>? slots = null;
        try
        {
            var clock = new LapClock();
            var checkpoints = new CheckpointStore(folder, beforeDiskCall);
            var manifest = LedgerSections.Usable(checkpoints.LoadLatest());
            var hasher = new KeyHasher(Pepper(folder, pepper));
            // The two take about as long, and the counters mostly wait for the disk.
            var opening = Task.Run(() => CounterStore<BudgetSlot>.Open(folder, new CounterStoreOptions(), manifest?.Counters, beforeDiskCall));
            LedgerSections sections;
            var keys = new VirtualKeys(hasher, new ConfiguredKeys(config.Identity.Keys), time);
            try
            {
                sections = LedgerSections.Read(manifest);
                if (manifest is not null)
                {
                    keys.Read(manifest.Sections[KeysSection]);
                    if (manifest.Sections.TryGetValue(KeyUsesSection, out var uses))
                    {
                        keys.ReadUses(uses);
                    }
                }
            }
            finally
            {
                slots = await opening;
            }
            var (rollup, directory, deferred, raises) = sections;
            var readCheckpoint = clock.Lap();
            var replay = new LedgerReplay(slots, rollup, directory, deferred, raises, manifest?.ReplayFromSequence ?? 0, hasher);
            var replayed = 0L;
            journal = Journal.Open(folder, new JournalOptions(), manifest, (in JournalRecord record) =>
            {
                replayed++;
                replay.Apply(record);
                keys.Apply(record);
            });
            keys.Publish();
            var readJournal = clock.Lap();
            var presumed = replay.PresumeOpenHolds(journal);
            await journal.WaitDurableAsync(journal.LastSequence);
            var endedHolds = clock.Lap();
            var accounts = new BudgetAccounts(new StoredSlots(slots), mostLiveSlots ?? BudgetAccounts.MostSlotsFor(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes));
            var ledger = new BudgetLedger(
                journal, accounts, rollup, directory, deferred, raises, time, urgentHolds: config.Durability != Durability.Relaxed);
            ledger.UseRules(config.BudgetsHere);
            var store = new DataStore(folder, journal, slots, checkpoints, directory, deferred, raises, rollup, keys, ledger, presumed, config.Journal, new AuditLog(folder.Path, config.Audit, time), time)
            {
                Opened = new OpenTimes { Checkpoint = readCheckpoint, Journal = readJournal, OpenHolds = endedHolds, Replayed = replayed },
            };
            if (manifest is not null && manifest.Sections.TryGetValue(EstimatorSection, out var learned))
            {
                store.Estimator.Read(learned.Span);
            }
            store.Velocity.UseRule(config.Velocity);
            if (manifest is not null && manifest.Sections.TryGetValue(VelocitySection, out var usual))
            {
                store.Velocity.Read(usual.Span);
                replay.Erased.ForEach(store.Velocity.Erase);
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

    /// <summary>Puts a pseudonym in the place of a person's names, durably.</summary>
    /// <param name="names">User name, email, or both.</param>
    /// <exception cref="StorageException">The journal could not take it.</exception>
    public async Task<(Erasure Person, ErasureResult Result)> EraseAsync(IReadOnlyList<string> names)
    {
        var person = Erasure.Of(Keys.Hasher, names);
        var (sequence, result) = Ledger.Erase(person);
        Velocity.Erase(person);
        await Journal.WaitDurableAsync(sequence);
        return (person, result);
    }

    /// <summary>
    /// Saves what a start would otherwise have to replay, then gives up the part of the journal that is older than is to be kept. Serving goes
    /// on; a crash in between leaves the checkpoint before.
    /// </summary>
    /// <exception cref="StorageException">It could not be written; serving goes on unless <see cref="Fault"/> is set.</exception>
    public async Task CheckpointAsync(CancellationToken cancellation)
    {
        var rollup = new ArrayBufferWriter<byte>();
        var directory = new ArrayBufferWriter<byte>();
        var deferred = new ArrayBufferWriter<byte>();
        var raises = new ArrayBufferWriter<byte>();
        var keys = new ArrayBufferWriter<byte>();
        DeferredAnswer[] answers = [];
        JournalPosition covered = default;
        RollupSnapshot? rows = null;
        Ledger.Freeze(position =>
        {
            covered = position;
            rows = Rollup.Capture();
            Raises.Write(raises, _time.GetUtcNow());
            answers = Deferred.Snapshot();
        });
        Ledger.WriteBack();
        rows!.Write(rollup);
        _directory.Write(directory, _time.GetUtcNow() - KeepEndedScopes);
        DeferredAnswers.Write(answers, deferred);
        Keys.Write(keys);
        var uses = new ArrayBufferWriter<byte>();
        Keys.WriteUses(uses);
        var learned = new ArrayBufferWriter<byte>();
        Estimator.Write(learned);
        var usual = new ArrayBufferWriter<byte>();
        Velocity.Write(usual);
        var manifest = await Checkpointer.TakeAsync(Journal, _slots, _checkpoints, covered, () => new Dictionary<string, ReadOnlyMemory<byte>>
        {
            [LedgerSections.RollupName] = rollup.WrittenMemory,
            [LedgerSections.ScopesName] = directory.WrittenMemory,
            [LedgerSections.RaisesName] = raises.WrittenMemory,
            [LedgerSections.DeferredName] = deferred.WrittenMemory,
            [KeysSection] = keys.WrittenMemory,
            [KeyUsesSection] = uses.WrittenMemory,
            [EstimatorSection] = learned.WrittenMemory,
            [VelocitySection] = usual.WrittenMemory,
        }, cancellation);
        await Journal.TrimAsync(manifest.ReplayFromAddress, _time.GetUtcNow() - _retention.Keep, _retention.MaxBytes);
    }

    public async ValueTask DisposeAsync()
    {
        Audit.Dispose();
        await Journal.DisposeAsync();
        _slots.Dispose();
        _folder.Dispose();
    }

    private static byte[] Pepper(DataFolder folder, string? configured)
    {
        if (configured is null && !File.Exists(PepperPath(folder.Path)))
        {
            SecretFile.Write(PepperPath(folder.Path), RandomNumberGenerator.GetBytes(32));
        }
        return ReadPepper(folder.Path, configured);
    }

    /// <exception cref="FormatException">The configured one is not hex.</exception>
    /// <exception cref="IOException">The folder's cannot be read.</exception>
    internal static byte[] ReadPepper(string folder, string? configured) =>
        configured is not null ? Convert.FromHexString(configured) : File.ReadAllBytes(PepperPath(folder));

    private static string PepperPath(string folder) => Path.Combine(folder, PepperFile);
}
