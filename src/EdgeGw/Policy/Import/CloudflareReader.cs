using System.Globalization;
using System.Text.Json;

namespace EdgeGw.Policy.Import;

/// <summary>Reads policies of Cloudflare's AI Gateway as its API gives them. A policy that holds anything that is not known here is left out whole: what it means nobody knows.</summary>
internal sealed class CloudflareReader(PolicyImportReport report)
{
    private const int MostPolicies = 1_000;
    private const decimal LargestAmount = 900_000_000m;

    /// <summary>Members of a policy that say nothing about what it does.</summary>
    private static readonly string[] Harmless = ["id", "name", "description", "created_at", "updated_at"];
    private static readonly string[] Meaningful = ["actor", "resource", "condition", "action"];

    /// <summary>Members of a document that say nothing about its policies.</summary>
    private static readonly string[] Envelope = ["success", "errors", "messages", "result", "result_info", "policies", "id", "name", "created_at", "updated_at"];

    /// <summary>The source has no policies at all, readable or not: there everything is allowed.</summary>
    public bool IsEmpty { get; private set; }

    /// <exception cref="InvalidDataException">No JSON, or without a list of policies.</exception>
    public List<CloudflarePolicy> Read(JsonElement root)
    {
        if (Find(root) is not (var list, var pointer))
        {
            throw new InvalidDataException("There is no list of policies: expected is an array of them, or the API's answer with that array in \"result\".");
        }
        if (list.GetArrayLength() > MostPolicies)
        {
            throw new InvalidDataException($"There are more than {MostPolicies} policies.");
        }
        IsEmpty = list.GetArrayLength() == 0;
        var policies = new List<CloudflarePolicy>();
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var at = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");
            if (Policy(item, at, string.Create(CultureInfo.InvariantCulture, $"policy-{++index}")) is { } policy)
            {
                policies.Add(policy);
            }
        }
        return policies;
    }

    private (JsonElement List, string Pointer)? Find(JsonElement root)
    {
        var pointer = "";
        for (var depth = 0; depth < 3; depth++)
        {
            if (root.ValueKind == JsonValueKind.Array)
            {
                return (root, pointer);
            }
            if (root.ValueKind != JsonValueKind.Object)
            {
                return null;
            }
            foreach (var member in root.EnumerateObject().Where(static member => !Envelope.Contains(member.Name)))
            {
                report.Add(ImportLoss.LeftOut, "", $"{pointer}/{Escape(member.Name)}", "only policies are imported");
            }
            if (root.TryGetProperty("result_info", out var pages) && pages.ValueKind == JsonValueKind.Object
                && pages.TryGetProperty("total_count", out var total) && total.TryGetInt32(out var all)
                && root.TryGetProperty("result", out var page) && page.ValueKind == JsonValueKind.Array && page.GetArrayLength() < all)
            {
                report.Add(ImportLoss.Opens, "", $"{pointer}/result_info", $"this is one page of {all} policies, and the others are not here: ask for all at once");
            }
            var name = root.TryGetProperty("policies", out var next) ? "policies" : "result";
            if (name == "result" && !root.TryGetProperty(name, out next))
            {
                return null;
            }
            (root, pointer) = (next, $"{pointer}/{name}");
        }
        return null;
    }

    private CloudflarePolicy? Policy(JsonElement json, string at, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            report.Add(ImportLoss.Opens, name, at, "this is no policy");
            return null;
        }
        name = json.TryGetProperty("name", out var given) && given.ValueKind == JsonValueKind.String && given.GetString() is { Length: > 0 } text ? text : name;
        var action = json.TryGetProperty("action", out var effect) ? Action(effect) : null;
        // What is not known to admit may block.
        var loss = action?.Kind switch { CloudflareAction.NoLimit => ImportLoss.LeftOut, CloudflareAction.Limit => ImportLoss.Unlimits, _ => ImportLoss.Opens };
        var isWhole = true;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!seen.Add(member.Name))
            {
                Lose(at, member.Name, "stands here twice");
            }
            else if (!Harmless.Contains(member.Name) && !Meaningful.Contains(member.Name))
            {
                Lose(at, member.Name, "what this means for the policy is not known");
            }
        }
        foreach (var missing in Meaningful.Where(member => !seen.Contains(member)))
        {
            Lose(at, "", $"\"{missing}\" is missing");
        }
        if (!isWhole)
        {
            return null;
        }
        if (action is null)
        {
            Lose(at, "action", "must be no-limit, block, block with \"except\": true, or limit with an amount of dollars above 0, a period (hourly, daily, weekly, monthly) and the technique named-interval");
        }
        var actor = json.GetProperty("actor");
        if (actor.ValueKind != JsonValueKind.String)
        {
            Lose(at, "actor", "must be a text");
        }
        var resource = CloudflareResource.Read(json.GetProperty("resource"));
        if (resource is null)
        {
            Lose(at, "resource", "must be \"*\", or models and providers by name");
        }
        var condition = json.GetProperty("condition");
        string? fault = null;
        var terms = condition.ValueKind == JsonValueKind.String ? ConditionTerms.Of(condition.GetString()!, loss == ImportLoss.Opens, out fault) : null;
        if (terms is null)
        {
            Lose(at, "condition", fault ?? "must be a text");
        }
        return isWhole ? new CloudflarePolicy(name, at, CloudflareActor.Of(actor.GetString()!), resource!, terms!, action!.Value.Kind, action.Value.Amount, action.Value.Window) : null;

        void Lose(string pointer, string member, string why)
        {
            isWhole = false;
            report.Add(loss, name, member.Length == 0 ? pointer : $"{pointer}/{Escape(member)}", why);
        }
    }

    private static (CloudflareAction Kind, decimal Amount, string Window)? Action(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in json.EnumerateObject())
        {
            if (!members.TryAdd(member.Name, member.Value.ValueKind == JsonValueKind.String ? member.Value.GetString()! : member.Value.GetRawText()))
            {
                return null;
            }
        }
        var type = members.GetValueOrDefault("type");
        var isExcept = members.GetValueOrDefault("except") switch { "true" => true, null or "false" => false, _ => (bool?)null };
        string[] allowed = type switch { "limit" => ["type", "amount", "period", "technique"], "block" => ["type", "except"], "no-limit" => ["type"], _ => [] };
        if (isExcept is null || !members.Keys.All(allowed.Contains))
        {
            return null;
        }
        if (type != "limit")
        {
            return (type == "no-limit" ? CloudflareAction.NoLimit : isExcept == true ? CloudflareAction.BlockExcept : CloudflareAction.Block, 0, "");
        }
        var window = members.GetValueOrDefault("period") switch { "hourly" => "hour", "daily" => "day", "weekly" => "week", "monthly" => "month", _ => null };
        return window is not null && members.GetValueOrDefault("technique") is null or "named-interval"
            && decimal.TryParse(members.GetValueOrDefault("amount"), NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var amount)
            && amount is > 0 and <= LargestAmount && decimal.Round(amount, 9) == amount
            ? (CloudflareAction.Limit, decimal.Round(amount, 9), window!) : null;
    }

    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
