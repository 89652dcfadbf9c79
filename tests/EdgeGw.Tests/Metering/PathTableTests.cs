using System.Text;
using EdgeGw.Metering.Json;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class PathTableTests
{
    [Fact]
    public void Member_is_found_by_its_whole_name_and_by_nothing_else()
    {
        var name = Gen.NonEmptyListOf(Gen.Elements("abcdefghij_".ToCharArray())).Select(static c => new string([.. c.Take(24)]));
        var input =
            from members in Gen.ListOf(name)
            from others in Gen.ListOf(name)
            select (Members: members.Distinct().Take(200).ToArray(), Others: others.ToArray());
        Prop.ForAll(Arb.From(input), static input =>
        {
            var slots = input.Members.Select(static (member, i) => (member, Slot: (Slot)(1 + (i % 30)))).ToDictionary(static p => p.member, static p => p.Slot);
            // Below a member, too: the children of one are not those of the other.
            var table = new PathTable([.. slots.Select(static p => (p.Key, p.Value)), .. slots.Select(static p => ("deeper." + p.Key + "x", p.Value))]);
            var deeper = table.Member(PathTable.Root, "deeper"u8);
            foreach (var text in (string[])[.. input.Members, .. input.Others, .. input.Members.Select(static m => m + "x"), "", "x"])
            {
                var key = Encoding.UTF8.GetBytes(text);
                Assert.Equal(slots.GetValueOrDefault(text), table.SlotOf(table.Member(PathTable.Root, key)));
                if (slots.Count > 0)
                {
                    Assert.Equal(text.EndsWith('x') ? slots.GetValueOrDefault(text[..^1]) : Slot.None, table.SlotOf(table.Member(deeper, key)));
                }
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }
}
