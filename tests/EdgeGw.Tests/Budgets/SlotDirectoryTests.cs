using System.Buffers;
using EdgeGw.Budgets;
using EdgeGw.Identity;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Budgets;

public sealed class SlotDirectoryTests
{
    private static readonly DateTimeOffset Start = new(2025, 11, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Scopes = ["", "ann", "tom", "user=ann,model=m", "ä€😀", new('x', 300)];

    [Fact]
    public void Any_sequence_of_names_erasures_and_restarts_equals_a_table_of_them() =>
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var directory = new SlotDirectory();
            var expected = new Dictionary<(string Budget, string Scope), DateTimeOffset>();
            var person = Erasure.Of(new KeyHasher(new byte[32]), "ann");
            for (var step = 0; step < 100; step++)
            {
                var name = (Budget: "budget" + random.Next(2), Scope: Scopes[random.Next(Scopes.Length)] + Many(random));
                switch (random.Next(20))
                {
                    case 0:
                        var named = expected.Keys.Where(known => person.IsInScope(known.Scope)).ToList();
                        named.ForEach(known => expected.Remove(known));
                        Assert.Equal(named.Count, directory.Erase(person));
                        break;
                    case 1:
                        var oldest = Start.AddHours(random.Next(100));
                        expected.Where(known => known.Value < oldest).ToList().ForEach(known => expected.Remove(known.Key));
                        directory = Again(directory, oldest);
                        break;
                    default:
                        var (atLeast, until) = (Start.AddHours(random.Next(50)), Start.AddHours(50 + random.Next(50)));
                        var isNew = !expected.TryGetValue(name, out var known) || known < atLeast;
                        Assert.Equal(isNew, directory.TryAdd(name.Budget, name.Scope, Start, atLeast, until));
                        expected[name] = isNew ? until : known;
                        break;
                }
                var now = Start.AddHours(random.Next(100));
                Assert.Equal(
                    expected.Where(known => known.Key.Budget == "budget1" && known.Value > now).Select(known => known.Key.Scope).Order(StringComparer.Ordinal),
                    directory.Running("budget1", now));
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Full_directory_takes_no_more_names_until_windows_end()
    {
        var directory = new SlotDirectory();
        for (var i = 0; i < SlotDirectory.MostNames; i++)
        {
            directory.TryAdd("b", "scope" + i, Start, Start.AddHours(1), Start.AddHours(i == 7 ? 1 : 2));
        }
        Assert.True(directory.TryAdd("b", "late", Start, Start.AddHours(2), Start.AddHours(2)));
        Assert.DoesNotContain("late", directory.Running("b", Start));
        Assert.True(directory.TryAdd("b", "late", Start.AddHours(1.5), Start.AddHours(2), Start.AddHours(2)));
        Assert.Contains("late", directory.Running("b", Start));
        Assert.DoesNotContain("scope7", directory.Running("b", Start));
        Assert.False(directory.TryAdd("b", "scope8", Start, Start.AddHours(2), Start.AddHours(2)));
    }

    private static string Many(Random random) => random.Next(3) == 0 ? random.Next(30).ToString() : "";

    private static SlotDirectory Again(SlotDirectory directory, DateTimeOffset oldest)
    {
        var output = new ArrayBufferWriter<byte>();
        directory.Write(output, oldest);
        var read = new SlotDirectory();
        read.Read(output.WrittenSpan);
        return read;
    }
}
