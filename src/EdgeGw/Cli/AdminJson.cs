using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeGw.Budgets;
using EdgeGw.Configuration;
using EdgeGw.Identity;
using EdgeGw.Pricing;
using EdgeGw.Telemetry;

namespace EdgeGw.Cli;

/// <summary>The admin API's JSON, read and written by hand. Readers throw the exceptions that <see cref="AdminClient"/> turns into one error.</summary>
internal static class AdminJson
{
    public static ReadOnlyMemory<byte> Write(KeyCreateOptions key)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("name", key.Name);
        if (key.Service is not null)
        {
            json.WriteString("service", key.Service);
        }
        if (key.User is not null)
        {
            json.WriteString("user", key.User);
        }
        if (key.Email is not null)
        {
            json.WriteString("email", key.Email);
        }
        WriteTexts(json, "groups", key.Groups);
        if (key.Models.Count > 0)
        {
            WriteTexts(json, "models", key.Models);
        }
        json.WriteStartObject("metadata");
        foreach (var (name, value) in key.Metadata)
        {
            json.WriteString(name, value);
        }
        json.WriteEndObject();
        if (key.Expires is { } expires)
        {
            json.WriteString("expires", expires);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> Write(BudgetRaise raise)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("budget", raise.Budget);
        if (raise.Scope is not null)
        {
            json.WriteString("scope", raise.Scope);
        }
        json.WriteString("amount_usd", raise.Amount.ToString());
        json.WriteString("until", raise.Until);
        json.WriteString("reason", raise.Reason);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> WritePerson(string? user, string? email)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (user is not null)
        {
            json.WriteString("user", user);
        }
        if (email is not null)
        {
            json.WriteString("email", email);
        }
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    public static ErasureResult ReadErasure(JsonElement json) => new(
        json.GetProperty("pseudonym").GetString()!, json.GetProperty("rows").GetInt32(), json.GetProperty("scopes").GetInt32(), json.GetProperty("requests").GetInt32());

    /// <summary>Budgets as the admin API answers them.</summary>
    public static string Write(IReadOnlyList<BudgetStatus> budgets, DateTimeOffset now)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            Admin.AdminJson.List(json, "budgets"u8, budgets, int.MaxValue, (writer, status) => Admin.AdminJson.Budget(writer, status, now));
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    public static IReadOnlyList<BudgetStatus> ReadBudgets(JsonElement json) => [.. json.GetProperty("budgets").EnumerateArray().Select(ReadBudget)];

    public static CreatedKey ReadCreatedKey(JsonElement json) => new(
        json.GetProperty("id").GetString()!, json.GetProperty("name").GetString()!, json.GetProperty("secret").GetString()!, Text(json, "hash"),
        Moment(json, "expires"))
    {
        OldSecretUntil = Moment(json, "old_secret_until"),
    };

    public static IReadOnlyList<KeyInfo> ReadKeys(JsonElement json) => [.. json.GetProperty("keys").EnumerateArray().Select(ReadKey)];

    public static KeyInfo ReadKey(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Name = json.GetProperty("name").GetString()!,
        Service = Text(json, "service"),
        User = Text(json, "user"),
        Email = Text(json, "email"),
        Groups = Texts(json, "groups"),
        Models = Texts(json, "models"),
        LastUsed = Moment(json, "last_used"),
        OldSecretUntil = Moment(json, "old_secret_until"),
        Metadata = json.TryGetProperty("metadata", out var metadata) && metadata.ValueKind == JsonValueKind.Object
            ? metadata.EnumerateObject().ToFrozenDictionary(label => label.Name, label => label.Value.GetString()!)
            : FrozenDictionary<string, string>.Empty,
        Created = Moment(json, "created"),
        Expires = Moment(json, "expires"),
        // A flag, or the moment of revocation.
        Revoked = json.TryGetProperty("revoked", out var revoked) && revoked.ValueKind is JsonValueKind.True or JsonValueKind.String,
    };

    public static UsageReport ReadUsage(JsonElement json)
    {
        string[] by = [.. json.GetProperty("by").EnumerateArray().Select(name => name.GetString()!)];
        return new UsageReport(by, [.. json.GetProperty("rows").EnumerateArray().Select(row => ReadRow(row, by))], ReadRow(json.GetProperty("total"), []));
    }

    /// <summary>The API's own error; null when the body is none.</summary>
    public static ControlError? ReadError(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
        && Text(error, "code") is { } code && Text(error, "message") is { } message
            ? new ControlError(code, message)
            : null;

    private static BudgetStatus ReadBudget(JsonElement json) => new(
        json.GetProperty("budget").GetString()!, json.GetProperty("scope").GetString()!,
        Dollars(json, "limit_usd"), Dollars(json, "spent_usd"), Dollars(json, "held_usd"),
        Moment(json, "window_start")!.Value, Moment(json, "window_end")!.Value)
    {
        Action = WireNames.ParseAtLimit(json.GetProperty("at_limit").GetString()!),
        IsRolling = json.GetProperty("rolling").GetBoolean(),
    };

    private static NanoUsd Dollars(JsonElement json, string name) => DecimalText.TryParse(json.GetProperty(name).GetString(), out var dollars)
        ? NanoUsd.FromDollars(dollars)
        : throw new FormatException($"{name} is no decimal");

    private static UsageRow ReadRow(JsonElement json, string[] by)
    {
        var dimensions = Array.ConvertAll(by, name => Text(json, name) ?? "");
        return new UsageRow(dimensions, json.GetProperty("requests").GetInt64(), UsageFields.Read(json.GetProperty("usage")), Dollars(json, "cost_usd"));
    }

    private static void WriteTexts(Utf8JsonWriter json, string name, IReadOnlyList<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }
        json.WriteEndArray();
    }

    private static string[] Texts(JsonElement json, string name) =>
        json.TryGetProperty(name, out var texts) && texts.ValueKind == JsonValueKind.Array ? [.. texts.EnumerateArray().Select(static text => text.GetString()!)] : [];

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DateTimeOffset? Moment(JsonElement json, string name) =>
        Text(json, name) is { } text ? DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) : null;
}
