using System.Buffers;
using EdgeGw.Metering;
using EdgeGw.Metering.Estimation;
using FsCheck;
using FsCheck.Fluent;

namespace EdgeGw.Tests.Metering;

public sealed class UsageEstimatorTests
{
    [Fact]
    public void Unknown_model_is_estimated_by_the_defaults()
    {
        var estimator = new UsageEstimator();
        Assert.Equal(26, estimator.EstimateInput("p", "m", 101));
        Assert.Equal(25, estimator.EstimateOutput("p", "m", new TextSeen(100, 3)));
        Assert.Equal(40, estimator.EstimateOutput("p", "m", new TextSeen(100, 40)));
        Assert.Equal(0, estimator.EstimateOutput("p", null, default));
    }

    [Fact]
    public void Completed_answers_teach_the_ratios_of_their_model_and_less_of_its_provider()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 40; i++)
        {
            // Two bytes a token, deltas of uneven size: bytes are the better measure.
            estimator.Learn("p", "m", new Usage { Input = 100 + i, Output = 50 + i }, 300 + (3 * i), new TextSeen(100 + (2 * i), 5 + (i % 7)));
        }
        Assert.InRange(estimator.EstimateInput("p", "m", 300), 95, 101);
        Assert.InRange(estimator.EstimateOutput("p", "m", new TextSeen(200, 9)), 95, 101);
        Assert.InRange(estimator.EstimateInput("p", "other", 300), 90, 101);
        Assert.Equal(75, estimator.EstimateInput("q", "m", 300));
        var (_, _, samples, _, bytes, error) = Assert.Single(estimator.Snapshot());
        Assert.Equal(40, samples);
        Assert.Equal(2, bytes, 1);
        Assert.InRange(error, 0, 0.1);
    }

    [Fact]
    public void Entries_at_hand_say_what_a_look_up_says()
    {
        // Names of one length and one end, so that some are at hand in each other's place.
        string[] models = ["m-aa-1", "m-ba-1", "m-ab-1", "m-bb-1", "long-model-name-1", ""];
        var steps =
            from model in Gen.Elements(models)
            from provider in Gen.Elements("p", "q")
            from tokens in Gen.Choose(10, 500)
            from bytes in Gen.Choose(10, 3000)
            from learns in Gen.Elements(true, false)
            select (provider, model, tokens, bytes, learns);
        Prop.ForAll(Arb.From(Gen.ListOf(steps)), static steps =>
        {
            var estimator = new UsageEstimator();
            foreach (var (provider, model, tokens, bytes, learns) in steps)
            {
                // One that was written and read has nothing at hand.
                var output = new ArrayBufferWriter<byte>();
                estimator.Write(output);
                var other = new UsageEstimator();
                other.Read(output.WrittenSpan);
                var text = new TextSeen(bytes, 7);
                Assert.Equal(other.EstimateInput(provider, model, bytes), estimator.EstimateInput(provider, model, bytes));
                Assert.Equal(other.EstimateOutput(provider, model, text), estimator.EstimateOutput(provider, model, text));
                if (learns)
                {
                    var usage = new Usage { Input = tokens, Output = tokens };
                    Assert.Equal(other.Learn(provider, model, usage, bytes, text), estimator.Learn(provider, model, usage, bytes, text));
                }
            }
            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Fact]
    public void Model_that_made_room_is_not_at_hand_any_more()
    {
        var estimator = new UsageEstimator();
        var usage = new Usage { Input = 100, Output = 100 };
        for (var i = 0; i < 50; i++)
        {
            estimator.Learn("p", "first", usage, 200, new TextSeen(200, 7));
        }
        Assert.InRange(estimator.EstimateInput("p", "first", 400), 150, 250);
        for (var i = 0; i < UsageEstimator.MaxModels; i++)
        {
            estimator.Learn("q", $"m{i}", usage, 400, new TextSeen(400, 7));
        }
        Assert.Equal(100, estimator.EstimateInput("p", "first", 400));
    }

    [Fact]
    public void One_wild_answer_does_not_move_a_model_that_is_well_known()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 30; i++)
        {
            estimator.Learn("p", "m", new Usage { Output = 400 }, 0, new TextSeen(1600, 1));
        }
        estimator.Learn("p", "m", new Usage { Output = 40 }, 0, new TextSeen(30, 1));
        Assert.InRange(estimator.EstimateOutput("p", "m", new TextSeen(1600, 1)), 395, 420);
    }

    [Fact]
    public void Pieces_the_size_of_tokens_are_counted_by_number_whatever_their_bytes()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 30; i++)
        {
            estimator.Learn("p", "m", new Usage { Output = 100 + i }, 0, new TextSeen(200 + (i * 17 % 400), 100 + i));
        }
        Assert.Equal(60, estimator.EstimateOutput("p", "m", new TextSeen(470, 60)));
    }

    [Fact]
    public void Hidden_thinking_is_added_to_what_was_seen()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 60; i++)
        {
            estimator.Learn("p", "m", new Usage { Input = 100, Output = 1100, Reasoning = 1000 }, 400, new TextSeen(400, 50));
        }
        Assert.InRange(estimator.EstimateOutput("p", "m", new TextSeen(100, 12)), 900, 1025);
        Assert.Equal(0, estimator.EstimateOutput("p", "m", default));
    }

    [Fact]
    public void Summaries_of_thinking_are_counted_by_what_they_stood_for()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 60; i++)
        {
            estimator.Learn("p", "m", new Usage { Output = 1100, Reasoning = 1000 }, 0, new TextSeen(400, 50, 500, 20));
        }
        // Half a byte of summary a token, four bytes of text.
        Assert.InRange(estimator.EstimateOutput("p", "m", new TextSeen(40, 5, 500, 20)), 900, 1020);
    }

    [Fact]
    public void Learned_state_written_and_read_gives_the_same_estimates()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 20; i++)
        {
            estimator.Learn("p", "m" + (i % 3), new Usage { Input = 70 + i, Output = 100 + i, Reasoning = i }, 400, new TextSeen(300, 80, i % 2 * 40, i % 2));
        }
        var written = new ArrayBufferWriter<byte>();
        estimator.Write(written);
        var restarted = new UsageEstimator();
        restarted.Read(written.WrittenSpan);

        Assert.Equal(estimator.Snapshot().Order(), restarted.Snapshot().Order());
        foreach (var model in (string[])["m0", "m1", "m2", "new"])
        {
            Assert.Equal(estimator.EstimateInput("p", model, 1000), restarted.EstimateInput("p", model, 1000));
            Assert.Equal(estimator.EstimateOutput("p", model, new TextSeen(500, 90, 30, 2)), restarted.EstimateOutput("p", model, new TextSeen(500, 90, 30, 2)));
        }
    }

    [Fact]
    public void State_cut_anywhere_or_of_another_version_is_read_as_far_as_it_goes()
    {
        var estimator = new UsageEstimator();
        estimator.Learn("p", "m", new Usage { Input = 100, Output = 100 }, 200, new TextSeen(200, 1));
        var written = new ArrayBufferWriter<byte>();
        estimator.Write(written);
        for (var length = 0; length < written.WrittenCount; length++)
        {
            var restarted = new UsageEstimator();
            restarted.Read(written.WrittenSpan[..length]);
            Assert.InRange(restarted.Snapshot().Count, 0, 1);
        }
        byte[] other = [.. written.WrittenSpan];
        other[0]++;
        var fresh = new UsageEstimator();
        fresh.Read(other);
        Assert.Empty(fresh.Snapshot());
    }

    [Fact]
    public void Media_and_kept_conversations_teach_nothing()
    {
        var estimator = new UsageEstimator();
        estimator.Learn("p", "m", new Usage { Input = 1000, Output = 10 }, 1_000_000, default);
        estimator.Learn("p", "m", new Usage { Input = 100_000, Output = 10 }, 200, default);
        Assert.Equal(100, estimator.EstimateInput("p", "m", 400));
    }

    [Fact]
    public void More_models_than_the_bound_push_out_the_oldest()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < UsageEstimator.MaxModels + 10; i++)
        {
            estimator.Learn("p", "m" + i, new Usage { Input = 100, Output = 100 }, 200, new TextSeen(200, 1));
        }
        Assert.Equal(UsageEstimator.MaxModels - 1, estimator.Snapshot().Count);
        Assert.DoesNotContain(estimator.Snapshot(), static m => m.Model == "m0");
    }
}
