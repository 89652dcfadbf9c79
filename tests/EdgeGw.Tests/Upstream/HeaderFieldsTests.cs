using System.Text;
using EdgeGw.Upstream.Http1;

namespace EdgeGw.Tests.Upstream;

public sealed class HeaderFieldsTests
{
    private static (string Name, string Value)[] Read(HeaderFields fields, params string[] lines)
    {
        fields.Clear();
        foreach (var line in lines)
        {
            var (name, value) = (line[..line.IndexOf(':')], line[(line.IndexOf(':') + 1)..]);
            fields.Add(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value));
        }
        return [.. fields.Select(static field => (field.Key, field.Value))];
    }

    [Fact]
    public void Head_after_another_holds_its_own_fields_alone()
    {
        var fields = new HeaderFields();
        Read(fields, "Date:today", "x-id:1", "x-last:z");
        Assert.Equal([("Date", "today"), ("x-id", "2")], Read(fields, "Date:today", "x-id:2"));
        Assert.Equal([("date", "Today"), ("x-id2", "2"), ("x-last", "z\u00e9")], Read(fields, "date:Today", "x-id2:2", "x-last:z\u00e9"));
        Assert.Equal(["x-a"], Read(fields, "x-a:").Select(static field => field.Name));
    }

    [Fact]
    public void Field_that_stands_where_it_stood_is_not_made_anew()
    {
        var fields = new HeaderFields();
        var before = Read(fields, "x-some-name:some value of this provider")[0];
        var after = Read(fields, "x-some-name:some value of this provider")[0];
        Assert.Same(before.Name, after.Name);
        Assert.Same(before.Value, after.Value);
    }

    [Fact]
    public void More_fields_than_there_is_room_for_are_all_kept()
    {
        var lines = Enumerable.Range(0, 100).Select(static i => $"x-{i}:{i}").ToArray();
        Assert.Equal(lines, Read(new HeaderFields(), lines).Select(static field => $"{field.Name}:{field.Value}"));
    }
}
