using System.Text.Json;
using EdgeGw.Cli;
using EdgeGw.Metering;
using EdgeGw.Pricing;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Cli;

public sealed class UsageTableTests
{
    private static readonly UsageReport Report = new(
        ["user", "model"],
        [
            new UsageRow(["ann", "gpt-4o"], 12, new Usage { Input = 1000, CachedInput = 10, CacheWrite = 5, Output = 200, Reasoning = 50 }, new NanoUsd(1_234_500_000)),
            new UsageRow(["bob\u001b]0;x\a", "m"], 1, new Usage { Input = 1 }, new NanoUsd(1)),
        ],
        new UsageRow([], 13, new Usage { Input = 1001, CachedInput = 10, CacheWrite = 5, Output = 200, Reasoning = 50 }, new NanoUsd(1_234_500_001)));

    [Fact]
    public void Table_is_aligned_totalled_and_safe_for_a_terminal() => Assert.Equal(
        """
        user                 model   requests  input  cached_input  cache_write  output  reasoning     cost_usd
        ann                  gpt-4o        12   1000            10            5     200         50       1.2345
        bob\u001b]0;x\u0007  m              1      1             0            0       0          0  0.000000001
        total                              13   1001            10            5     200         50  1.234500001

        """, Print(Report, UsageFormat.Table));

    [Fact]
    public void Table_without_dimensions_is_one_line_of_totals() =>
        Assert.Equal(2, Print(Report with { By = [], Rows = [] }, UsageFormat.Table).Count(c => c == '\n'));

    [Theory]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@x", "'@x")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("a\"b", "\"a\"\"b\"")]
    [InlineData("a\r\nb", "\"a\r\nb\"")]
    [InlineData("=a,b", "\"'=a,b\"")]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    public void Csv_cell_is_quoted_and_no_formula(string name, string expected)
    {
        var report = new UsageReport(["user"], [new UsageRow([name], 1, default, default)], new UsageRow([], 1, default, default));
        Assert.Equal($"user,requests,input,cached_input,cache_write,output,reasoning,cost_usd\r\n{expected},1,0,0,0,0,0,0\r\n", Print(report, UsageFormat.Csv));
    }

    [Fact]
    public void Csv_of_any_name_reads_back() =>
        Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), name =>
        {
            var report = new UsageReport(["user"], [new UsageRow([name.Get], 7, default, default)], new UsageRow([], 7, default, default));
            var rows = ReadCsv(Print(report, UsageFormat.Csv));
            Assert.Equal(2, rows.Count);
            Assert.Equal(8, rows[1].Count);
            Assert.Equal(name.Get, rows[1][0].StartsWith('\'') && !name.Get.StartsWith('\'') ? rows[1][0][1..] : rows[1][0]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Json_is_the_shape_of_the_admin_api()
    {
        var text = Print(Report, UsageFormat.Json);
        Assert.Equal(1, text.Count(c => c == '\n'));
        using var json = JsonDocument.Parse(text);
        var row = json.RootElement.GetProperty("rows")[0];
        Assert.Equal("ann", row.GetProperty("user").GetString());
        Assert.Equal(12, row.GetProperty("requests").GetInt64());
        Assert.Equal("""{"input":1000,"cached_input":10,"cache_write":5,"output":200,"reasoning":50}""", row.GetProperty("usage").GetRawText());
        Assert.Equal("1.2345", row.GetProperty("cost_usd").GetString());
        Assert.Equal("1.234500001", json.RootElement.GetProperty("total").GetProperty("cost_usd").GetString());
        Assert.Equal(Report.Total.Usage, AdminJson.ReadUsage(json.RootElement).Total.Usage);
    }

    private static string Print(UsageReport report, UsageFormat format)
    {
        var output = new StringWriter();
        UsageTable.Write(report, format, output);
        return output.ToString();
    }

    /// <summary>A plain state machine by the letter of RFC 4180.</summary>
    private static List<List<string>> ReadCsv(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var cell = "";
        var quoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted)
            {
                if (text[i] != '"')
                {
                    cell += text[i];
                }
                else if (i + 1 < text.Length && text[i + 1] == '"')
                {
                    cell += text[i++];
                }
                else
                {
                    quoted = false;
                }
            }
            else if (text[i] == '"')
            {
                quoted = true;
            }
            else if (text[i] == ',')
            {
                row.Add(cell);
                cell = "";
            }
            else if (text[i] == '\r' && text[i + 1] == '\n')
            {
                row.Add(cell);
                rows.Add(row);
                (row, cell) = ([], "");
                i++;
            }
            else
            {
                cell += text[i];
            }
        }
        return rows;
    }
}
