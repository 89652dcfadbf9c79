using System.Text;
using EdgeGw.Configuration;
using EdgeGw.Pricing;
using EdgeGw.Tests.Configuration;
using static EdgeGw.Tests.Pricing.PricingSamples;

namespace EdgeGw.Tests.Pricing;

public sealed class PriceFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-prices-").FullName;

    [Theory]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], ¶\"modls\": []} ] }", "unknown name in a price file")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"models\": [\n ¶{\"id\": \"a\", \"prices\": []} ]} ] }", "a: ")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"models\": [\n ¶{\"id\": \"a\", \"prices\": [{\"input\": -1}]} ]} ] }", "from 0 to")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"models\": [\n ¶{\"id\": \"a\", \"prices\": [{\"input\": 2000000}]} ]} ] }", "from 0 to")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"models\": [\n ¶{\"id\": \"a\", \"tiers\": {\"flex\": \"half\"}, \"prices\": [{\"input\": 1}]} ]} ] }", "flex = half")]
    [InlineData("{\n\"providers\": [ {\"kinds\": ¶[], \"models\": []} ] }", "names no provider kind")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"resells\": ¶[\"opnai\"]} ] }", "no price list of \"opnai\"")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"models\": [ {\"id\": \"a\", \"prices\": [{\"input\": 1}]},\n ¶{\"id\": \"b\", \"aliases\": [\"A\"], \"prices\": [{\"input\": 1}]} ]} ] }", "k has \"A\" on line 2 already")]
    [InlineData("{\n\"providers\": [ {\"kinds\": [\"k\"], \"models\": [\n ¶{\"id\": \"a\", \"prices\": [{\"input\": 1, \"peak\": {\"factor\": 0, \"hours_utc\": [\"1-2\"]}}]} ]} ] }", "factor of peak hours")]
    public void Fault_names_its_place(string marked, string message)
    {
        var (json, place) = ConfigFixture.TakeMark(marked);
        var fault = Assert.Single(PriceFile.Parse(Encoding.UTF8.GetBytes(json), "p.json", PriceCatalogue.BuiltIn).Faults);
        Assert.Contains(message, fault.Message);
        // The framework stops behind an unknown name, not at it.
        Assert.Equal(place.Split(':')[0], fault.Line.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (!message.StartsWith("unknown", StringComparison.Ordinal))
        {
            Assert.Equal($"p.json:{place}", $"p.json:{fault.Line}:{fault.Column}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"providers\": null}")]
    [InlineData("{\"providers\": [{}]}")]
    [InlineData("{\"providers\": [{\"kinds\": [\"k\"], \"models\": [{\"id\": \"a\", \"prices\": [{\"input\": \"1\"}]}]}]}")]
    public void Other_shapes_are_one_fault(string json) =>
        Assert.Single(PriceFile.Parse(Encoding.UTF8.GetBytes(json), "p.json", PriceCatalogue.BuiltIn).Faults);

    [Fact]
    public void All_faulty_models_are_listed_at_once() => Assert.Equal(2, PriceFile.Parse("""
        {"providers": [ {"kinds": ["k"], "models": [ {"id": "a", "prices": []}, {"id": "b", "prices": [{"input": -1}]} ]} ] }
        """u8, "p.json", PriceCatalogue.BuiltIn).Faults.Count);

    [Fact]
    public void Price_a_token_is_warned_of()
    {
        var file = PriceFile.Parse("""{"providers": [ {"kinds": ["k"], "models": [ {"id": "a", "prices": [{"input": 0.0000025}]} ]} ] }"""u8, "p.json", PriceCatalogue.BuiltIn);
        Assert.Empty(file.Faults);
        Assert.Contains("looks like a price per token", Assert.Single(file.Warnings).Message);
    }

    [Fact]
    public void Name_in_the_file_wins_and_what_is_not_named_stays()
    {
        var book = Book("""
            {"providers": [{"kinds": ["openai"], "models": [ // comments and trailing commas are fine
              {"id": "gpt-4o", "prices": [{"input": 7, "output": 9}]},
              {"id": "acme", "patterns": ["acme-*"], "prices": [{"input": 1}]},
            ]}]}
            """);
        Assert.Equal(PerMillion(7), Input(book, "openai", "gpt-4o"));
        Assert.Equal(PerMillion(7), Input(book, "openai", "gpt-4o-2024-08-06"));
        Assert.Equal(PerMillion(5), Input(book, "openai", "gpt-4o-2024-05-13"));
        Assert.Equal(PerMillion(0.15m), Input(book, "openai", "gpt-4o-mini"));
        Assert.Equal(PerMillion(1), Input(book, "openai", "acme-x"));
        Assert.Equal(PerMillion(7), Input(book, "azure-openai", "gpt-4o"));
        Assert.Equal(CostSource.Catalogue, book.Resolve("openai", "openai", "gpt-4o").Source);
    }

    [Fact]
    public void Replaced_entry_leaves_its_names_limits_tiers_and_fees()
    {
        var before = Price("openai", "gpt-3.5-turbo").Price!;
        var after = Book("""{"providers": [{"kinds": ["openai"], "models": [{"id": "gpt-3.5-turbo", "prices": [{"input": 7}]}]}]}""")
            .Resolve("openai", "openai", "gpt-35-turbo").Price!;
        Assert.Equal(PerMillion(7), after.Rates.Input);
        Assert.Equal(before with { Rates = after.Rates, ServiceTiers = after.ServiceTiers, LongContext = after.LongContext }, after);
        Assert.Equal(before.ServiceTiers, after.ServiceTiers);
    }

    [Fact]
    public void Alias_alone_is_taken_from_an_entry_that_stays()
    {
        var book = Book("""{"providers": [{"kinds": ["openai"], "models": [{"id": "gpt-35-turbo", "prices": [{"input": 7}]}]}]}""");
        Assert.Equal((PerMillion(7), PerMillion(0.5m)), (Input(book, "openai", "gpt-35-turbo"), Input(book, "openai", "gpt-3.5-turbo")));
    }

    [Fact]
    public void File_speaks_of_the_kinds_that_it_names_and_of_no_other()
    {
        var book = Book("""{"providers": [{"kinds": ["vercel", "new-kind"], "resells": ["openai"], "models": [{"id": "openai/gpt-5", "prices": [{"input": 7}]}]}]}""");
        Assert.Equal(PerMillion(7), Input(book, "vercel", "openai/gpt-5"));
        Assert.Equal(PerMillion(7), Input(book, "new-kind", "openai/gpt-5"));
        Assert.Equal(PerMillion(1.25m), Input(book, "vercel-gateway", "openai/gpt-5"));
        Assert.Equal(PerMillion(1.25m), Input(book, "openrouter", "openai/gpt-5"));
        Assert.Equal(PerMillion(2.5m), Input(book, "new-kind", "gpt-4o"));
    }

    [Fact]
    public void Later_file_wins_and_overrides_win_over_all()
    {
        const string File = """{"providers": [{"kinds": ["openai"], "models": [{"id": "gpt-4o", "prices": [{"input": PRICE}]}]}]}""";
        string[] files = [Write("a.json", File.Replace("PRICE", "7")), Write("b.json", File.Replace("PRICE", "8"))];
        var catalogue = PriceFiles.Load(files, static (_, problem) => throw new InvalidOperationException(problem)).Catalogue;
        Assert.Equal(PerMillion(8), catalogue.Find("openai", "gpt-4o", Saturday)!.Rates.Input);
        Assert.Equal(files[1], catalogue.FindMatch("openai", "gpt-4o")!.Value.Model.Source);
        var contracts = new PricingConfig { Overrides = [new PriceOverride("openai/gpt-4o", 1m, 2m)] };
        Assert.Equal(PerMillion(1), new PriceBook(catalogue, contracts, new Dictionary<string, ProviderConfig>(), Saturday).Resolve("openai", "openai", "gpt-4o").Price!.Rates.Input);
    }

    [Fact]
    public void Faults_of_configured_files_name_the_file_that_they_are_in()
    {
        var good = Write("good.json", """{"providers": []}""");
        var bad = Write("bad.json", "{\"providers\": [\n{\"kinds\": []}]}");
        var json = """
            { "pricing": { "files": ["good.json",
              "missing.json", "bad.json"] } }
            """;
        var config = ConfigLoader.Load(Encoding.UTF8.GetBytes(json), Path.Combine(_folder, "e.json"), new FakeEnvironment(), ConfigFixture.Providers);
        Assert.Equal([good, Path.Combine(_folder, "missing.json"), bad], config.Config!.Pricing.Files);
        Assert.Equal(
            [$"{_folder}/e.json:2:3: pricing.files[1]: there is no file {_folder}/missing.json", $"{bad}:2:11: providers[0].kinds: names no provider kind"],
            LoadedConfig.Complete(config).Faults.Select(fault => fault.ToString()));
        Assert.Null(LoadedConfig.Complete(config).Config);
    }

    [Theory]
    [InlineData("{\"pricing\": {\"files\": ¶\"a.json\"}}", "pricing.files: must be an array")]
    [InlineData("{\"pricing\": {\"files\": [¶\"\"]}}", "pricing.files[0]: is empty")]
    [InlineData("{\"pricing\": {\"files\": [\"a.json\", ¶\"./a.json\"]}}", "pricing.files[1]: \"./a.json\" stands here for the second time")]
    public void Wrong_list_of_files_is_a_fault(string marked, string message)
    {
        var (json, place) = ConfigFixture.TakeMark(marked);
        Assert.Equal([$"{place}: {message}"], ConfigFixture.FaultsOf(json));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static PriceBook Book(string file)
    {
        var parsed = PriceFile.Parse(Encoding.UTF8.GetBytes(file), "p.json", PriceCatalogue.BuiltIn);
        Assert.Empty(parsed.Faults);
        return new PriceBook(PriceCatalogue.BuiltIn.With(parsed.Providers, "p.json"), new PricingConfig(), new Dictionary<string, ProviderConfig>(), Saturday);
    }

    private static UnitPrice Input(PriceBook book, string kind, string model) => book.Resolve(kind, kind, model).Price!.Rates.Input;

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
