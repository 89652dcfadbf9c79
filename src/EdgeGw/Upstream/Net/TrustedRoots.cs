using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace EdgeGw.Upstream.Net;

/// <summary>Root certificates trusted beside the system's own.</summary>
internal sealed class TrustedRoots
{
    // Mostly the system's own bundle, whose roots the platform trusts by itself: parsing a hundred of them is not worth a start's time.
    private readonly Lazy<X509Certificate2Collection> _roots;

    private TrustedRoots(string file) => _roots = new(() =>
    {
        X509Certificate2Collection roots = [];
        roots.ImportFromPemFile(file);
        return roots;
    });

    /// <summary>The certificates of a PEM file, which are parsed when a provider's certificate needs them; null in, null out.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static TrustedRoots? Load(string? file)
    {
        if (file is null)
        {
            return null;
        }
        File.OpenHandle(file).Dispose();
        return new TrustedRoots(file);
    }

    /// <summary>Accepts what the system accepts, and a chain whose only fault is that it ends in one of our roots.</summary>
    public bool Validate(object sender, X509Certificate? certificate, X509Chain? presented, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || certificate is not X509Certificate2 leaf)
        {
            return false;
        }
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots.Value);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new System.Security.Cryptography.Oid("1.3.6.1.5.5.7.3.1"));
        if (presented is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(presented.ChainPolicy.ExtraStore);
        }
        return chain.Build(leaf);
    }
}
