using System.Text.Json;
using EdgeGw.Audit;
using EdgeGw.Configuration.Changes;

namespace EdgeGw.Hosting;

/// <summary>A change of the configuration as the audit log has it: names of sections and entries, never a value, since some are secrets.</summary>
internal static class ConfigAudit
{
    public static AuditEntry EntryFor(ReloadReport report) => new(AuditEntry.Gateway, "config.change", "config")
    {
        Result = report.Faults.Count > 0 ? "config_invalid" : "ok",
        Before = report.Faults.Count > 0 ? null : json => Write(json, ("removed", report.Changes.Removed), ("changed", report.Changes.Changed)),
        After = report.Faults.Count > 0
            ? null
            : json => Write(json, ("added", report.Changes.Added), ("changed", report.Changes.Changed), ("restart_needed", report.RestartNeeded)),
    };

    private static void Write(Utf8JsonWriter json, params ReadOnlySpan<(string Name, IReadOnlyList<string> Paths)> lists)
    {
        json.WriteStartObject();
        foreach (var (name, paths) in lists)
        {
            json.WriteStartArray(name);
            foreach (var path in paths)
            {
                json.WriteStringValue(path);
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
