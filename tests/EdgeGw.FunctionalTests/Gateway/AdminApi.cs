using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>The admin listener.</summary>
internal sealed partial class AdminApi(Uri address, Func<string> token) : IDisposable
{
    private readonly HttpClient _client = Clients.Plain(address);

    public async Task<HttpStatusCode> ReadyAsync() => (await GetAsync("/readyz", authorized: false)).Status;

    public async Task<(HttpStatusCode Status, string Body)> GetAsync(string path, bool authorized = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return await SendAsync(request, authorized);
    }

    /// <summary>Has the configuration read again.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ReloadAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/v1/config/reload");
        var (status, body) = await SendAsync(request, authorized: true);
        using var document = JsonDocument.Parse(body);
        return (status, document.RootElement.Clone());
    }

    public async Task<JsonElement> JsonAsync(string path)
    {
        var (status, body) = await GetAsync(path);
        Assert.True(status == HttpStatusCode.OK, $"{path}: {(int)status} {body}");
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    /// <summary>All that was ever recorded, in nano-dollars.</summary>
    public async Task<long> RecordedCostAsync()
    {
        var usage = await JsonAsync("/admin/v1/usage");
        return Nano.Parse(usage.GetProperty("total").GetProperty("cost_usd").GetString()!);
    }

    /// <summary>The slots of a budget.</summary>
    public async Task<IReadOnlyList<BudgetSlot>> BudgetAsync(string name)
    {
        var budgets = await JsonAsync("/admin/v1/budgets");
        return
        [
            .. budgets.GetProperty("budgets").EnumerateArray()
                .Where(row => row.GetProperty("budget").GetString() == name)
                .Select(row => new BudgetSlot(
                    row.GetProperty("scope").GetString()!,
                    Nano.Parse(row.GetProperty("spent_usd").GetString()!),
                    Nano.Parse(row.GetProperty("held_usd").GetString()!))),
        ];
    }

    /// <summary>Waits until nothing is held any more, then gives what is spent, in nano-dollars.</summary>
    public async Task<long> SettledAsync(string budget)
    {
        long spent = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                var slots = await BudgetAsync(budget);
                spent = slots.Sum(slot => slot.Spent);
                return slots.All(slot => slot.Held == 0);
            },
            $"the holds on {budget} to return to zero");
        return spent;
    }

    /// <summary>The value of a metric without labels.</summary>
    public async Task<double> MetricAsync(string name)
    {
        var (status, body) = await GetAsync("/metrics", authorized: false);
        Assert.True(status == HttpStatusCode.OK, $"/metrics: {(int)status} {body}");
        return double.Parse(body.Split('\n').Single(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..], CultureInfo.InvariantCulture);
    }

    /// <summary>Makes a virtual key and returns its secret.</summary>
    public async Task<string> CreateKeyAsync(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/admin/v1/keys")
        {
            Content = new StringContent(new JsonObject { ["name"] = name }.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        var (status, body) = await SendAsync(request, authorized: true);
        Assert.True((int)status is 200 or 201, $"POST /admin/v1/keys: {(int)status} {body}");
        return Secret().Match(body).Value;
    }

    public void Dispose() => _client.Dispose();

    /// <summary>The virtual key in a text that shows one.</summary>
    [GeneratedRegex("egw_[A-Za-z0-9_-]{16,}")]
    public static partial Regex Secret();

    private async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request, bool authorized)
    {
        if (authorized)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token());
        }
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}

/// <summary>One slot of a budget; amounts in nano-dollars.</summary>
internal sealed record BudgetSlot(string Scope, long Spent, long Held);
