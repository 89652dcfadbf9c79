using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;

namespace EdgeGw.Cli;

/// <summary>A running gateway's admin API.</summary>
public sealed class AdminClient : IControlPlane
{
    private const int LargestAnswer = 64 << 20;
    private const int MostBudgets = 10_000;

    private readonly HttpClient _http;
    private readonly Uri _address;

    /// <param name="handler">A seam for tests; null connects directly, past any proxy, because the address is this machine's own.</param>
    public AdminClient(Uri address, string token, HttpMessageHandler? handler = null)
    {
        _address = address;
        _http = new HttpClient(handler ?? new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(60),
            MaxResponseContentBufferSize = LargestAnswer,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>The address to call for a listener: a wildcard is reached over loopback.</summary>
    public static Uri AddressOf(ListenConfig listen)
    {
        var address = listen.Admin.Address;
        if (EndpointText.IsAny(address))
        {
            address = address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
        }
        return new Uri($"http://{new IPEndPoint(address, listen.Admin.Port)}/");
    }

    public Task<ControlResult<CreatedKey>> CreateKeyAsync(KeyCreateOptions options, CancellationToken cancellation)
    {
        var content = new ReadOnlyMemoryContent(AdminJson.Write(options));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, "admin/v1/keys", content, AdminJson.ReadCreatedKey, cancellation);
    }

    public Task<ControlResult<IReadOnlyList<KeyInfo>>> ListKeysAsync(CancellationToken cancellation) =>
        SendAsync(HttpMethod.Get, "admin/v1/keys", null, AdminJson.ReadKeys, cancellation);

    public Task<ControlResult<CreatedKey>> RotateKeyAsync(string nameOrId, TimeSpan overlap, CancellationToken cancellation)
    {
        var content = new StringContent($$"""{"overlap":"{{DurationText.Format(overlap)}}"}""", Encoding.UTF8, "application/json");
        return SendAsync(HttpMethod.Post, $"admin/v1/keys/{Uri.EscapeDataString(nameOrId)}/rotate", content, AdminJson.ReadCreatedKey, cancellation);
    }

    public Task<ControlResult<KeyInfo>> RevokeKeyAsync(string nameOrId, CancellationToken cancellation) =>
        // The answer's body may be brief; what was asked for stands in where it says nothing.
        SendAsync(HttpMethod.Delete, $"admin/v1/keys/{Uri.EscapeDataString(nameOrId)}", null,
            json => json.ValueKind == JsonValueKind.Object && json.TryGetProperty("id", out _) && json.TryGetProperty("name", out _)
                ? AdminJson.ReadKey(json) with { Revoked = true }
                : new KeyInfo { Id = nameOrId, Name = nameOrId, Revoked = true },
            cancellation);

    public Task<ControlResult<IReadOnlyList<BudgetStatus>>> ReadBudgetsAsync(string? budget, string? scope, CancellationToken cancellation)
    {
        var query = $"admin/v1/budgets?limit={MostBudgets}";
        query += budget is null ? "" : "&budget=" + Uri.EscapeDataString(budget);
        query += scope is null ? "" : "&scope=" + Uri.EscapeDataString(scope);
        return SendAsync(HttpMethod.Get, query, null, AdminJson.ReadBudgets, cancellation);
    }

    public Task<ControlResult<BudgetRaise>> RaiseBudgetAsync(BudgetRaise raise, CancellationToken cancellation)
    {
        var content = new ReadOnlyMemoryContent(AdminJson.Write(raise));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, "admin/v1/budgets/raise", content, _ => raise, cancellation);
    }

    public Task<ControlResult<ErasureResult>> EraseAsync(string? user, string? email, CancellationToken cancellation)
    {
        var content = new ReadOnlyMemoryContent(AdminJson.WritePerson(user, email));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, "admin/v1/erase", content, AdminJson.ReadErasure, cancellation);
    }

    public Task<ControlResult<SimulationAnswer>> SimulateAsync(ReadOnlyMemory<byte> call, CancellationToken cancellation)
    {
        var content = new ReadOnlyMemoryContent(call);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return SendAsync(HttpMethod.Post, "admin/v1/simulate", content, SimulationAnswer.Of, cancellation);
    }

    public Task<ControlResult<UsageReport>> ReadUsageAsync(UsageOptions options, CancellationToken cancellation)
    {
        var query = new List<string>();
        if (options.By.Count > 0)
        {
            query.Add("by=" + string.Join(',', options.By.Select(Uri.EscapeDataString)));
        }
        AddMoment(query, "from", options.From);
        AddMoment(query, "to", options.To);
        return SendAsync(HttpMethod.Get, "admin/v1/usage" + (query.Count == 0 ? "" : "?" + string.Join('&', query)), null, AdminJson.ReadUsage, cancellation);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void AddMoment(List<string> query, string name, DateTimeOffset? moment)
    {
        if (moment is { } at)
        {
            query.Add($"{name}={at.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'}");
        }
    }

    private async Task<ControlResult<T>> SendAsync<T>(
        HttpMethod method, string path, HttpContent? content, Func<JsonElement, T> read, CancellationToken cancellation)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = content };
            using var response = await _http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            // An empty body is an answer too: DELETE needs no more than its status.
            using var json = body.Length == 0 && response.IsSuccessStatusCode ? JsonDocument.Parse("null") : JsonDocument.Parse(body);
            return response.IsSuccessStatusCode ? ControlResult<T>.Ok(read(json.RootElement)) : Refusal(response.StatusCode, json.RootElement);
        }
        catch (HttpRequestException fault)
        {
            return new ControlError("unreachable", $"no answer from {_address}: {fault.Message}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new ControlError("timeout", $"{_address} did not answer within {DurationText.Format(_http.Timeout)}");
        }
        catch (Exception fault) when (fault is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or OverflowException)
        {
            return new ControlError("not_a_gateway", $"{_address} answered, but not as this version's admin API; is something else listening there?");
        }
    }

    private ControlError Refusal(HttpStatusCode status, JsonElement json)
    {
        var error = AdminJson.ReadError(json) ?? new ControlError("not_a_gateway", $"{_address} answered with status {(int)status} and no reason");
        return status == HttpStatusCode.Unauthorized
            ? error with { Message = $"{error.Message} (the token comes from {ControlPlaneSource.TokenVariable}, or from the data folder)" }
            : error;
    }
}
