using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace EdgeGw.Bench.Native;

/// <summary>How many instructions of user code an unstreamed call with everything on takes, on the thread that serves it. A count, so no other load on the machine changes it.</summary>
/// <remarks>
/// A gateway in a child process is stepped through calls one instruction at a time. A call then takes a second, so threads that it wakes are asleep each time and lingers
/// have passed: some thousands are more than at full speed.
/// </remarks>
internal static class InstructionsRun
{
    private const string ServeArgument = "--instructions-gateway";

    /// <summary>A little above what is measured.</summary>
    private const int MostInstructions = 105_000;

    private const int Warming = 4_000;
    private const int Calls = 12;

    /// <summary>One symbol of the spine's, entered once for each request.</summary>
    private const string Marker = "RequestSpine__ServeAsync";

    public static bool IsGateway(string[] args) => args is [ServeArgument, _];

    /// <summary>The child: a gateway until it is killed.</summary>
    public static async Task ServeAsync(string[] args)
    {
        var gateway = await CallGateway.StartAsync(int.Parse(args[1], CultureInfo.InvariantCulture));
        Console.WriteLine($"{gateway.Port} {gateway.Secret} {gateway.Folder}");
        await Task.Delay(Timeout.Infinite);
    }

    /// <param name="least">Prints the tree of calls with all that takes so many instructions; null: no tree.</param>
    /// <returns>False when a call takes more than it may.</returns>
    public static bool Run(double? least)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            Console.WriteLine("instructions of a call: not counted here, only on Linux x64");
            return true;
        }
        List<long> addresses;
        CodeMap code;
        try
        {
            (addresses, code) = Step();
        }
        catch (Win32Exception e) when (Environment.GetEnvironmentVariable("CI") is null)
        {
            Console.WriteLine($"instructions of a call: not counted, the system does not let a process be traced: {e.Message}");
            return true;
        }
        List<int> starts = [];
        var entries = addresses.Distinct().Where(address => code.IsStart(address) && code.NameAt(address).EndsWith(Marker, StringComparison.Ordinal)).ToHashSet();
        for (var i = 0; i < addresses.Count; i++)
        {
            if (entries.Contains(addresses[i]))
            {
                starts.Add(i);
            }
        }
        var calls = starts.Zip(starts.Skip(1), static (start, end) => end - start).Order().ToArray();
        var median = calls[calls.Length / 2];
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"unstreamed call with everything on: {median} instructions (median of {calls.Length}; {calls[0]} .. {calls[^1]}), at most {MostInstructions}"));
        if (least is { } shown)
        {
            CallTree.Of(addresses[starts[0]..starts[^1]], code).Print(Console.Out, shown, calls.Length);
        }
        return median <= MostInstructions;
    }

    private static (List<long> Addresses, CodeMap Code) Step()
    {
        using var provider = new SampleProvider();
        var binary = Environment.ProcessPath!;
        using var gateway = Process.Start(new ProcessStartInfo(binary, [ServeArgument, provider.Port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var told = gateway.StandardOutput.ReadLine()!.Split(' ');
        using var caller = new SampleCaller(int.Parse(told[0], CultureInfo.InvariantCulture), told[1]);
        CallMany(caller, Warming);
        var before = TicksOfThreads(gateway.Id);
        CallMany(caller, Warming);
        var thread = TicksOfThreads(gateway.Id).MaxBy(each => each.Value - before.GetValueOrDefault(each.Key)).Key;
        var code = new CodeMap(gateway.Id, binary, binary + ".dbg");
        List<long> addresses = [];
        var stepping = new TaskCompletionSource();
        var stepper = new Thread(() =>
        {
            try
            {
                ThreadStepper.StepToEnd(thread, addresses, stepping.SetResult);
            }
            catch (Win32Exception e)
            {
                stepping.SetException(e);
            }
        });
        stepper.Start();
        try
        {
            stepping.Task.GetAwaiter().GetResult();
            CallMany(caller, Calls);
        }
        finally
        {
            gateway.Kill();
        }
        stepper.Join();
        Directory.Delete(told[2], recursive: true);
        return (addresses, code);
    }

    private static void CallMany(SampleCaller caller, int calls)
    {
        for (var i = 0; i < calls; i++)
        {
            caller.Call();
        }
    }

    private static Dictionary<int, long> TicksOfThreads(int process) => Directory.GetDirectories($"/proc/{process}/task").ToDictionary(
        static folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture),
        static folder =>
        {
            // The name, in brackets, may hold spaces.
            var fields = File.ReadAllText(folder + "/stat").Split(") ")[^1].Split(' ');
            return long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        });
}
