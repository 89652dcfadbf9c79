namespace EdgeGw.LoadTests.Targets;

/// <summary>haproxy tuned for proxying: kept connections on both sides, connections to the provider shared by all callers, chunks passed on at once, no log.</summary>
internal static class HaproxyConfig
{
    public static string Text(ProxyAddresses listen, ProviderPort provider, LabSetting setting) => $$"""
        global
          nbthread {{ProxyTarget.Workers(setting)}}
          maxconn 9000
          ssl-default-bind-options ssl-min-ver TLSv1.3
          ssl-default-server-options ssl-min-ver TLSv1.3

        defaults
          mode http
          option http-keep-alive
          option http-no-delay
          http-reuse always
          timeout connect 10s
          timeout client 300s
          timeout server 300s
          timeout http-keep-alive 300s

        frontend plain
          bind {{listen.Plain}} backlog 4096
          http-request return status 200 content-type text/plain string ready if { path /lab/ready }
          default_backend plain

        frontend to_tls
          bind {{listen.ToTls}} backlog 4096
          default_backend secured

        frontend secured
          bind {{listen.Secured}} backlog 4096 ssl crt {{setting.Certificates.Both}} alpn h2,http/1.1
          default_backend plain

        backend plain
          server provider {{provider.Plain}} pool-max-conn 10000

        backend secured
          server provider {{provider.Tls}} pool-max-conn 10000 ssl verify required ca-file {{setting.Certificates.Authority}} sni str(localhost) verifyhost localhost

        """;
}
