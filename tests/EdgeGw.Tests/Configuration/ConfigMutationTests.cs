using System.Text;
using EdgeGw.Configuration;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Configuration;

public sealed class ConfigMutationTests
{
    private static readonly byte[] Valid = Encoding.UTF8.GetBytes(ConfigLoaderTests.Example);
    private static readonly FakeEnvironment Variables = new(("OPENAI_API_KEY", "sk-1"), ("AZURE_OPENAI_API_KEY", "az"));

    private static readonly string[] Tokens =
        ["{", "}", "[", "]", ",", ":", "\"", "null", "true", "-1", "1e999", "\\", "\\ud800", "//", "/*", "$", "${", "${X}", "\n", "\0", "99999999999999999999", ""];

    [Fact]
    public void Mutated_file_never_throws_and_every_fault_has_its_line()
    {
        var cut = from start in Gen.Choose(0, Valid.Length - 1)
                  from length in Gen.Choose(0, 12)
                  from token in Gen.Elements(Tokens)
                  select (start, length, token);
        var mutations = cut.ArrayOf(3);
        Prop.ForAll(mutations.ToArbitrary(), edits => AssertSane(Mutate(edits))).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Fact]
    public void Random_bytes_never_throw_and_every_fault_has_its_line() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), AssertSane).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Every_prefix_of_the_example_is_refused_with_a_line()
    {
        for (var length = 0; length < Valid.Length; length++)
        {
            var result = ConfigLoader.Load(Valid.AsSpan(0, length), "e.json", Variables, ConfigFixture.Providers);
            Assert.Null(result.Config);
            Assert.True(Assert.Single(result.Faults).Line >= 1);
        }
    }

    [Fact]
    public void Deep_nesting_is_a_fault()
    {
        var json = Encoding.UTF8.GetBytes(new string('[', 100_000));
        Assert.Contains("depth", Assert.Single(ConfigLoader.Load(json, "e.json", Variables, ConfigFixture.Providers).Faults).Message);
    }

    private static byte[] Mutate((int Start, int Length, string Token)[] edits)
    {
        var bytes = Valid.ToList();
        foreach (var (start, length, token) in edits)
        {
            var from = Math.Min(start, bytes.Count);
            bytes.RemoveRange(from, Math.Min(length, bytes.Count - from));
            bytes.InsertRange(from, Encoding.UTF8.GetBytes(token));
        }
        return [.. bytes];
    }

    private static void AssertSane(byte[] bytes)
    {
        var result = ConfigLoader.Load(bytes, "e.json", Variables, ConfigFixture.Providers);
        Assert.Equal(result.Faults.Count > 0, result.Config is null);
        var lines = bytes.Count(b => b == (byte)'\n') + 1;
        Assert.All(result.Faults, fault =>
        {
            Assert.InRange(fault.Line, 1, lines);
            Assert.True(fault.Column >= 1);
            Assert.DoesNotContain(fault.ToString(), char.IsControl);
        });
    }
}
