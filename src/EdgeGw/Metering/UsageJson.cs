using System.Text.Json;

namespace EdgeGw.Metering;

/// <summary>A usage as JSON, in the names that records, the admin API and <c>edgegw meter</c> share. Classes that are zero are left out.</summary>
public static class UsageJson
{
    private static readonly (string Name, Func<Usage, long> Value)[] Classes =
    [
        ("cached_input", static u => u.CachedInput),
        ("cache_write", static u => u.CacheWrite),
        ("cache_write_1h", static u => u.CacheWrite1h),
        ("audio_input", static u => u.AudioInput),
        ("image_input", static u => u.ImageInput),
        ("tool_input", static u => u.ToolInput),
        ("output", static u => u.Output),
        ("reasoning", static u => u.Reasoning),
        ("audio_output", static u => u.AudioOutput),
        ("image_output", static u => u.ImageOutput),
        ("web_searches", static u => u.WebSearches),
        ("search_units", static u => u.SearchUnits),
        ("images", static u => u.Images),
        ("seconds", static u => u.Seconds),
        ("characters", static u => u.Characters),
    ];

    /// <summary>Writes the object itself; the member's name is the caller's business. <c>input</c> and <c>output</c> are always there unless all is zero.</summary>
    public static void Write(Utf8JsonWriter writer, in Usage usage)
    {
        writer.WriteStartObject();
        if (!usage.IsEmpty)
        {
            writer.WriteNumber("input", usage.Input);
        }
        foreach (var (name, value) in Classes)
        {
            if (value(usage) is var count && (count != 0 || (name == "output" && !usage.IsEmpty)))
            {
                writer.WriteNumber(name, count);
            }
        }
        writer.WriteEndObject();
    }

    /// <summary>The source as the records name it: <c>provider</c>, <c>estimated</c>, <c>none</c>.</summary>
    public static string NameOf(UsageSource source) => source switch
    {
        UsageSource.Provider => "provider",
        UsageSource.Estimated => "estimated",
        _ => "none",
    };
}
