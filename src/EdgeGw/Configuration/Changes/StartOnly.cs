namespace EdgeGw.Configuration.Changes;

/// <summary>What is decided once, when the process starts: sockets, the data folder, and what the journal, the audit log, the server and connections were made with.</summary>
internal static class StartOnly
{
    /// <summary>The wanted configuration with these as they are running.</summary>
    /// <param name="restartNeeded">The paths of those that are wanted otherwise.</param>
    public static GatewayConfig Keep(GatewayConfig running, GatewayConfig wanted, out IReadOnlyList<string> restartNeeded)
    {
        var differ = new List<string>();
        // The paths of certificate and key may change; whether there is TLS at all is the socket's.
        var tls = running.Listen.Tls is not null && wanted.Listen.Tls is not null ? wanted.Listen.Tls : running.Listen.Tls;
        Compare("listen.data", running.Listen.Data.Equals(wanted.Listen.Data));
        Compare("listen.admin", running.Listen.Admin.Equals(wanted.Listen.Admin));
        Compare("listen.tls", tls == wanted.Listen.Tls);
        Compare("data_dir", running.DataDirectory == wanted.DataDirectory);
        Compare("durability", running.Durability == wanted.Durability);
        Compare("journal", running.Journal == wanted.Journal);
        Compare("audit", running.Audit == wanted.Audit);
        Compare("timeouts.connect", running.Timeouts.Connect == wanted.Timeouts.Connect);
        Compare("requests.max_header", running.Requests.MaxHeaderBytes == wanted.Requests.MaxHeaderBytes);
        Compare("log", running.Log == wanted.Log);
        restartNeeded = differ;
        return wanted with
        {
            Listen = running.Listen with { Tls = tls },
            DataDirectory = running.DataDirectory,
            Durability = running.Durability,
            Journal = running.Journal,
            Audit = running.Audit,
            Timeouts = wanted.Timeouts with { Connect = running.Timeouts.Connect },
            Requests = wanted.Requests with { MaxHeaderBytes = running.Requests.MaxHeaderBytes },
            Log = running.Log,
        };

        void Compare(string path, bool same)
        {
            if (!same)
            {
                differ.Add(path);
            }
        }
    }
}
