using System.Collections.Concurrent;
using System.Text.Json;
using EdgeGw.FunctionalTests.Gateway;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>OpenAI Responses and Gemini Interactions that answer in the background: queued at once, read later, streamed or not, as often as one likes.</summary>
internal sealed class BackgroundProvider : IAsyncDisposable
{
    private LoopbackServer _server = null!;
    private readonly ConcurrentDictionary<string, BackgroundJob> _jobs = new(StringComparer.Ordinal);
    private int _sequence;

    private BackgroundProvider()
    {
    }

    public Uri BaseUrl => new(_server.Address);

    public ICollection<BackgroundJob> Jobs => _jobs.Values;

    /// <summary>Takes over an answer that nobody asked for here.</summary>
    public void Adopt(BackgroundJob job) => _jobs[job.Id] = job;

    public static async Task<BackgroundProvider> StartAsync()
    {
        var provider = new BackgroundProvider();
        provider._server = await LoopbackServer.StartAsync(provider.HandleAsync);
        return provider;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task HandleAsync(HttpContext context)
    {
        var segments = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var interactions = segments.Contains("interactions");
        var id = segments[^1] == "cancel" ? segments[^2] : segments[^1];
        if (HttpMethods.IsPost(context.Request.Method) && id is "responses" or "interactions")
        {
            return CreateAsync(context, interactions);
        }
        if (!_jobs.TryGetValue(id, out var job))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return context.Response.WriteAsync("""{"error":{"message":"no such response","type":"invalid_request_error","param":"id","code":null}}""");
        }
        if (segments[^1] == "cancel")
        {
            job.Cancel();
        }
        return context.Request.Query["stream"] == "true" ? StreamAsync(context, job) : JsonAsync(context, job, job.Read(), interactions);
    }

    private async Task CreateAsync(HttpContext context, bool interactions)
    {
        using var body = await JsonDocument.ParseAsync(context.Request.Body);
        var job = BackgroundJob.Of($"resp_{Interlocked.Increment(ref _sequence):D6}{Guid.NewGuid():N}", body.RootElement);
        _jobs[job.Id] = job;
        if (!body.RootElement.GetProperty("background").GetBoolean())
        {
            await JsonAsync(context, job, job.Read(), interactions);
            return;
        }
        if (!body.RootElement.GetProperty("stream").GetBoolean())
        {
            await JsonAsync(context, job, interactions ? "in_progress" : "queued", interactions);
            return;
        }
        // Says that it is queued and one piece, and then nothing for as long as the caller stays.
        context.Response.ContentType = "text/event-stream";
        await EventAsync(context, "response.queued", 0, $"\"response\":{job.Response("queued")}");
        await EventAsync(context, "response.output_text.delta", 1, "\"delta\":\"made \"");
        await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
    }

    private static async Task StreamAsync(HttpContext context, BackgroundJob job)
    {
        context.Response.ContentType = "text/event-stream";
        var after = int.Parse(context.Request.Query["starting_after"].FirstOrDefault() ?? "-1", System.Globalization.CultureInfo.InvariantCulture);
        if (after < 0)
        {
            await EventAsync(context, "response.created", 0, $"\"response\":{job.Response("in_progress")}");
        }
        await EventAsync(context, "response.output_text.delta", 5, "\"delta\":\"piece\"");
        if (job.Read() is not "in_progress" and var status)
        {
            await EventAsync(context, "response." + status, 6, $"\"response\":{job.Response(status)}");
        }
    }

    private static Task JsonAsync(HttpContext context, BackgroundJob job, string status, bool interactions)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(interactions ? job.Interaction(status) : job.Response(status));
    }

    private static async Task EventAsync(HttpContext context, string type, int sequence, string rest)
    {
        await context.Response.WriteAsync($"event: {type}\ndata: {{\"type\":\"{type}\",\"sequence_number\":{sequence},{rest}}}\n\n");
        await context.Response.Body.FlushAsync();
    }
}
