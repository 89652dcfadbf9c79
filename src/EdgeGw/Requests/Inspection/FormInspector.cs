using System.Buffers.Text;
using System.Text;
using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>Reads model and stream flag from a <c>multipart/form-data</c> body, in which files are sent to be transcribed or edited.</summary>
/// <remarks>
/// The boundary is the body's own first line (RFC 2046, 5.1.1). It must be the one that the header names, or the provider could read another form,
/// and with it another model, than the one that was priced: see <see cref="AgreesWith"/>.
/// </remarks>
public static class FormInspector
{
    private const int LongestBoundary = 72;

    /// <summary>Whether a body is a form: it begins with a boundary, which no JSON does.</summary>
    public static bool IsForm(ReadOnlySpan<byte> body) => body.TrimStart("\r\n"u8).StartsWith("--"u8);

    /// <summary>Whether the form begins with the boundary that its <c>Content-Type</c> names.</summary>
    public static bool AgreesWith(string? contentType, ReadOnlySpan<byte> body)
    {
        var parameter = contentType?.IndexOf("boundary=", StringComparison.OrdinalIgnoreCase) ?? -1;
        if (parameter < 0)
        {
            return false;
        }
        var boundary = contentType.AsSpan(parameter + "boundary=".Length);
        var end = boundary.IndexOf(';');
        boundary = (end < 0 ? boundary : boundary[..end]).Trim().Trim('"');
        var line = body.TrimStart("\r\n"u8);
        var lineEnd = line.IndexOf("\r\n"u8);
        return lineEnd > 2 && Ascii.Equals(line[2..lineEnd], boundary);
    }

    /// <summary>Model and stream flag of a form; no model where it has none that can be read.</summary>
    public static InspectionResult Inspect(Dialect dialect, ReadOnlySpan<byte> body)
    {
        var facts = new RequestFacts { Dialect = dialect, Choices = 1, InputBytes = body.Length, HasAudio = dialect == Dialect.Transcriptions };
        var rest = body.TrimStart("\r\n"u8);
        var end = rest.IndexOf("\r\n"u8);
        if (end is < 2 or > LongestBoundary)
        {
            return new InspectionResult(facts, null);
        }
        var boundary = rest[..end];
        rest = rest[end..];
        while (TryPart(ref rest, boundary, out var headers, out var value))
        {
            if (IsNamed(headers, "model"u8))
            {
                if (facts.Model is not null)
                {
                    return Refused(InspectionErrorKind.DuplicateMember, "\"model\" stands more than once.");
                }
                if (value.IsEmpty || value.Length > RequestInspector.LongestModel || value.ContainsAnyExceptInRange((byte)0x20, (byte)0x7e))
                {
                    return Refused(InspectionErrorKind.InvalidMember, "\"model\" must be printable ASCII, not empty and not longer than 256 bytes.");
                }
                facts = facts with { Model = ModelNames.OfAscii(value) };
            }
            else if (dialect == Dialect.Images && IsNamed(headers, "n"u8))
            {
                // Whatever is no number is refused by the provider.
                facts = facts with { Choices = Utf8Parser.TryParse(value, out long n, out var read) && read == value.Length ? Math.Max(facts.Choices, n) : facts.Choices };
            }
            else if (dialect == Dialect.Images && IsNamed(headers, "size"u8))
            {
                facts = facts with { ImageSize = facts.ImageSize is null ? Word(value) : "?" };
            }
            else if (dialect == Dialect.Images && IsNamed(headers, "quality"u8))
            {
                facts = facts with { ImageQuality = facts.ImageQuality is null ? Word(value) : "?" };
            }
            else if (IsNamed(headers, "stream"u8))
            {
                facts = facts with { Stream = Ascii.EqualsIgnoreCase(value, "true"u8) || value.SequenceEqual("1"u8) };
            }
        }
        return new InspectionResult(facts, null);
    }

    /// <summary>Takes the next part off; <paramref name="rest"/> stands behind a boundary.</summary>
    private static bool TryPart(ref ReadOnlySpan<byte> rest, ReadOnlySpan<byte> boundary, out ReadOnlySpan<byte> headers, out ReadOnlySpan<byte> value)
    {
        headers = value = default;
        if (!rest.StartsWith("\r\n"u8))
        {
            return false;
        }
        rest = rest[2..];
        var blank = rest.IndexOf("\r\n\r\n"u8);
        if (blank < 0)
        {
            return false;
        }
        headers = rest[..blank];
        rest = rest[(blank + 2)..];
        for (var from = 0; ;)
        {
            var next = rest[from..].IndexOf(boundary);
            if (next < 0)
            {
                return false;
            }
            next += from;
            // The boundary begins a line; the line break before it is part of it.
            if (rest[..next].EndsWith("\r\n"u8))
            {
                value = next < 4 ? default : rest[2..(next - 2)];
                rest = rest[(next + boundary.Length)..];
                return true;
            }
            from = next + 1;
        }
    }

    /// <summary>The part's name is <paramref name="name"/>, in quotes or without, in whatever case the parameter is spelt.</summary>
    private static bool IsNamed(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> name)
    {
        foreach (var range in headers.Split((byte)';'))
        {
            var parameter = headers[range].Trim(" \t\r\n"u8);
            var line = parameter.IndexOf("\r\n"u8);
            parameter = line < 0 ? parameter : parameter[..line];
            var equals = parameter.IndexOf((byte)'=');
            if (equals > 0 && Ascii.EqualsIgnoreCase(parameter[..equals].TrimEnd(" \t"u8), "name"u8)
                && parameter[(equals + 1)..].Trim(" \t\""u8).SequenceEqual(name))
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>A short word; one that stands twice or is no such thing is any, and costs the most.</summary>
    private static string Word(ReadOnlySpan<byte> value) => value.Length is > 0 and <= 64 && Ascii.IsValid(value) ? ModelNames.OfAscii(value) : "?";

    private static InspectionResult Refused(InspectionErrorKind kind, string message) => new(default, new InspectionError(kind, 0, message));
}
