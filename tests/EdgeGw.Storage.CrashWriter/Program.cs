using EdgeGw.Storage;
using EdgeGw.Storage.CrashWriter;

// Run by the tests, which kill it: writes until then, and prints a line for each thing it has been told is durable.
string mode = args[0];
using DataFolder folder = DataFolder.Open(args[1]);
switch (mode)
{
    case "hold":
        Console.WriteLine("held");
        await Task.Delay(Timeout.Infinite);
        break;
    case "append":
        await AppendWriter.RunAsync(folder);
        break;
    case "count":
        await CountWriter.RunAsync(folder);
        break;
    case "trim":
        await TrimWriter.RunAsync(folder);
        break;
    default:
        throw new ArgumentException($"unknown mode {mode}");
}
