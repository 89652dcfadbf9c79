using System.Text;
using EdgeGw.FunctionalTests.Gateway;
using EdgeGw.FunctionalTests.Providers;

namespace EdgeGw.FunctionalTests.Fidelity;

/// <summary>Every recorded answer of the four dialects leaves the gateway as it came, however it is cut and however slowly it is read.</summary>
[Collection(SharedGateway.Name)]
public sealed class ByteFidelityTests(GatewayFixture fixture)
{
    [RequiresCorpusFact]
    public Task RecordedAnswers_readFast_leaveByteForByte() => CompareAllAsync(slowly: false, seed: 1);

    [RequiresCorpusFact]
    public Task RecordedAnswers_readSlowlyInSmallPieces_leaveByteForByte() => CompareAllAsync(slowly: true, seed: 2);

    [RequiresCorpusFact]
    public async Task RecordedAnswers_cutAtEveryByte_leaveByteForByte()
    {
        // Multi-byte characters, CR and LF, event ends: each small body cut so often that no boundary is spared.
        var small = Corpus.Known.Where(entry => Corpus.Body(entry.File).Length is > 0 and < 900).Take(30);
        await CompareAsync(small, slowly: false, seed: 3, cuts: 2000);
    }

    private Task CompareAllAsync(bool slowly, int seed) => CompareAsync(Corpus.Known, slowly, seed, cuts: 24);

    private async Task CompareAsync(IEnumerable<CorpusEntry> entries, bool slowly, int seed, int cuts)
    {
        var differing = new System.Collections.Concurrent.ConcurrentQueue<string>();
        await Parallel.ForEachAsync(
            entries,
            new ParallelOptions { MaxDegreeOfParallelism = 16 },
            async (entry, _) =>
            {
                if (await CompareAsync(entry, slowly, seed, cuts) is { } difference)
                {
                    differing.Enqueue($"{entry.File}: {difference}");
                }
            });
        Assert.True(differing.IsEmpty, string.Join('\n', differing));
    }

    private async Task<string?> CompareAsync(CorpusEntry entry, bool slowly, int seed, int cuts)
    {
        var expected = Corpus.Body(entry.File);
        using var request = Request(entry, seed, cuts);
        using var response = await fixture.Gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var body = await ReadAsync(response, slowly ? new Random(seed) : null);
        if ((int)response.StatusCode != entry.Status)
        {
            return $"status {(int)response.StatusCode} instead of {entry.Status}: {Encoding.UTF8.GetString(body)[..Math.Min(body.Length, 300)]}";
        }
        // As on the wire: the typed headers would normalise spaces away that must not change.
        var headers = response.Content.Headers.NonValidated;
        var type = headers.TryGetValues("Content-Type", out var types) ? types.ToString() : "";
        var encoding = headers.TryGetValues("Content-Encoding", out var encodings) ? encodings.ToString() : "identity";
        if (type != entry.ContentType || encoding != entry.ContentEncoding)
        {
            return $"headers {type}, {encoding} instead of {entry.ContentType}, {entry.ContentEncoding}";
        }
        if (!response.Headers.TryGetValues("x-request-id", out var ids) || ids.Single() != "req_recorded")
        {
            return "the provider's own x-request-id is gone";
        }
        var same = body.AsSpan().CommonPrefixLength(expected);
        return same == expected.Length && same == body.Length ? null : $"differs at byte {same} of {expected.Length} ({body.Length} came)";
    }

    private static HttpRequestMessage Request(CorpusEntry entry, int seed, int cuts)
    {
        var script = new FakeScript { Recording = entry.File, Seed = seed + entry.File.Length, Cuts = cuts };
        var dialect = entry.Api switch
        {
            "responses" => CallerDialect.Responses,
            "messages" => CallerDialect.Messages,
            "gemini" => CallerDialect.Gemini,
            _ => CallerDialect.Chat,
        };
        var request = new Call(dialect, script)
        {
            Stream = entry.Streaming,
            Model = entry.SafeModel,
            AsArray = entry.Framing == "jsonarray",
            // Asked for, so that nothing has to be hidden.
            IncludeUsage = dialect == CallerDialect.Chat && entry.Streaming ? true : null,
        }.ToRequest();
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        return request;
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, Random? slow)
    {
        using var body = new MemoryStream();
        await using var stream = await response.Content.ReadAsStreamAsync();
        if (slow is null)
        {
            await stream.CopyToAsync(body);
            return body.ToArray();
        }
        var buffer = new byte[2048];
        var pauses = 40;
        while (await stream.ReadAsync(buffer.AsMemory(0, slow.Next(1, buffer.Length))) is var read and > 0)
        {
            body.Write(buffer, 0, read);
            if (pauses-- > 0)
            {
                await Task.Delay(slow.Next(4));
            }
        }
        return body.ToArray();
    }
}
