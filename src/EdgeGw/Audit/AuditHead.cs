using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using EdgeGw.Storage;

namespace EdgeGw.Audit;

/// <summary>Where the chain begins and at least how far it goes, in a file of its own: so a cut end and a beginning that nobody gave up are noticed.</summary>
/// <param name="First">The number of the first line that is kept.</param>
/// <param name="Previous">The hash of the line before it.</param>
/// <param name="Last">The number of a line that is on disk, with all before it.</param>
/// <param name="LastHash">That line's hash.</param>
internal sealed partial record AuditHead(long First, string Previous, long Last, string LastHash)
{
    public const string FileName = "head";

    /// <summary>Null: there is none, or it is not what <see cref="Save"/> writes.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static AuditHead? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
        if (Form().Match(text) is not { Success: true } match
            || !long.TryParse(match.Groups["first"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var first)
            || !long.TryParse(match.Groups["last"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var last))
        {
            return null;
        }
        var head = new AuditHead(first, match.Groups["previous"].Value, last, match.Groups["hash"].Value);
        return head.Text == text ? head : null;
    }

    private string Text => string.Create(CultureInfo.InvariantCulture,
        $"{{\"first\":{First},\"previous\":\"{Previous}\",\"last\":{Last},\"hash\":\"{LastHash}\"}}\n");

    /// <summary>Durable when it returns.</summary>
    /// <exception cref="IOException">It could not be written; the one before is in force or this one is.</exception>
    public void Save(string folder, Action? beforeDiskCall) =>
        DurableFile.Replace(Path.Combine(folder, FileName), Encoding.ASCII.GetBytes(Text), beforeDiskCall);

    [GeneratedRegex("^\\{\"first\":(?<first>[0-9]{1,18}),\"previous\":\"(?<previous>[0-9a-f]{64})\",\"last\":(?<last>[0-9]{1,18}),\"hash\":\"(?<hash>[0-9a-f]{64})\"\\}\n$")]
    private static partial Regex Form();
}
