using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace EdgeGw.Hosting;

/// <summary>Where the gateway's own messages go: standard error, one line each. Standard output belongs to the usage records.</summary>
internal static class OperationalLog
{
    public static ILoggerProvider Create()
    {
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        }).Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace));
        return services.BuildServiceProvider().GetRequiredService<ILoggerProvider>();
    }
}
