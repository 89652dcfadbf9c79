using System.Net;

namespace EdgeGw.LoadTests.Targets;

/// <summary>nginx as a bare reverse proxy: kept connections on both sides, no log, no buffering, nothing else. The line to be level with.</summary>
internal sealed class NginxTarget : Target
{
    /// <summary>As many as the gateway has processors.</summary>
    public static int Workers => Environment.ProcessorCount;

    private NginxTarget(IPEndPoint address, ProviderPort behind, ChildProcess process)
        : base("nginx", address, behind, process)
    {
    }

    /// <param name="program">The nginx binary.</param>
    /// <param name="folder">Made for it alone.</param>
    public static NginxTarget Start(string program, string folder, ProviderPort behind)
    {
        Directory.CreateDirectory(folder);
        var address = FreeAddress();
        var config = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(config, Config(folder, address, behind.Address));
        var process = new ChildProcess(program, ["-p", folder, "-e", Path.Combine(folder, "error.log"), "-c", config], Path.Combine(folder, "output.log"));
        try
        {
            WaitUntil(() => TryGet(address, "/lab/ready") is not null, process, "nginx");
        }
        catch
        {
            process.Dispose();
            throw;
        }
        return new NginxTarget(address, behind, process);
    }

    private static string Config(string folder, IPEndPoint listen, IPEndPoint upstream) => $$"""
        daemon off;
        worker_processes {{Workers}};
        pid {{folder}}/nginx.pid;
        events { worker_connections 4096; }
        http {
          access_log off;
          keepalive_requests 100000000;
          keepalive_timeout 300s;
          tcp_nodelay on;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          upstream provider {
            server {{upstream}};
            keepalive 64;
            keepalive_requests 100000000;
          }
          server {
            listen {{listen}} backlog=1024;
            location = /lab/ready { return 200 "ready"; }
            location / {
              proxy_pass http://provider;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
              proxy_buffering off;
            }
          }
        }
        """;
}
