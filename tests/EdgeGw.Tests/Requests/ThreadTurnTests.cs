using EdgeGw.Requests;

namespace EdgeGw.Tests.Requests;

public sealed class ThreadTurnTests
{
    private readonly Caller _ann = new();
    private readonly Caller _bob = new();

    [Fact]
    public void Requests_of_one_connection_that_never_wait_go_to_another_thread_after_a_turn()
    {
        for (var turn = 0; turn < 2; turn++)
        {
            Assert.DoesNotContain(false, Served(_ann, ThreadTurn.MostRequests));
            Assert.Equal([false], Served(_ann, 1));
        }
    }

    [Fact]
    public void Turn_begins_anew_when_another_connection_was_served()
    {
        Assert.DoesNotContain(false, Served(_ann, ThreadTurn.MostRequests));
        Assert.DoesNotContain(false, Served(_bob, 1));
        Assert.DoesNotContain(false, Served(_ann, ThreadTurn.MostRequests));
    }

    [Fact]
    public void Turn_begins_anew_when_a_request_waited()
    {
        Assert.DoesNotContain(false, Served(_ann, ThreadTurn.MostRequests - 1));
        var answer = new TaskCompletionSource();
        var waiting = ThreadTurn.ServeAsync(_ann, _ => answer.Task);
        Assert.DoesNotContain(false, Served(_ann, ThreadTurn.MostRequests));
        answer.SetResult();
        Assert.True(waiting.IsCompletedSuccessfully);
    }

    /// <returns>For each request whether this thread served it.</returns>
    private static bool[] Served(Caller connection, int times) =>
    [
        .. Enumerable.Range(0, times).Select(_ =>
        {
            ThreadTurn.ServeAsync(connection, static caller => caller.ServeAsync()).Wait();
            return connection.Thread == Environment.CurrentManagedThreadId;
        }),
    ];

    private sealed class Caller
    {
        public int Thread { get; private set; }

        public Task ServeAsync()
        {
            Thread = Environment.CurrentManagedThreadId;
            return Task.CompletedTask;
        }
    }
}
