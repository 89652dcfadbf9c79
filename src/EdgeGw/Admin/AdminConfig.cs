using System.Text.Json;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;
using Microsoft.AspNetCore.Http;

namespace EdgeGw.Admin;

/// <summary><c>POST /admin/v1/config/reload</c>: says what changed and what waits for a restart, or everything that is wrong.</summary>
internal sealed class AdminConfig(IAdminSource source, AdminAudit audit)
{
    internal async Task ReloadAsync(HttpContext context)
    {
        var result = await source.ReloadConfigAsync();
        var error = result.Error ?? (result.Value!.Faults.Count > 0
            ? new AdminError(400, "config_invalid", "The configuration has faults; the one in force stays as it was.")
            : null);
        await audit.WriteAsync(context, "config.reload", "config", error);
        await (result.Value is { } report
            ? AdminResponse.JsonAsync(context, error?.Status ?? StatusCodes.Status200OK, json => Write(json, report, error))
            : AdminResponse.ErrorAsync(context, error!));
    }

    /// <summary>Answers an error with every fault that is its cause.</summary>
    internal static Task FaultsAsync(HttpContext context, AdminError error, IReadOnlyList<ConfigFault> faults) => AdminResponse.JsonAsync(context, error.Status, json =>
    {
        json.WriteStartObject();
        AdminResponse.WriteError(json, error);
        WriteFaults(json, "faults", faults);
        json.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter json, ReloadReport report, AdminError? error)
    {
        json.WriteStartObject();
        if (error is not null)
        {
            AdminResponse.WriteError(json, error);
            WriteFaults(json, "faults", report.Faults);
        }
        else
        {
            WriteNames(json, "added", report.Changes.Added);
            WriteNames(json, "changed", report.Changes.Changed);
            WriteNames(json, "removed", report.Changes.Removed);
            WriteNames(json, "restart_needed", report.RestartNeeded);
        }
        WriteFaults(json, "warnings", report.Warnings);
        json.WriteEndObject();
    }

    private static void WriteNames(Utf8JsonWriter json, string name, IReadOnlyList<string> paths)
    {
        json.WriteStartArray(name);
        foreach (var path in paths)
        {
            json.WriteStringValue(path);
        }
        json.WriteEndArray();
    }

    private static void WriteFaults(Utf8JsonWriter json, string name, IReadOnlyList<ConfigFault> faults)
    {
        json.WriteStartArray(name);
        foreach (var fault in faults)
        {
            json.WriteStartObject();
            json.WriteString("file"u8, fault.File);
            json.WriteNumber("line"u8, fault.Line);
            json.WriteNumber("column"u8, fault.Column);
            json.WriteString("path"u8, fault.Path);
            json.WriteString("message"u8, fault.Message);
            json.WriteString("suggestion"u8, fault.Suggestion);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
