using EdgeGw.Bench.Native;

if (args is ["--startup", ..])
{
    await StartupRun.RunAsync(args.ElementAtOrDefault(1));
    return 0;
}
if (args is ["--slots"])
{
    await SlotsRun.RunAsync();
    return 0;
}
if (args is ["--tokens"])
{
    return await TokensRun.RunAsync() ? 0 : 1;
}
if (InstructionsRun.IsGateway(args))
{
    await InstructionsRun.ServeAsync(args);
    return 0;
}
if (args is ["--instructions", ..])
{
    return InstructionsRun.Run(args is [_, var least] ? double.Parse(least, System.Globalization.CultureInfo.InvariantCulture) : null) ? 0 : 1;
}
if (args is ["--call"])
{
    return await CallRun.RunAsync() ? 0 : 1;
}

// The hot pieces on one core. Times are reported, never judged; allocation is: a byte that must not be allocated ends the program with 1.
var failed = false;
if (!args.Contains("--ledger") && !MeteringRun.Run())
{
    Console.Error.WriteLine("metering allocates: it must not");
    failed = true;
}
int[] callers = args is [.., "--callers", var list] ? [.. list.Split(',').Select(int.Parse)] : [1_000, 20_000];
if (!await LedgerRun.RunAsync(callers))
{
    Console.Error.WriteLine("admission or settlement of known callers allocates: it must not");
    failed = true;
}
if (!args.Contains("--ledger") && !await TokensRun.RunAsync())
{
    Console.Error.WriteLine("identifying a known token allocates: it must not");
    failed = true;
}
if (!args.Contains("--ledger") && !await CallRun.RunAsync())
{
    Console.Error.WriteLine("an unstreamed call allocates more than it may");
    failed = true;
}
return failed ? 1 : 0;
