using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Identity;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;
using EdgeGw.Telemetry.Rollups;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Budgets;

/// <summary>A person's names give way to a pseudonym, and no amount changes by it.</summary>
public sealed class ErasureTests : IDisposable
{
    private const string Name = "ann.the.unmistakable";
    private const string Email = Name + "@example.com";
    private static readonly Principal Ann = new() { User = Name, Email = Email, Groups = ["dev"] };
    private static readonly Principal AnnByEmail = new() { User = Email };
    private static readonly Principal Tom = new() { User = "tom", Email = "tom@example.com", Groups = ["dev"] };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-erasure-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData(Restart.None)]
    [InlineData(Restart.Replayed)]
    [InlineData(Restart.FromOlderCheckpoint)]
    [InlineData(Restart.FromNewerCheckpoint)]
    public async Task Names_are_gone_and_sums_stay_also_after_a_restart(Restart restart)
    {
        var store = await OpenAsync();
        Spend(store, Ann, 3, "gpt-4o");
        Spend(store, AnnByEmail, 1, "gpt-4o");
        if (restart == Restart.FromOlderCheckpoint)
        {
            await store.CheckpointAsync(CancellationToken.None);
        }
        Spend(store, Ann, 2, "gpt-5", ("who", Name));
        Spend(store, Tom, 5, "gpt-4o");
        var before = Total(store);

        var (person, result) = await store.EraseAsync([Name, Email]);
        Assert.Equal((3, 2), (result.Rows, result.Scopes));
        if (restart == Restart.FromNewerCheckpoint)
        {
            await store.CheckpointAsync(CancellationToken.None);
        }
        if (restart != Restart.None)
        {
            await store.DisposeAsync();
            store = await OpenAsync();
        }

        Assert.Equal(before, Total(store));
        Assert.DoesNotContain("unmistakable", Everything(store), StringComparison.Ordinal);
        var users = store.Rollup.Query(["user"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).ToDictionary(static row => row.Values[0], static row => row.Totals.CostNanoUsd);
        Assert.Equal(6_000_000_000, users[person.Pseudonym]);
        Assert.Equal(5_000_000_000, users["tom"]);
        // The budget does not begin anew for who was erased: 5 of its 10 dollars are left.
        Assert.Equal(Name, store.Ledger.Statuses("person", Name)[0].Scope);
        Assert.Equal(NanoUsd.FromDollars(5), store.Ledger.Statuses("person", Name)[0].Spent);
        Assert.NotNull(store.Ledger.TryHold(Ann, NanoUsd.FromDollars(6), Draft(Ann, 6, "gpt-4o")).Refusal);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Next_checkpoint_holds_no_name()
    {
        await using var store = await OpenAsync();
        Spend(store, Ann, 3, "gpt-4o", ("who", Name));
        await store.CheckpointAsync(CancellationToken.None);
        var path = Path.Combine(_folder.FullName, "checkpoint");
        Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Name)) >= 0);

        await store.EraseAsync([Name]);
        await store.CheckpointAsync(CancellationToken.None);
        Assert.True(File.ReadAllBytes(path).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Name)) < 0);
    }

    [Fact]
    public async Task What_comes_after_is_counted_under_the_name_again()
    {
        await using var store = await OpenAsync();
        Spend(store, Ann, 3, "gpt-4o");
        await store.EraseAsync([Name]);
        Spend(store, Ann, 1, "gpt-4o");
        var users = store.Rollup.Query(["user"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).ToDictionary(static row => row.Values[0], static row => row.Totals.CostNanoUsd);
        Assert.Equal((2, 1_000_000_000), (users.Count, users[Name]));
        Assert.Equal(NanoUsd.FromDollars(4), store.Ledger.Statuses("person", Name)[0].Spent);
    }

    [Fact]
    public async Task Correction_of_a_background_answer_goes_to_the_pseudonym()
    {
        var store = await OpenAsync();
        var hold = store.Ledger.TryHold(Ann, NanoUsd.FromDollars(4), Draft(Ann, 4, "gpt-4o")).Hold!;
        store.Ledger.Defer(hold, Draft(Ann, 4, "gpt-4o") with { Presumed = true, Provider = "openai" }, "resp_1", "gpt-4o", 100, out _);
        var (person, _) = await store.EraseAsync([Name]);

        var answer = store.Ledger.FindDeferred("openai", "resp_1")!;
        var reading = store.Ledger.TryHold(Tom, NanoUsd.Zero, Draft(Tom, 0, "gpt-4o")).Hold!;
        Assert.True(store.Ledger.TryCorrect(reading, answer, Draft(Tom, -3, "gpt-4o") with { Corrects = answer.Charge() }, out _));
        await store.DisposeAsync();
        store = await OpenAsync();

        Assert.DoesNotContain("unmistakable", Everything(store), StringComparison.Ordinal);
        var users = store.Rollup.Query(["user"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).ToDictionary(static row => row.Values[0], static row => row.Totals.CostNanoUsd);
        Assert.Equal(1_000_000_000, users[person.Pseudonym]);
        await store.DisposeAsync();
    }

    [Fact]
    public async Task Folder_with_an_erasure_verifies()
    {
        await using (var store = await OpenAsync())
        {
            Spend(store, Ann, 3, "gpt-4o");
            await store.CheckpointAsync(CancellationToken.None);
            await store.EraseAsync([Name]);
        }
        Assert.Empty((await JournalVerifier.VerifyAsync(_folder.FullName)).Damages);
    }

    [Fact]
    public void Rollup_keeps_every_sum_whoever_is_erased()
    {
        var hasher = new KeyHasher(new byte[32]);
        string?[] names = ["ann", "tom", "eve", null];
        var calls = from user in Gen.Elements(names)
                    from email in Gen.Elements(names)
                    from label in Gen.Elements(names)
                    from model in Gen.Elements("a", "b")
                    from dollars in Gen.Choose(0, 100)
                    select Draft(new Principal { User = user, Email = email }, dollars, model, label is null ? [] : [("who", label)]);
        Prop.ForAll(Gen.ListOf(calls).ToArbitrary(), records =>
        {
            var rollup = new UsageRollup();
            var expected = new SortedDictionary<string, Int128>(StringComparer.Ordinal);
            var person = Erasure.Of(hasher, "ann");
            foreach (var record in records)
            {
                rollup.Add(record);
                // By another way than the rollup's: the record as it would have been.
                var isAnn = record.Principal.User == "ann" || record.Principal.Email == "ann";
                string Of(string? name) => name is null ? "" : isAnn ? person.Pseudonym : name;
                var label = record.Metadata.GetValueOrDefault("who");
                var key = $"{Of(record.Principal.User)}|{Of(record.Principal.Email)}|{(label == "ann" ? person.Pseudonym : label)}|{record.Model}";
                expected[key] = expected.GetValueOrDefault(key) + record.Cost.Value;
            }
            rollup.Erase(person);
            var actual = rollup.Query(["user", "email", "metadata.who", "model"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
                .ToDictionary(static row => string.Join('|', row.Values), static row => row.Totals.CostNanoUsd);
            return expected.Count == actual.Count && expected.All(row => actual[row.Key] == row.Value)
                && rollup.Query([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Sum(static row => row.Totals.Requests) == records.Count;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("ann", true)]
    [InlineData("user=ann,model=gpt", true)]
    [InlineData("model=gpt,metadata.who=ann", true)]
    [InlineData("user=a%2Cb,model=x", false)]
    [InlineData("anna", false)]
    [InlineData("Ann", false)]
    [InlineData("user=anna,model=ann-1", false)]
    [InlineData("", false)]
    public void Scope_is_the_persons_where_a_whole_value_is_the_name(string scope, bool isPerson) =>
        Assert.Equal(isPerson, Erasure.Of(new KeyHasher(new byte[32]), "ann").IsInScope(scope));

    [Fact]
    public void Name_with_a_comma_is_found_in_its_escaped_scope() =>
        Assert.True(Erasure.Of(new KeyHasher(new byte[32]), "a,b%").IsInScope("user=a%2Cb%25,model=x"));

    [Fact]
    public void Pseudonym_depends_on_the_pepper_and_the_record_has_no_name()
    {
        var other = new byte[32];
        other[0] = 1;
        var (one, two) = (Erasure.Of(new KeyHasher(new byte[32]), Name), Erasure.Of(new KeyHasher(other), Name));
        Assert.NotEqual(one.Pseudonym, two.Pseudonym);
        Assert.Equal(32, one.ToPayload().Length);
        Assert.True(Erasure.Read(one.ToPayload(), new KeyHasher(new byte[32])).IsName(Name));
    }

    [Fact]
    public void Latest_requests_are_shown_under_the_pseudonym()
    {
        var recent = new RecentRequests();
        recent.Add(Draft(Ann, 1, "gpt-4o", ("who", Name)));
        recent.Add(Draft(Tom, 1, "gpt-4o"));
        var person = Erasure.Of(new KeyHasher(new byte[32]), Name);
        Assert.Equal(1, recent.Erase(person));
        var records = recent.Query(10);
        Assert.Equal(["tom", person.Pseudonym], records.Select(static record => record.Principal.User));
        Assert.Equal((person.Pseudonym, person.Pseudonym), (records[1].Principal.Email, records[1].Metadata["who"]));
    }

    /// <summary>How the process ends after the erasure.</summary>
    public enum Restart
    {
        None,
        Replayed,
        FromOlderCheckpoint,
        FromNewerCheckpoint,
    }

    private static UsageRecord Draft(Principal caller, long dollars, string model, params (string Name, string Value)[] labels) => new()
    {
        Id = Guid.CreateVersion7(),
        Time = TimeProvider.System.GetUtcNow(),
        Principal = caller,
        Metadata = labels.ToDictionary(static label => label.Name, static label => label.Value),
        Dialect = Dialect.ChatCompletions,
        Model = model,
        Status = 200,
        Outcome = EdgeGw.Requests.Outcome.Completed,
        Cost = NanoUsd.FromDollars(dollars),
    };

    private static void Spend(DataStore store, Principal caller, long dollars, string model, params (string Name, string Value)[] labels)
    {
        var draft = Draft(caller, dollars, model, labels);
        store.Ledger.Settle(store.Ledger.TryHold(caller, NanoUsd.FromDollars(dollars), draft).Hold!, draft, out _);
    }

    private static (long, Int128) Total(DataStore store)
    {
        var total = store.Rollup.Report([], DateTimeOffset.MinValue, DateTimeOffset.MaxValue).Total;
        return (total.Requests, total.CostNanoUsd);
    }

    /// <summary>All that usage and budgets show.</summary>
    private static string Everything(DataStore store) => string.Join('\n',
        store.Rollup.Query(["user", "email", "group", "service", "key", "model", "metadata.who"], DateTimeOffset.MinValue, DateTimeOffset.MaxValue)
            .Select(static row => string.Join(' ', row.Values)).Concat(store.Ledger.Statuses().Select(static status => status.ToString())));

    private Task<DataStore> OpenAsync() => DataStore.OpenAsync(
        new GatewayConfig
        {
            DataDirectory = _folder.FullName,
            Budgets =
            [
                new BudgetConfig { Name = "person", Amount = NanoUsd.FromDollars(10), Window = BudgetWindow.Month, Per = [CallDimension.User] },
            ],
        },
        null, TimeProvider.System);
}
