using System.Text;

namespace EdgeGw.Configuration;

/// <summary>The configuration's JSON Schema, as it stands beside this file, from inside the binary.</summary>
public static class ConfigSchema
{
    private const string ResourceName = "edgegw.schema.json";

    public static string Text
    {
        get
        {
            using var resource = typeof(ConfigSchema).Assembly.GetManifestResourceStream(ResourceName)
                ?? throw new InvalidOperationException($"The build did not embed {ResourceName}.");
            using var reader = new StreamReader(resource, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }
}
