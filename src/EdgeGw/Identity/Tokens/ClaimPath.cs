using System.Text.Json;

namespace EdgeGw.Identity.Tokens;

/// <summary>Reads the values that stand at a path such as <c>realm_access.roles</c>. Names may hold dots: the longest that fits is taken, and first of all the whole path.</summary>
internal static class ClaimPath
{
    /// <summary>More than any token of 16 KiB can name.</summary>
    private const int MostValues = 8192;

    /// <summary>Adds the values as text: strings, numbers as written, true and false. Arrays count by their items, wherever on the path they stand; objects and null have no value.</summary>
    public static void AddTo(List<string> values, JsonElement json, ReadOnlySpan<char> path)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (var item in json.EnumerateArray())
                {
                    AddTo(values, item, path);
                }
                break;
            case JsonValueKind.Object when !path.IsEmpty:
                AddMember(values, json, path);
                break;
            case not JsonValueKind.Object when path.IsEmpty && Text(json) is { } text && values.Count < MostValues:
                values.Add(text);
                break;
            default:
                break;
        }
    }

    private static void AddMember(List<string> values, JsonElement json, ReadOnlySpan<char> path)
    {
        for (var end = path.Length; end > 0; end = path[..end].LastIndexOf('.'))
        {
            if (json.TryGetProperty(path[..end], out var member))
            {
                AddTo(values, member, end == path.Length ? default : path[(end + 1)..]);
                return;
            }
        }
    }

    private static string? Text(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
