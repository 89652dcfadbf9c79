using System.Buffers;
using EdgeGw.Budgets;
using EdgeGw.Pricing;
using EdgeGw.Storage;
using EdgeGw.Telemetry;

namespace EdgeGw.Tests.Budgets;

public sealed class DeferredAnswersTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Add_beyond_the_room_forgets_the_oldest_and_counts_it()
    {
        var one = Answer(1);
        var answers = new DeferredAnswers(maxBytes: 3 * (one.Details.Length + 256));
        for (var i = 1; i <= 5; i++)
        {
            answers.Add(Answer(i));
        }
        Assert.Equal((3, 2), (answers.Count, answers.Forgotten));
        Assert.Null(answers.Find("openai", "resp_2"));
        Assert.Equal([3L, 4L, 5L], answers.Snapshot().Select(answer => answer.Sequence));
        Assert.True(answers.Remove(answers.Find("openai", "resp_4")!));
        answers.Add(Answer(6));
        Assert.Equal([3L, 5L, 6L], answers.Snapshot().Select(answer => answer.Sequence));
    }

    [Fact]
    public void Add_thirty_days_later_forgets_what_no_provider_keeps()
    {
        var answers = new DeferredAnswers();
        answers.Add(Answer(1));
        answers.Add(Answer(2, Start.AddDays(1)));
        answers.Add(Answer(3, Start.AddDays(30)));
        Assert.Equal(0, answers.Forgotten);
        answers.Add(Answer(4, Start.AddDays(30).AddTicks(1)));
        Assert.Equal([2L, 3L, 4L], answers.Snapshot().Select(answer => answer.Sequence));
        Assert.Equal(1, answers.Forgotten);
    }

    [Fact]
    public void Add_of_a_known_id_leaves_the_first_and_ids_of_two_providers_are_apart()
    {
        var answers = new DeferredAnswers();
        answers.Add(Answer(1));
        answers.Add(Answer(2, id: "resp_1"));
        answers.Add(Answer(3, id: "resp_1", provider: "azure"));
        Assert.Equal((1, 3, 1), (answers.Find("openai", "resp_1")!.Sequence, answers.Find("azure", "resp_1")!.Sequence, answers.Forgotten));
    }

    [Fact]
    public void Remove_of_an_older_answer_of_that_id_removes_nothing()
    {
        var answers = new DeferredAnswers();
        answers.Add(Answer(7, id: "resp_1"));
        Assert.False(answers.Remove(Answer(1)));
        Assert.True(answers.Remove(Answer(7, id: "resp_1")));
        Assert.False(answers.Remove(Answer(7, id: "resp_1")));
        Assert.Equal(0, answers.Count);
    }

    [Fact]
    public void Snapshot_reads_back_as_the_same_answers()
    {
        var answers = new DeferredAnswers();
        for (var i = 1; i <= 20; i++)
        {
            answers.Add(Answer(i, id: "ré\u0000sp" + i));
        }
        var output = new ArrayBufferWriter<byte>();
        DeferredAnswers.Write(answers.Snapshot(), output);
        var read = new DeferredAnswers();
        read.Read(output.WrittenSpan);

        Assert.Equal(answers.Snapshot().Select(Flat), read.Snapshot().Select(Flat));
        var again = new ArrayBufferWriter<byte>();
        DeferredAnswers.Write(read.Snapshot(), again);
        Assert.Equal(output.WrittenSpan, again.WrittenSpan);
    }

    private static string Flat(DeferredAnswer answer) =>
        $"{answer.Sequence} {answer.Provider} {answer.Id} {answer.Model} {answer.InputBytes} {answer.Time:O} {answer.Charge().Cost} {string.Join(' ', answer.Slots)}";

    private static DeferredAnswer Answer(long sequence, DateTimeOffset? time = null, string? id = null, string provider = "openai")
    {
        var details = new ArrayBufferWriter<byte>();
        var charge = new UsageRecord
        {
            Id = Guid.Empty,
            Time = time ?? Start,
            Principal = new() { KeyName = "k" },
            Provider = provider,
            Cost = new NanoUsd(1000 + sequence),
        };
        DeferredAnswer.WriteDetails(details, id ?? $"resp_{sequence}", "gpt-5", 100 + sequence, charge);
        return new DeferredAnswer(sequence, [new CounterKey(1, (ulong)sequence), new CounterKey(2, 2)], details.WrittenSpan);
    }
}
