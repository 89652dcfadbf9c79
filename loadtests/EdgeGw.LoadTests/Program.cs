using System.Globalization;
using EdgeGw.LoadTests.Lab;
using EdgeGw.LoadTests.Measuring;
using EdgeGw.LoadTests.Provider;
using EdgeGw.LoadTests.Reporting;

// run [--ci | --quick | --all] [--only TEXT] [--soak MINUTES] [--page FILE]        the lab
//   --binary FILE --out FOLDER [--nginx FILE] [--haproxy FILE] [--portkey FILE] [--source NAME]
// provider COUNT CERTIFICATE KEY                                                   the fake provider for COUNT targets
if (args is ["provider", var targets, var certificate, var key])
{
    return FakeProvider.Run(int.Parse(targets, CultureInfo.InvariantCulture), certificate, key);
}
if (LabOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine("usage: loadtests/run.sh [--ci | --quick | --all] [--only TEXT] [--soak MINUTES] [--write-docs]");
    return 2;
}
if (options.Only is not null && Scenarios.Selected(options).Count == 0)
{
    Console.Error.WriteLine($"no scenario has \"{options.Only}\" in its name; there are:\n{string.Join('\n', Scenarios.All.Select(each => "  " + each.Name))}");
    return 2;
}
if (HistogramCheck.Run() is { } wrong)
{
    Console.Error.WriteLine($"the histogram is wrong: {wrong}");
    return 1;
}
var name = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
var folder = Directory.CreateDirectory(Path.Combine(options.Folder, name)).FullName;
var provenance = Provenance.Of(options, options.Source);
var result = new LoadLab(options, folder).Run();
RawResult.Write(folder + ".json", result, provenance);
File.WriteAllText(folder + ".svg", Chart.Draw(result, provenance));
File.WriteAllText(folder + ".md", Written(table => new Report(result, provenance, table).Write()));
if (options.Page is { } page)
{
    MarkedPage.Replace(page, Written(table =>
    {
        Frame.Write(result, provenance, table);
        new Summary(result, table).Write();
    }));
}
Console.Write(File.ReadAllText(folder + ".md"));
return result.Faults.Count == 0 ? 0 : 1;

static string Written(Action<TextWriter> write)
{
    using var text = new StringWriter();
    write(text);
    return text.ToString();
}
