using EdgeGw.Cli;
using EdgeGw.Configuration;
using EdgeGw.Hosting;
using EdgeGw.Hosting.DryRuns;
using EdgeGw.Routing;

SocketScheduling.UseInlineCompletions();

using var signals = new TerminationSignals();

var context = new CliContext
{
    Out = Console.Out,
    Error = Console.Error,
    Environment = ProcessEnvironment.Instance,
    Time = TimeProvider.System,
    Providers = new KnownProviders
    {
        Kinds = ProviderCatalogue.Kinds.Select(kind => kind.Name).ToHashSet(),
        NeedBaseUrl = ProviderCatalogue.Kinds.Where(kind => kind.BaseUrl is null).Select(kind => kind.Name).ToHashSet(),
        Aws = ProviderCatalogue.Kinds.Where(kind => kind.IsAws).Select(kind => kind.Name).ToHashSet(),
        IsReservedName = Router.IsReservedName,
        Environment = [.. ProviderCatalogue.Kinds.Select(kind => new ProviderEnvironment(kind.Name, [.. kind.KeyVariables], kind.BaseUrlVariable))],
    },
};

var actions = new CliActions
{
    Serve = ServeAction.RunAsync,
    Demo = DemoAction.RunAsync,
    Meter = MeterAction.RunAsync,
    VerifyJournal = VerifyJournalAction.RunAsync,
    DryRun = DryRunAction.RunAsync,
    OpenDataFolder = (config, cancellation) => DataFolderControl.OpenAsync(config, context),
};

return await EdgeGwCommand.RunAsync(args, actions, context, signals.Token);
