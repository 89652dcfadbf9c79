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
        json.WriteString("data_dir"u8, config.DataDirectory);
        json.WriteString("durability"u8, config.Durability.ToString().ToLowerInvariant());
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
            json.WriteStartArray("per"u8);
            foreach (var dimension in budget.Per)
            {
                json.WriteStringValue(dimension.Name);
            }
            json.WriteEndArray();
            json.WriteString("at_limit"u8, budget.AtLimit.ToString().ToLowerInvariant());
            json.WriteBoolean("matches_all"u8, budget.Match is null);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteBoolean("anonymous"u8, config.Identity.Anonymous);
        json.WriteBoolean("passthrough"u8, config.Identity.Passthrough);
        json.WriteEndObject();
    }
}
