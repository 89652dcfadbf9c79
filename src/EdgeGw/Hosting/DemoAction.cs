using System.Net;
using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Demo;
using EdgeGw.Pricing;

namespace EdgeGw.Hosting;

/// <summary><c>edgegw demo</c>: the real gateway in front of a built-in provider, with a small budget, so that the first call needs nothing.</summary>
internal static class DemoAction
{
    private static readonly NanoUsd Budget = NanoUsd.FromDollars(1);

    public static async Task<int> RunAsync(DemoOptions options, CliContext context, CancellationToken stop)
    {
        await using var provider = await DemoProvider.StartAsync(stop);
        var folder = Directory.CreateTempSubdirectory("edgegw-demo-");
        try
        {
            var config = ConfigFor(provider.BaseUrl, options.Listen, folder.FullName);
            return await ServeAction.RunAsync(new ServeOptions { Loaded = new LoadedConfig { Config = config } }, context, _ => PrintAsync(context.Error, options.Listen, config.Listen.Admin, folder.FullName), stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static GatewayConfig ConfigFor(Uri provider, IPEndPoint listen, string folder) => new()
    {
        Listen = new ListenConfig { Data = listen },
        DataDirectory = folder,
        Providers = new Dictionary<string, ProviderConfig>
        {
            ["openai"] = new() { Kind = "openai", BaseUrl = new Uri(provider, "/v1"), ApiKey = "demo" },
            ["anthropic"] = new() { Kind = "anthropic", BaseUrl = provider, ApiKey = "demo" },
            ["gemini"] = new() { Kind = "gemini", BaseUrl = provider, ApiKey = "demo" },
        },
        Models = new Dictionary<string, string> { ["fast"] = "openai/gpt-4o-mini" },
        Identity = new IdentityConfig { Anonymous = true },
        Budgets = [new BudgetConfig { Name = "demo", Amount = Budget, Window = BudgetWindow.Day }],
    };

    // To standard error, so that standard output stays one usage record a line.
    private static Task PrintAsync(TextWriter output, IPEndPoint data, IPEndPoint admin, string folder) => output.WriteLineAsync($$"""

        The gateway runs in front of a built-in provider: no account, no network. In another terminal:

          curl -N http://{{data}}/v1/chat/completions -H 'content-type: application/json' \
            -d '{"model": "openai/gpt-4o-mini", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'

        An SDK works the same way; its key may be anything here:
          OPENAI_BASE_URL=http://{{data}}/openai/v1  ANTHROPIC_BASE_URL=http://{{data}}/anthropic  GOOGLE_GEMINI_BASE_URL=http://{{data}}/gemini

        Each call is metered and held against a budget of {{Budget}} USD a day. Its usage record is printed here; totals:
          curl http://{{admin}}/metrics
          curl -H "authorization: Bearer $(cat {{folder}}/admin-token)" http://{{admin}}/admin/v1/budgets

        Ctrl+C stops it and forgets everything.

        """);
}
