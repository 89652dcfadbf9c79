using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeGw.Pricing;

namespace EdgeGw.Configuration;

/// <summary>The checks that touch the disk: kept apart, because a configuration can be right on another machine than the one that checks it.</summary>
internal static class ConfigFiles
{
    /// <summary>Faults of the listener's certificate and key; empty where it has none.</summary>
    public static IReadOnlyList<ConfigFault> CheckTls(ConfigResult result, GatewayConfig config)
    {
        var faults = new List<ConfigFault>();
        if (config.Listen.Tls is { } tls
            && IsReadable(tls.Certificate, result, "listen.tls.certificate", faults) & IsReadable(tls.Key, result, "listen.tls.key", faults))
        {
            CheckPair(tls, result, faults);
        }
        return faults;
    }

    /// <summary>The configured price files; one that cannot be read is a fault at its place in the configuration.</summary>
    public static PriceFiles Prices(ConfigResult result, GatewayConfig config) => PriceFiles.Load(
        config.Pricing.Files, (i, problem) => result.At(string.Create(CultureInfo.InvariantCulture, $"pricing.files[{i}]"), problem));

    private static bool IsReadable(string path, ConfigResult result, string place, List<ConfigFault> faults)
    {
        try
        {
            File.OpenHandle(path).Dispose();
            return true;
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add(result.At(place, $"there is no file {path}"));
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            faults.Add(result.At(place, $"{path} cannot be read by this user"));
        }
        return false;
    }

    private static void CheckPair(TlsConfig tls, ConfigResult result, List<ConfigFault> faults)
    {
        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(tls.Certificate, tls.Key);
        }
        // A key of another certificate is an argument exception to the framework, a malformed file a cryptographic one.
        catch (Exception fault) when (fault is CryptographicException or ArgumentException)
        {
            faults.Add(result.At("listen.tls", "the two files are no PEM certificate with its own unencrypted private key"));
        }
    }
}
