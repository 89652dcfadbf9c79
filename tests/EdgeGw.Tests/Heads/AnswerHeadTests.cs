using System.Text;
using EdgeGw.Heads;
using EdgeGw.Pricing;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Tests.Heads;

public sealed class AnswerHeadTests
{
    private static readonly HeaderName Ours = new("x-ours");
    private static readonly HeaderName Cost = new("x-cost");

    private readonly HeaderDictionary _fields = [];
    private readonly HeadLines _lines = new();
    private readonly AnswerHead _head = new();

    [Fact]
    public void Fields_that_the_server_writes_or_reads_stay_the_servers()
    {
        _head.Begin(_fields, _lines);
        foreach (var name in new[] { "Date", "server", "Connection", "Content-type", "CONTENT-LENGTH", "Transfer-Encoding", "x-other" })
        {
            _head.PassOn(name, "1");
        }

        Assert.Equal("x-other: 1\r\n", Lines);
        Assert.Equal(["CONTENT-LENGTH", "Connection", "Content-type", "Date", "Transfer-Encoding", "server"], _fields.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ours_stands_in_place_of_the_providers(bool asLines)
    {
        _head.Begin(_fields, asLines ? _lines : null);
        _head.Set(Ours, "a");
        _head.Set(Cost, new NanoUsd(2_500));
        _head.PassOn("X-OURS", "b");
        _head.PassOn("x-many", "c");
        _head.PassOn("x-many", "d");

        Assert.Equal("x-cost: 0.0000025\r\nx-many: c\r\nx-many: d\r\nx-ours: a\r\n", asLines ? Sorted(Lines) : Fields);
    }

    [Theory]
    [InlineData("a\r\nx-evil: 1")]
    [InlineData("a\n")]
    [InlineData("a\0")]
    [InlineData("caf\u00e9")]
    [InlineData("\u0130")]
    [InlineData("\u010a\u010d")]
    [InlineData("a\u007f")]
    public void A_value_that_could_start_a_line_or_is_not_ascii_never_leaves(string value)
    {
        _head.Begin(_fields, _lines);
        _head.PassOn("x-other", value);

        Assert.Throws<InvalidOperationException>(() => _head.Set(Ours, value));
        Assert.Equal("", Lines);
        Assert.Empty(_fields);
    }

    [Theory]
    [InlineData("x-a: b")]
    [InlineData("x-a\r\nx-evil")]
    [InlineData("x a")]
    [InlineData("x-\u00e9")]
    public void A_name_that_is_no_token_never_leaves(string name)
    {
        _head.Begin(_fields, _lines);
        _head.PassOn(name, "1");

        Assert.Equal("", Lines);
        Assert.Empty(_fields);
    }

    [Fact]
    public void A_tab_in_a_value_stays()
    {
        _head.Begin(_fields, _lines);
        _head.PassOn("x-other", "a\tb");

        Assert.Equal("x-other: a\tb\r\n", Lines);
    }

    [Fact]
    public void The_next_answer_begins_without_anything_of_the_last()
    {
        _head.Begin(_fields, _lines);
        _head.Set(Ours, "a");
        _head.Begin(_fields, _lines);
        _head.PassOn("x-ours", "b");

        Assert.Equal("x-ours: b\r\n", Lines);
    }

    private string Lines => Encoding.ASCII.GetString(_lines.Bytes);

    private string Fields => Sorted(string.Concat(_fields.SelectMany(each => each.Value.Select(value => $"{each.Key}: {value}\r\n"))));

    private static string Sorted(string lines) => string.Concat(lines.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal).Select(line => line + "\r\n"));
}
