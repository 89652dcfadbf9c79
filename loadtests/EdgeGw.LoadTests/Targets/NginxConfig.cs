namespace EdgeGw.LoadTests.Targets;

/// <summary>nginx tuned for proxying: kept connections on both sides, no log, no buffering of answers, bodies in memory. The line to be level with.</summary>
internal static class NginxConfig
{
    public static string Text(string folder, ProxyAddresses listen, ProviderPort provider, LabSetting setting) => $$"""
        daemon off;
        worker_processes {{ProxyTarget.Workers(setting)}};
        worker_rlimit_nofile 20000;
        pid {{folder}}/nginx.pid;
        events { worker_connections 16384; }
        http {
          access_log off;
          keepalive_requests 100000000;
          keepalive_timeout 300s;
          tcp_nodelay on;
          client_max_body_size 64m;
          client_body_buffer_size 1m;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          proxy_http_version 1.1;
          proxy_set_header Connection "";
          proxy_buffering off;
          proxy_ssl_verify on;
          proxy_ssl_trusted_certificate {{setting.Certificates.Authority}};
          proxy_ssl_name localhost;
          proxy_ssl_server_name on;
          proxy_ssl_protocols TLSv1.3;
          upstream plain {
            server {{provider.Plain}};
            keepalive 256;
            keepalive_requests 100000000;
          }
          upstream secured {
            server {{provider.Tls}};
            keepalive 256;
            keepalive_requests 100000000;
          }
          server {
            listen {{listen.Plain}} backlog=4096;
            location = /lab/ready { return 200 "ready"; }
            location / { proxy_pass http://plain; }
          }
          server {
            listen {{listen.ToTls}} backlog=4096;
            location / { proxy_pass https://secured; }
          }
          server {
            listen {{listen.Secured}} ssl http2 backlog=4096;
            ssl_certificate {{setting.Certificates.Chain}};
            ssl_certificate_key {{setting.Certificates.Key}};
            ssl_protocols TLSv1.3;
            location / { proxy_pass http://plain; }
          }
        }
        """;
}
