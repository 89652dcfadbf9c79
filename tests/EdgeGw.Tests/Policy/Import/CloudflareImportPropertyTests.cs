using System.Text;
using EdgeGw.Policy;
using EdgeGw.Policy.Import;
using EdgeGw.Tests.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Policy.Import;

public sealed class CloudflareImportPropertyTests
{
    private static readonly string[] Targets = ["openai/gpt-5", "openai/gpt-5-mini", "openai/o9", "groq/gpt-5-mini", "groq/meta/llama-4", "groq/meta/llama-5"];

    [Fact]
    public void Imported_policies_decide_as_the_source_did_and_never_admit_more()
    {
        var (exact, allowed) = (0, 0);
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var models = Enumerable.Range(0, random.Next(0, 5)).Select(number => CloudflareModel.Any(random, number)).ToArray();
            var source = $"{{\"success\": true, \"result\": [{string.Join(',', models.Select(static model => model.Json))}]}}";
            var section = CloudflareImport.Read(Encoding.UTF8.GetBytes(source));
            if (section.Report.Opens)
            {
                return;
            }
            var isExact = section.Report.Notes.All(static note => note.Loss != ImportLoss.LeftOut && (note.Loss != ImportLoss.Changed || !note.Pointer.EndsWith("/resource", StringComparison.Ordinal)));
            exact += isExact ? 1 : 0;
            var text = SectionWriter.Write(section);
            var policies = new PolicySet(ConfigFixture.LoadGood(text).Policies);
            for (var i = 0; i < 60; i++)
            {
                var caller = CelCondition.Caller(random);
                var target = Targets[random.Next(Targets.Length)];
                var slash = target.IndexOf('/');
                var ownsLabel = random.Next(2) == 0;
                var call = PolicyTesting.Call(caller.Principal(ownsLabel), target);
                call = ownsLabel ? call : call with { Metadata = caller.Labels };
                var there = CloudflareModel.IsAllowed(models, caller, target[..slash], target[(slash + 1)..]);
                var here = !policies.Decide(call).IsRefused;
                allowed += here ? 1 : 0;
                Assert.True(here == there || (!isExact && !here), $"seed {seed}: {caller} groups {string.Join(',', caller.Groups)} for {target}: there {there}, here {here}\n{source}\n{text}");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(600));
        // The comparison is worth nothing where everything is left out or refused.
        Assert.True(exact > 200 && allowed > 2000, $"{exact} imports without loss, {allowed} calls allowed");
    }

    [Fact]
    public void Damaged_documents_never_throw_anything_else_and_what_is_made_always_binds()
    {
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var source = new StringBuilder($"[{string.Join(',', Enumerable.Range(0, 3).Select(number => CloudflareModel.Any(random, number).Json))}]");
            for (var damages = random.Next(1, 6); damages > 0; damages--)
            {
                const string Pieces = "{}[]\",:\\'()!&|=.*$ \u202e\ud800x9";
                var at = random.Next(source.Length);
                _ = random.Next(3) switch
                {
                    0 => source.Remove(at, Math.Min(random.Next(1, 4), source.Length - at)),
                    1 => source.Insert(at, Pieces[random.Next(Pieces.Length)]),
                    _ => source.Insert(at, source.ToString(at, Math.Min(20, source.Length - at))),
                };
            }
            try
            {
                var text = SectionWriter.Write(CloudflareImport.Read(Encoding.UTF8.GetBytes(source.ToString())));
                Assert.DoesNotContain('\u202e', text);
                ConfigFixture.LoadGood(text);
            }
            catch (InvalidDataException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void Damaged_conditions_are_faults_with_a_place()
    {
        Prop.ForAll(Gen.Choose(int.MinValue, int.MaxValue).ToArbitrary(), static seed =>
        {
            var random = new Random(seed);
            var text = new StringBuilder(CelCondition.Any(random, 4).Text);
            for (var damages = random.Next(1, 4); damages > 0 && text.Length > 0; damages--)
            {
                text.Remove(random.Next(text.Length), 1);
            }
            var terms = ConditionTerms.Of(text.ToString(), errorsCount: random.Next(2) == 0, out var fault);
            Assert.True(terms is null == fault is not null);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }
}
