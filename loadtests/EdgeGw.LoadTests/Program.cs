using System.Globalization;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;

// run [--quick] [--only TEXT] --binary FILE --out FOLDER [--nginx FILE] [--source NAME]     the lab
// provider COUNT                                                                           the fake provider on COUNT ports
if (args is ["provider", var ports])
{
    return FakeProvider.Run(int.Parse(ports, CultureInfo.InvariantCulture));
}
if (args is not ["run", ..] || Value("--binary") is not { } binary || Value("--out") is not { } output)
{
    Console.Error.WriteLine("usage: run [--quick] [--only TEXT] --binary FILE --out FOLDER [--nginx FILE] [--source NAME]");
    return 2;
}
if (HistogramCheck.Run() is { } wrong)
{
    Console.Error.WriteLine($"the histogram is wrong: {wrong}");
    return 1;
}
var options = new LabOptions
{
    Binary = Path.GetFullPath(binary),
    Nginx = Value("--nginx"),
    Folder = Path.GetFullPath(output),
    Quick = args.Contains("--quick"),
    Only = Value("--only"),
};
var name = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
var folder = Path.Combine(options.Folder, name);
Directory.CreateDirectory(folder);
var provenance = Provenance.Of(options, Value("--source") ?? "unknown");
var result = new LoadLab(options, folder).Run();
RawResult.Write(Path.Combine(options.Folder, name + ".json"), result, provenance);
using (var table = new StringWriter())
{
    new Report(result, provenance, table).Write();
    File.WriteAllText(Path.Combine(options.Folder, name + ".md"), table.ToString());
    Console.Write(table);
}
return result.Faults.Count == 0 ? 0 : 1;

string? Value(string option)
{
    var at = Array.IndexOf(args, option);
    return at >= 0 && at + 1 < args.Length && args[at + 1].Length > 0 ? args[at + 1] : null;
}
