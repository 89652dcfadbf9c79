using System.Buffers;

namespace EdgeGw.Cli;

/// <summary>RFC 4180: CRLF, quotes where needed and doubled inside.</summary>
internal static class CsvText
{
    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");

    /// <summary>
    /// A leading apostrophe where a spreadsheet would run the cell as a formula: model names and users are chosen by callers, and finance
    /// opens this file (OWASP, "CSV injection"). Numbers of our own are not touched.
    /// </summary>
    public static string Defuse(string cell) => cell.Length > 0 && cell[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + cell : cell;

    public static void WriteLine(IReadOnlyList<string> cells, TextWriter output)
    {
        for (var i = 0; i < cells.Count; i++)
        {
            if (i > 0)
            {
                output.Write(',');
            }
            var cell = cells[i];
            output.Write(cell.AsSpan().ContainsAny(NeedQuotes) ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell);
        }
        output.Write("\r\n");
    }
}
