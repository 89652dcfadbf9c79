using System.Net;
using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

internal static class ListenBinder
{
    public static ListenConfig Bind(ConfigValue? value)
    {
        var listen = new ListenConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Listen) is not { } reader)
        {
            return listen;
        }
        return listen with
        {
            Data = Endpoint(reader.Optional("data")) ?? listen.Data,
            Admin = Endpoint(reader.Optional("admin")) ?? listen.Admin,
            Tls = Tls(reader.Optional("tls")),
        };
    }

    private static IPEndPoint? Endpoint(ConfigValue? value)
    {
        if (value?.Text() is not { } text)
        {
            return null;
        }
        if (EndpointText.TryParse(text, out var endpoint))
        {
            return endpoint;
        }
        value.Fault($"{value.Shown} {EndpointText.Expected}");
        return null;
    }

    private static TlsConfig? Tls(ConfigValue? value)
    {
        if (value is null || ObjectReader.Open(value, Shapes.Tls) is not { } reader)
        {
            return null;
        }
        var certificate = reader.Required("certificate")?.NonEmptyText();
        var key = reader.Required("key")?.NonEmptyText();
        return certificate is null || key is null
            ? null
            : new TlsConfig(value.Context.ResolvePath(certificate), value.Context.ResolvePath(key));
    }
}
