using System.Text.Json;
using EdgeGw.Metering;

namespace EdgeGw.Cli;

/// <summary>The names of the usage classes in JSON. A class that is zero is left out.</summary>
internal static class UsageFields
{
    public static void Write(Utf8JsonWriter json, in Usage usage)
    {
        json.WriteStartObject();
        Write(json, "input", usage.Input);
        Write(json, "cached_input", usage.CachedInput);
        Write(json, "cache_write", usage.CacheWrite);
        Write(json, "cache_write_1h", usage.CacheWrite1h);
        Write(json, "audio_input", usage.AudioInput);
        Write(json, "image_input", usage.ImageInput);
        Write(json, "tool_input", usage.ToolInput);
        Write(json, "output", usage.Output);
        Write(json, "reasoning", usage.Reasoning);
        Write(json, "audio_output", usage.AudioOutput);
        Write(json, "image_output", usage.ImageOutput);
        Write(json, "web_searches", usage.WebSearches);
        Write(json, "search_units", usage.SearchUnits);
        Write(json, "images", usage.Images);
        Write(json, "seconds", usage.Seconds);
        Write(json, "characters", usage.Characters);
        json.WriteEndObject();
    }

    public static Usage Read(JsonElement json) => new()
    {
        Input = Read(json, "input"),
        CachedInput = Read(json, "cached_input"),
        CacheWrite = Read(json, "cache_write"),
        CacheWrite1h = Read(json, "cache_write_1h"),
        AudioInput = Read(json, "audio_input"),
        ImageInput = Read(json, "image_input"),
        ToolInput = Read(json, "tool_input"),
        Output = Read(json, "output"),
        Reasoning = Read(json, "reasoning"),
        AudioOutput = Read(json, "audio_output"),
        ImageOutput = Read(json, "image_output"),
        WebSearches = Read(json, "web_searches"),
        SearchUnits = Read(json, "search_units"),
        Images = Read(json, "images"),
        Seconds = Read(json, "seconds"),
        Characters = Read(json, "characters"),
    };

    private static void Write(Utf8JsonWriter json, string name, long value)
    {
        if (value != 0)
        {
            json.WriteNumber(name, value);
        }
    }

    private static long Read(JsonElement json, string name) => json.TryGetProperty(name, out var value) ? value.GetInt64() : 0;
}
