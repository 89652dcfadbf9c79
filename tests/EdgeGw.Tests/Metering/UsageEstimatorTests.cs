using EdgeGw.Metering;

namespace EdgeGw.Tests.Metering;

public sealed class UsageEstimatorTests
{
    [Fact]
    public void Unknown_model_is_estimated_by_the_defaults()
    {
        var estimator = new UsageEstimator();
        Assert.Equal(26, estimator.EstimateInput("p", "m", 101));
        Assert.Equal(25, estimator.EstimateOutput("p", "m", 100, 3));
        Assert.Equal(40, estimator.EstimateOutput("p", "m", 100, 40));
        Assert.Equal(0, estimator.EstimateOutput("p", null, 0, 0));
    }

    [Fact]
    public void Completed_answers_teach_the_ratios_of_their_model_only()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 40; i++)
        {
            // Two bytes a token, deltas of uneven size: bytes are the better measure.
            estimator.Learn("p", "m", new Usage { Input = 100 + i, Output = 50 + i }, 300 + (3 * i), 100 + (2 * i), 5 + (i % 7));
        }
        Assert.Equal(100, estimator.EstimateInput("p", "m", 300));
        Assert.Equal(100, estimator.EstimateOutput("p", "m", 200, 9));
        Assert.Equal(75, estimator.EstimateInput("q", "m", 300));
        var (_, _, samples, _, bytes, error) = Assert.Single(estimator.Snapshot());
        Assert.Equal(40, samples);
        Assert.Equal(2, bytes, 6);
        Assert.Equal(0, error, 6);
    }

    [Fact]
    public void Hidden_thinking_is_added_to_what_was_seen()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < 20; i++)
        {
            estimator.Learn("p", "m", new Usage { Input = 100, Output = 1100, Reasoning = 1000 }, 400, 400, 50);
        }
        Assert.Equal(1025, estimator.EstimateOutput("p", "m", 100, 12));
        Assert.Equal(0, estimator.EstimateOutput("p", "m", 0, 0));
    }

    [Fact]
    public void Media_and_kept_conversations_teach_nothing()
    {
        var estimator = new UsageEstimator();
        estimator.Learn("p", "m", new Usage { Input = 1000, Output = 10 }, 1_000_000, 0, 0);
        estimator.Learn("p", "m", new Usage { Input = 100_000, Output = 10 }, 200, 0, 0);
        Assert.Equal(100, estimator.EstimateInput("p", "m", 400));
    }

    [Fact]
    public void Answers_read_from_storage_teach_nothing()
    {
        var estimator = new UsageEstimator();
        estimator.Learn("p", "m", new Usage { Input = 100, Output = 1000 }, 0, 600, 1);
        Assert.Equal(100, estimator.EstimateOutput("p", "m", 400, 1));
    }

    [Fact]
    public void More_models_than_the_bound_push_out_the_oldest()
    {
        var estimator = new UsageEstimator();
        for (var i = 0; i < UsageEstimator.MaxModels + 10; i++)
        {
            estimator.Learn("p", "m" + i, new Usage { Input = 100, Output = 100 }, 200, 200, 0);
        }
        Assert.Equal(UsageEstimator.MaxModels, estimator.Snapshot().Count);
        Assert.DoesNotContain(estimator.Snapshot(), static m => m.Model == "m0");
    }
}
