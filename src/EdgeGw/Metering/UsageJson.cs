using System.Text.Json;

namespace EdgeGw.Metering;

/// <summary>A usage as JSON, in the names that records, the admin API and <c>edgegw meter</c> share. Classes that are zero are left out.</summary>
public static class UsageJson
{
    /// <summary>Writes the object itself; the member's name is the caller's business. <c>input</c> and <c>output</c> are always there unless all is zero.</summary>
    public static void Write(Utf8JsonWriter writer, in Usage usage)
    {
        writer.WriteStartObject();
        for (var index = 0; index < UsageClass.Count; index++)
        {
            var isWhole = UsageClass.Names[index] is "input" or "output";
            if (UsageClass.Of(in usage)[index] is var count && (count != 0 || (isWhole && !usage.IsEmpty)))
            {
                writer.WriteNumber(UsageClass.Names[index], count);
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
