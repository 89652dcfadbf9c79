using System.Text;
using EdgeGw.Telemetry.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Telemetry.Metrics;

public sealed class LabelTextTests
{
    [Fact]
    public void Any_value_survives_escaping() =>
        Prop.ForAll(Generators.NastyString.ToArbitrary(), value =>
        {
            var text = Encoding.UTF8.GetString(LabelText.Render(["first", "second"], new(value, "x", "", "", "")));
            return !text.Contains('\n') && Parse(text, "first") == LabelText.Cap(value).ToString() && Parse(text, "second") == "x";
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Long_value_is_cut_between_characters()
    {
        var value = new string('a', LabelText.MaxLength - 1) + "😀";
        Assert.Equal(new string('a', LabelText.MaxLength - 1), LabelText.Cap(value).ToString());
    }

    /// <summary>The grammar of exposition 0.0.4, read one character at a time.</summary>
    private static string Parse(string labels, string wanted)
    {
        var position = 0;
        while (position < labels.Length)
        {
            var equals = labels.IndexOf('=', position);
            var name = labels[position..equals];
            var value = new StringBuilder();
            for (position = equals + 2; labels[position] != '"'; position++)
            {
                if (labels[position] != '\\')
                {
                    value.Append(labels[position]);
                    continue;
                }
                value.Append(labels[++position] switch { 'n' => '\n', '"' => '"', '\\' => '\\', _ => throw new FormatException() });
            }
            if (name == wanted)
            {
                return value.ToString();
            }
            position += 2;
        }
        throw new FormatException();
    }
}
