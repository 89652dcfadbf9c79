using System.Buffers.Text;
using System.Globalization;

namespace EdgeGw.LoadTests.Provider;

/// <summary>What a request asks of the fake provider. It stands in the prompt, because that is what every gateway passes on unchanged.</summary>
/// <param name="DelayMilliseconds">Before the first byte.</param>
/// <param name="Chunks">Content chunks of a stream; 0: an unstreamed answer.</param>
/// <param name="PaceMilliseconds">Between two chunks; 0: as fast as they can be sent, each with its own send.</param>
internal readonly record struct Order(int DelayMilliseconds, int Chunks, int PaceMilliseconds)
{
    /// <summary>The answer begins at once and comes as fast as it can be sent.</summary>
    public bool IsInstant => DelayMilliseconds == 0 && PaceMilliseconds == 0;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"lab:d{DelayMilliseconds},c{Chunks},p{PaceMilliseconds};");

    /// <returns>False when the body holds no order.</returns>
    public static bool TryRead(ReadOnlySpan<byte> body, out Order order)
    {
        order = default;
        var at = body.IndexOf("lab:d"u8);
        if (at < 0)
        {
            return false;
        }
        body = body[(at + 5)..];
        if (!Number(ref body, out var delay) || !body.StartsWith(",c"u8))
        {
            return false;
        }
        body = body[2..];
        if (!Number(ref body, out var chunks) || !body.StartsWith(",p"u8))
        {
            return false;
        }
        body = body[2..];
        order = new Order(delay, chunks, 0);
        if (!Number(ref body, out var pace))
        {
            return false;
        }
        order = order with { PaceMilliseconds = pace };
        return true;
    }

    private static bool Number(ref ReadOnlySpan<byte> text, out int value)
    {
        var read = Utf8Parser.TryParse(text, out value, out var length);
        text = text[length..];
        return read;
    }
}
