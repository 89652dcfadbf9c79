using Microsoft.AspNetCore.Http;

namespace EdgeGw.FunctionalTests.Providers;

/// <summary>A corpus body served as it was recorded, cut at random places with pauses of up to two milliseconds.</summary>
internal static class RecordedAnswer
{
    public static async Task ServeAsync(HttpContext context, FakeScript script, Random random)
    {
        var entry = Corpus.Entry(script.Recording!);
        var body = Corpus.Body(entry.File);
        context.Response.StatusCode = entry.Status;
        context.Response.ContentType = entry.ContentType;
        context.Response.Headers["x-request-id"] = "req_recorded";
        if (entry.ContentEncoding != "identity")
        {
            context.Response.Headers.ContentEncoding = entry.ContentEncoding;
        }
        if (!entry.Streaming)
        {
            context.Response.ContentLength = body.Length;
        }
        var at = 0;
        foreach (var cut in Cuts(body.Length, script.Cuts, random))
        {
            await context.Response.Body.WriteAsync(body.AsMemory(at, cut - at), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            at = cut;
            var pause = random.Next(3);
            if (pause > 0)
            {
                await Task.Delay(pause, context.RequestAborted);
            }
        }
    }

    private static IEnumerable<int> Cuts(int length, int count, Random random) =>
        Enumerable.Range(0, count).Select(_ => random.Next(length + 1)).Append(length).Distinct().Order();
}
