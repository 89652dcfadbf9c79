using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>Every name of the configuration. The JSON Schema beside the loader holds the same ones; a test compares the two.</summary>
internal static class Shapes
{
    public static readonly ObjectShape Root = new("the configuration",
        ["$schema", "listen", "environment", "data_dir", "durability", "journal", "audit", "providers", "models", "identity", "budgets", "limits", "policies", "velocity", "alerts", "pricing", "abort", "timeouts", "requests", "log"])
    {
        Planned = ["routes", "cache", "peers", "engine"],
    };

    public static readonly ObjectShape Listen = new("listen", ["data", "admin", "tls"]);
    public static readonly ObjectShape Tls = new("listen.tls", ["certificate", "key"]);
    public static readonly ObjectShape Journal = new("journal", ["keep", "max_size"]);
    public static readonly ObjectShape Audit = new("audit", ["keep", "max_size"]);
    public static readonly ObjectShape Providers = new("providers by name", null);
    public static readonly ObjectShape Provider = new("a provider", ["kind", "base_url", "api_key", "pricing", "price_factor", "http2", .. AwsBinder.Names]);
    public static readonly ObjectShape Models = new("aliases by name", null);
    public static readonly ObjectShape Identity = new("identity", ["anonymous", "passthrough", "keys", "jwt"]);
    public static readonly ObjectShape Jwt = new("an issuer of tokens",
        ["preset", "issuer", "audience", "algorithms", "header", "jwks_uri", "allow_http", "claims", "groups", "graph", "require"]);
    public static readonly ObjectShape JwtClaims = new("claims", ["user", "email", "groups", "service", "metadata", "custom"]);
    public static readonly ObjectShape JwtGroups = new("groups", ["prefix", "rename"]);
    public static readonly ObjectShape JwtGraph = new("graph", ["client_id", "client_secret", "groups_endpoint", "token_endpoint"]);
    public static readonly ObjectShape JwtRequire = new("what a token must say, by claim", null);
    public static readonly ObjectShape Key = new("a key", ["name", "hash", "user", "email", "service", "groups", "metadata", "models"]);
    public static readonly ObjectShape Metadata = new("labels by name", null);

    public static readonly ObjectShape Budget = new("a budget", ["name", "match", "per", "amount_usd", "window", "start_day", "timezone", "at_limit", "hard", "alerts"]);
    public static readonly ObjectShape Downgrade = new("what happens at the limit", ["downgrade"]);
    public static readonly ObjectShape Limit = new("a limit",
        ["name", "match", "per", "requests", "tokens", "concurrent", "window", "algorithm", "burst", "at_limit"]);
    public static readonly ObjectShape Velocity = new("velocity", ["per", "factor", "minimum_usd_per_hour", "action", "learn"]);
    public static readonly ObjectShape Alerts = new("alerts", ["webhooks"]);
    public static readonly ObjectShape Webhook = new("a webhook", ["url", "secret", "events"]);
    public static readonly ObjectShape CallMatch = new("a match of calls", ["user", "email", "groups", "service", "key", "model", "provider", "metadata", "environment"])
    {
        Planned = ["route"],
    };
    public static readonly ObjectShape Policy = new("a policy", ["name", "match", "allow", "deny", "require", "route", "limits", "shadow"]);
    public static readonly ObjectShape PolicyLimit = new("a limit of a policy", [.. Limit.Names!.Except(["name", "match", "at_limit"])]);
    public static readonly ObjectShape PolicyMatch = new("a policy's match", [.. CallMatch.Names!, "claims", "dialects", "time", "request", "networks", "except"])
    {
        Planned = CallMatch.Planned,
    };
    public static readonly ObjectShape Exception = new("an exception of a policy's match", [.. PolicyMatch.Names!.Except(["environment", "except"])])
    {
        Planned = CallMatch.Planned,
    };
    public static readonly ObjectShape Claims = new("claims by name", null);
    public static readonly ObjectShape Time = new("a time of day", ["zone", "days", "from", "to"]);
    public static readonly ObjectShape RequestMatch = new("what a request asks for", ["tools", "images", "stream", "max_output_above", "prompt_bytes_above"]);
    public static readonly ObjectShape Allow = new("what is allowed", ["models", "providers", "dialects"]);
    public static readonly ObjectShape Require = new("what is required", ["metadata", "max_output"]) { Planned = ["payloads", "cache"] };
    public static readonly ObjectShape Amounts = new("amounts by group", ["default", "groups"]);
    public static readonly ObjectShape GroupAmounts = new("amounts by group's name", null);

    public static readonly ObjectShape Pricing = new("pricing", ["unpriced", "ceiling_per_million", "files", "overrides", "custom_cost", "show_prices"]);
    public static readonly ObjectShape Override = new("a price override",
        ["model", "match", "input", "output", "cached_input", "cache_write", "cache_write_1h", "audio_input", "image_input", "reasoning", "audio_output",
            "image_output", "fees"]);
    public static readonly ObjectShape Fees = new("fees",
        ["request", "web_search", "grounded_request", "file_search", "container", "search_unit", "image", "second", "character", "page"]);
    public static readonly ObjectShape Match = new("a match of callers", ["groups", "user", "service", "key", "metadata"]);
    public static readonly ObjectShape Abort = new("abort", ["policy", "max_seconds", "max_concurrent"]);
    public static readonly ObjectShape Timeouts = new("timeouts", ["connect", "first_byte", "idle", "total", "shutdown"]);
    public static readonly ObjectShape Requests = new("requests", ["max_body", "max_header", "assumed_max_output", "clamp_output"]);
    public static readonly ObjectShape Log = new("log", ["requests", "payloads"]);
}
