namespace EdgeGw.Cli;

/// <summary>Aligned columns: the first ones to the left (names), the rest to the right (numbers).</summary>
internal sealed class TextTable(string[] header, int leftColumns)
{
    private readonly List<string[]> _rows = [];
    private string[]? _footer;

    public void Add(string[] cells) => _rows.Add(Array.ConvertAll(cells, PlainText.ForTerminal));

    public void AddFooter(string[] cells) => _footer = cells;

    public void Write(TextWriter output)
    {
        string[][] lines = _footer is null ? [header, .. _rows] : [header, .. _rows, _footer];
        var widths = new int[header.Length];
        foreach (var line in lines)
        {
            for (var i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], line[i].Length);
            }
        }
        foreach (var line in lines)
        {
            var cells = line.Select((cell, i) => i < leftColumns ? cell.PadRight(widths[i]) : cell.PadLeft(widths[i]));
            output.WriteLine(string.Join("  ", cells).TrimEnd());
        }
    }
}
