using System.Text;

namespace EdgeGw.Heads;

/// <summary>The name of a header of ours, with the start of its line on HTTP/1.1.</summary>
internal sealed class HeaderName(string text)
{
    public string Text { get; } = text;

    /// <summary>The name, a colon and a space.</summary>
    public byte[] LineStart { get; } = Encoding.ASCII.GetBytes(text + ": ");

    public override string ToString() => Text;
}
