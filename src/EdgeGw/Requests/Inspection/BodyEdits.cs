using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Requests.Inspection;

/// <summary>The few changes made to a request's body, as pieces around bytes that stay where they are.</summary>
/// <remarks>The body is never re-serialised: providers cache prompts by their bytes, and a changed prefix multiplies the bill.</remarks>
public static class BodyEdits
{
    private static readonly byte[] StreamOptionsMember = "\"stream_options\":{\"include_usage\":true},"u8.ToArray();
    private static readonly byte[] StreamOptionsValue = "{\"include_usage\":true}"u8.ToArray();
    private static readonly byte[] IncludeUsageMember = "\"include_usage\":true,"u8.ToArray();
    private static readonly byte[] True = "true"u8.ToArray();

    /// <summary>A model's name as a JSON string in UTF-8, to be made once per route and used for every request.</summary>
    public static ReadOnlyMemory<byte> EncodeModel(string model)
    {
        var encoded = JsonEncodedText.Encode(model).EncodedUtf8Bytes;
        var json = new byte[encoded.Length + 2];
        json[0] = (byte)'"';
        encoded.CopyTo(json.AsSpan(1));
        json[^1] = (byte)'"';
        return json;
    }

    /// <summary>The edit that names another model.</summary>
    /// <param name="encodedModel">From <see cref="EncodeModel"/>.</param>
    /// <exception cref="ArgumentException">The body names no model.</exception>
    public static BodyEdit ReplaceModel(in RequestFacts facts, ReadOnlyMemory<byte> encodedModel)
    {
        if (facts.ModelRange.IsEmpty)
        {
            throw new ArgumentException("The body names no model.", nameof(facts));
        }
        return new BodyEdit(facts.ModelRange.Offset, facts.ModelRange.Length, encodedModel);
    }

    /// <summary>The edit after which a provider falls back to nothing but the model that was chosen.</summary>
    /// <param name="encodedModel">From <see cref="EncodeModel"/>.</param>
    public static BodyEdit ReplaceFallbacks(in RequestFacts facts, ReadOnlyMemory<byte> encodedModel) =>
        new(facts.FallbacksRange.Offset, facts.FallbacksRange.Length, (byte[])[(byte)'[', .. encodedModel.Span, (byte)']']);

    /// <summary>The edit that asks a stream for its usage, whatever the caller said; the meter hides what the caller did not ask for.</summary>
    /// <returns>False when nothing is to be changed: no stream, asked already, or a dialect that reports usage unasked.</returns>
    public static bool TryAskForUsage(in RequestFacts facts, out BodyEdit edit)
    {
        edit = default;
        if (!facts.Stream || facts.IncludeUsage == true || facts.Dialect is not (Dialect.ChatCompletions or Dialect.Completions))
        {
            return false;
        }
        var options = facts.StreamOptionsRange;
        if (options.IsEmpty)
        {
            edit = new BodyEdit(facts.ObjectStart, 0, StreamOptionsMember);
        }
        else if (!facts.IncludeUsageRange.IsEmpty)
        {
            edit = new BodyEdit(facts.IncludeUsageRange.Offset, facts.IncludeUsageRange.Length, True);
        }
        else if (facts.StreamOptionsHasMembers)
        {
            edit = new BodyEdit(options.Offset + 1, 0, IncludeUsageMember);
        }
        else
        {
            edit = new BodyEdit(options.Offset, options.Length, StreamOptionsValue);
        }
        return true;
    }

    /// <summary>Appends the edited body's pieces to <paramref name="pieces"/>. Edits may come in any order; insertions at one place keep theirs.</summary>
    /// <exception cref="ArgumentException">Edits overlap or lie outside the body.</exception>
    public static void Apply(ReadOnlyMemory<byte> body, ReadOnlySpan<BodyEdit> edits, List<ReadOnlyMemory<byte>> pieces)
    {
        var position = 0;
        var last = -1;
        for (var done = 0; done < edits.Length; done++)
        {
            last = Next(edits, last);
            ref readonly var edit = ref edits[last];
            if (edit.Offset < position || edit.Length < 0 || edit.Length > body.Length - edit.Offset)
            {
                throw new ArgumentException("Edits overlap or lie outside the body.", nameof(edits));
            }
            Add(pieces, body[position..edit.Offset]);
            Add(pieces, edit.Replacement);
            position = edit.Offset + edit.Length;
        }
        Add(pieces, body[position..]);
    }

    /// <summary>The index that follows <paramref name="last"/> in order of offset, then index. Edits are two or three, so nothing is sorted.</summary>
    private static int Next(ReadOnlySpan<BodyEdit> edits, int last)
    {
        var next = -1;
        for (var i = 0; i < edits.Length; i++)
        {
            if (last >= 0 && (edits[i].Offset, i).CompareTo((edits[last].Offset, last)) <= 0)
            {
                continue;
            }
            if (next < 0 || edits[i].Offset < edits[next].Offset)
            {
                next = i;
            }
        }
        return next;
    }

    private static void Add(List<ReadOnlyMemory<byte>> pieces, ReadOnlyMemory<byte> piece)
    {
        if (!piece.IsEmpty)
        {
            pieces.Add(piece);
        }
    }
}
