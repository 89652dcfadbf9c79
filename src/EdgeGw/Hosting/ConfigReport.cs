using System.Text.Json;
using EdgeGw.Configuration;

namespace EdgeGw.Hosting;

/// <summary>The running configuration for <c>GET /admin/v1/config</c>: what an operator needs to see, with no secret and no key hash.</summary>
internal static class ConfigReport
{
    public static void Write(Utf8JsonWriter json, GatewayConfig config)
    {
        json.WriteStartObject();
        json.WriteStartObject("listen"u8);
        json.WriteString("data"u8, config.Listen.Data.ToString());
        json.WriteString("admin"u8, config.Listen.Admin.ToString());
        json.WriteBoolean("tls"u8, config.Listen.Tls is not null);
        json.WriteEndObject();
        if (config.Environment is { } environment)
        {
            json.WriteString("environment"u8, environment);
        }
        json.WriteString("data_dir"u8, config.DataDirectory);
        json.WriteString("durability"u8, NameOf(config.Durability));
        json.WriteStartObject("providers"u8);
        foreach (var (name, provider) in config.Providers)
        {
            json.WriteStartObject(name);
            json.WriteString("kind"u8, provider.Kind);
            json.WriteString("base_url"u8, provider.BaseUrl?.ToString());
            json.WriteBoolean("has_api_key"u8, provider.ApiKey is not null);
            if (provider.Aws is { } aws)
            {
                json.WriteString("region"u8, aws.Region);
                json.WriteString("credentials"u8, aws.Credentials.Source);
            }
            json.WriteBoolean("free"u8, provider.Free);
            json.WriteEndObject();
        }
        json.WriteEndObject();
        json.WriteStartObject("models"u8);
        foreach (var (alias, model) in config.Models)
        {
            json.WriteString(alias, model);
        }
        json.WriteEndObject();
        json.WriteStartArray("budgets"u8);
        foreach (var budget in config.Budgets)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, budget.Name);
            json.WriteString("amount_usd"u8, budget.Amount.ToString());
            json.WriteString("window"u8, budget.Window.Text);
            if (!budget.Window.IsRolling)
            {
                json.WriteString("timezone"u8, budget.Window.Zone.Id);
            }
            WritePer(json, budget.Per);
            json.WriteString("at_limit"u8, NameOf(budget.AtLimit));
            if (budget.Downgrade is not null)
            {
                json.WriteString("downgrade"u8, budget.Downgrade);
            }
            json.WriteBoolean("hard"u8, budget.Hard);
            json.WriteStartArray("alerts"u8);
            foreach (var percent in budget.Alerts)
            {
                json.WriteNumberValue(percent);
            }
            json.WriteEndArray();
            json.WriteBoolean("matches_all"u8, budget.Match is null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("limits"u8);
        foreach (var limit in config.Limits)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, limit.Name);
            json.WriteNumber(NameOf(limit.Kind), limit.Amount);
            if (limit.Kind != LimitKind.Concurrent)
            {
                json.WriteNumber("window_seconds"u8, limit.Window.TotalSeconds);
                json.WriteString("algorithm"u8, NameOf(limit.Algorithm));
            }
            WritePer(json, limit.Per);
            json.WriteString("at_limit"u8, NameOf(limit.AtLimit));
            json.WriteBoolean("matches_all"u8, limit.Match is null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("policies"u8);
        foreach (var policy in config.Policies)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, policy.Name);
            json.WriteString("effect"u8, NameOf(policy.Effect));
            json.WriteBoolean("shadow"u8, policy.Shadow);
            json.WriteBoolean("matches_all"u8, policy.Match is null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (config.Velocity is { } velocity)
        {
            json.WriteStartObject("velocity"u8);
            WritePer(json, velocity.Per);
            json.WriteNumber("factor"u8, velocity.Factor);
            json.WriteString("minimum_usd_per_hour"u8, velocity.MinimumPerHour.ToString());
            json.WriteString("action"u8, NameOf(velocity.Action));
            json.WriteEndObject();
        }
        json.WriteStartArray("webhooks"u8);
        foreach (var webhook in config.Alerts.Webhooks)
        {
            json.WriteStringValue(webhook.Name);
        }
        json.WriteEndArray();
        json.WriteStartArray("issuers"u8);
        foreach (var issuer in config.Identity.Jwt)
        {
            json.WriteStartObject();
            json.WriteString("issuer"u8, issuer.Issuer);
            json.WriteString("preset"u8, issuer.Preset);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("anonymous"u8, config.Identity.Anonymous);
        json.WriteBoolean("passthrough"u8, config.Identity.Passthrough);
        json.WriteEndObject();
    }

    private static void WritePer(Utf8JsonWriter json, IReadOnlyList<CallDimension> per)
    {
        json.WriteStartArray("per"u8);
        foreach (var dimension in per)
        {
            json.WriteStringValue(dimension.Name);
        }
        json.WriteEndArray();
    }

    private static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
