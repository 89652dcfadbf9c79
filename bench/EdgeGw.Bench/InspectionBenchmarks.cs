using System.Text;
using BenchmarkDotNet.Attributes;
using EdgeGw.Metering;
using EdgeGw.Requests.Inspection;

namespace EdgeGw.Bench;

/// <summary>One scan of a small chat request and of an agent's long one, and the edit that asks for usage.</summary>
[MemoryDiagnoser]
public class InspectionBenchmarks
{
    private readonly byte[] _small = Body(1, 700);
    private readonly byte[] _large = Body(160, 4000);
    private readonly List<ReadOnlyMemory<byte>> _pieces = new(8);
    private readonly ReadOnlyMemory<byte> _model = BodyEdits.EncodeModel("gpt-4o");

    [Benchmark]
    public bool Inspect1KiB() => RequestInspector.Inspect(Dialect.ChatCompletions, _small).IsValid;

    [Benchmark]
    public bool Inspect640KiB() => RequestInspector.Inspect(Dialect.ChatCompletions, _large).IsValid;

    [Benchmark]
    public int InspectAndEdit1KiB()
    {
        var facts = RequestInspector.Inspect(Dialect.ChatCompletions, _small).Facts;
        _pieces.Clear();
        if (BodyEdits.TryAskForUsage(facts, out var ask))
        {
            BodyEdits.Apply(_small, [BodyEdits.ReplaceModel(facts, _model), ask], _pieces);
        }
        return _pieces.Count;
    }

    private static byte[] Body(int messages, int length)
    {
        var text = string.Concat(Enumerable.Repeat("The quick brown fox said \\\"hi\\\" to the lazy dog.\\n", (length / 48) + 1))[..length].TrimEnd('\\');
        var all = string.Join(',', Enumerable.Range(0, messages).Select(i => $$"""{"role":"{{(i % 2 == 0 ? "user" : "assistant")}}","content":[{"type":"text","text":"{{text}}"}]}"""));
        return Encoding.UTF8.GetBytes($$"""{"model":"openai/gpt-4o","temperature":0.7,"stream":true,"max_tokens":1000,"messages":[{{all}}],"user":"u-1"}""");
    }
}
