using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using EdgeGw.Configuration;
using EdgeGw.Configuration.Changes;
using EdgeGw.Velocity;
using Microsoft.Extensions.Logging;

namespace EdgeGw.Telemetry;

/// <summary>Every operational message of the gateway, with stable ids. They go to standard error and hold no prompt and no secret; usage records go elsewhere.</summary>
public sealed partial class GatewayLog(ILogger logger)
{
    private const int MaxRemembered = 1000;
    private const long LogPause = 60_000;
    private readonly ConcurrentDictionary<(string, string), bool> _unpriced = new();
    private readonly ConcurrentDictionary<(string Provider, string What), long> _lastLogged = new();

    [LoggerMessage(1, LogLevel.Information, "edgegw {version} serves on {data}, admin on {admin}, data in {dataDirectory}")]
    public partial void Started(string version, string data, string admin, string dataDirectory);

    [LoggerMessage(2, LogLevel.Information, "{note}")]
    public partial void Note(string note);

    [LoggerMessage(3, LogLevel.Information, "Stopping: no new requests; those under way may finish within {limit}")]
    public partial void Stopping(TimeSpan limit);

    [LoggerMessage(4, LogLevel.Information, "Stopped: everything is settled and on disk")]
    public partial void Stopped();

    [LoggerMessage(5, LogLevel.Warning, "{count} calls were under way when the process last ended; each was settled at its hold's full value, {amount} USD in all, and marked presumed")]
    public partial void Presumed(int count, string amount);

    [LoggerMessage(6, LogLevel.Warning, "The journal's tail was torn: {bytes} bytes after the last commit were cut")]
    public partial void TornTail(long bytes);

    [LoggerMessage(33, LogLevel.Error, "The audit log cannot be written: {lost} entries are lost to it so far. Free space on the disk or repair it; metered calls go on")]
    private partial void AuditWriteFailed(long lost, Exception exception);

    /// <summary>At most once a minute.</summary>
    public void AuditFailed(Exception exception, long lost)
    {
        if (IsDue("", nameof(AuditFailed)))
        {
            AuditWriteFailed(lost, exception);
        }
    }

    [LoggerMessage(23, LogLevel.Debug, "Data folder opened: checkpoint {checkpoint} ms, journal {journal} ms with {records} records to replay, calls left open {open} ms")]
    public partial void Opened(double checkpoint, double journal, long records, double open);

    [LoggerMessage(31, LogLevel.Warning, "The keys of issuer {issuer} cannot be fetched; those at hand count for 24 hours: {cause}")]
    public partial void NoIssuerKeys(string issuer, string cause);

    [LoggerMessage(32, LogLevel.Information, "The keys of issuer {issuer} can be fetched again")]
    public partial void IssuerKeysBack(string issuer);

    [LoggerMessage(40, LogLevel.Warning, "Groups that tokens of issuer {issuer} leave out cannot be asked for; where rules ask for groups their bearers are refused: {cause}")]
    public partial void NoGroups(string issuer, string cause);

    [LoggerMessage(7, LogLevel.Error, "Request {id} failed inside the gateway")]
    public partial void RequestFailed(Guid id, Exception exception);

    [LoggerMessage(8, LogLevel.Critical, "The journal cannot be written: metered calls are refused until a restart. {message}")]
    public partial void JournalFaulted(string message);

    [LoggerMessage(9, LogLevel.Error, "A checkpoint failed; the journal has everything, the next start replays more of it")]
    public partial void CheckpointFailed(Exception exception);

    /// <summary>Once for each model: callers choose model names, and a log must not be theirs to fill.</summary>
    /// <param name="atCeiling">It was charged at the ceiling; otherwise at nothing, or at what is known of it.</param>
    public void Unpriced(string provider, string model, bool atCeiling)
    {
        // Counting locks the whole table, and a model without a price may be a busy one.
        if (_unpriced.ContainsKey((provider, model)) || _unpriced.Count >= MaxRemembered || !_unpriced.TryAdd((provider, model), true))
        {
            return;
        }
        if (atCeiling)
        {
            ModelAtCeiling(provider, model);
        }
        else
        {
            UnpricedModel(provider, model);
        }
    }

    [LoggerMessage(13, LogLevel.Warning, "Model {provider}/{model} has no price: it is charged at the ceiling (pricing.ceiling_per_million)")]
    private partial void ModelAtCeiling(string provider, string model);

    /// <summary>At most once a minute for each provider.</summary>
    /// <param name="stillValid">Those at hand serve on until they expire.</param>
    public void NoCredentials(string provider, string fault, bool stillValid)
    {
        if (IsDue(provider, nameof(NoCredentials)))
        {
            CredentialsMissing(provider, fault, stillValid ? "those at hand still hold" : "its calls are refused");
        }
    }

    /// <summary>At most once a minute for each provider.</summary>
    public void SignatureRefused(string provider, string hint)
    {
        if (IsDue(provider, nameof(SignatureRefused)))
        {
            BadSignature(provider, hint);
        }
    }

    /// <summary>What a reload changed, by names.</summary>
    public void Reloaded(ReloadReport report)
    {
        var changes = report.Changes;
        ConfigReloaded(changes.IsNone ? "nothing has changed" : string.Join("; ", Lists(("added", changes.Added), ("changed", changes.Changed), ("removed", changes.Removed))));
        foreach (var warning in report.Warnings)
        {
            ConfigWarning(warning.ToString());
        }
        if (report.RestartNeeded.Count > 0)
        {
            RestartNeeded(string.Join(", ", report.RestartNeeded));
        }
    }

    /// <summary>One line for each fault.</summary>
    public void ReloadRefused(IReadOnlyList<ConfigFault> faults)
    {
        ConfigRefused(faults.Count);
        foreach (var fault in faults)
        {
            ConfigFault(fault.ToString());
        }
    }

    /// <summary>A budget has reached a threshold.</summary>
    /// <param name="scope">Empty: shared by all. Callers choose parts of it, so it is quoted.</param>
    public void BudgetAlert(string budget, string scope, int percent, string spent, string limit) =>
        ThresholdReached(budget, scope.Length == 0 ? "" : $" of {Quote(scope)}", percent, spent, limit);

    /// <summary>A scope began to spend too fast.</summary>
    public void VelocityExceeded(SpendVelocity velocity) =>
        SpendsTooFast(velocity.Scope.Length == 0 ? "All callers together" : Quote(velocity.Scope), velocity.Describe(), WireNames.Of(velocity.Action));

    /// <summary>As records have it: cut, and escaped to ASCII.</summary>
    private static string Quote(string scope) => $"\"{JavaScriptEncoder.Default.Encode(RecordLimits.Cut(scope).ToString())}\"";

    private static IEnumerable<string> Lists(params IEnumerable<(string Verb, IReadOnlyList<string> Paths)> lists) =>
        lists.Where(static list => list.Paths.Count > 0).Select(static list => $"{list.Verb} {string.Join(", ", list.Paths)}");

    private bool IsDue(string provider, string what)
    {
        var now = Environment.TickCount64;
        return _lastLogged.AddOrUpdate((provider, what), now, (_, last) => now - last < LogPause ? last : now) == now;
    }

    [LoggerMessage(11, LogLevel.Warning, "Provider {provider} got no AWS credentials, {consequence}: {fault}")]
    private partial void CredentialsMissing(string provider, string fault, string consequence);

    [LoggerMessage(12, LogLevel.Warning, "Provider {provider} refused a signature: {hint}")]
    private partial void BadSignature(string provider, string hint);

    [LoggerMessage(10, LogLevel.Warning, "Model {provider}/{model} has no price: its tokens are counted, its cost is unknown")]
    private partial void UnpricedModel(string provider, string model);

    [LoggerMessage(14, LogLevel.Information, "The configuration was loaded again: {changes}")]
    private partial void ConfigReloaded(string changes);

    [LoggerMessage(15, LogLevel.Warning, "Configuration: {warning}")]
    private partial void ConfigWarning(string warning);

    [LoggerMessage(16, LogLevel.Warning, "The configuration has changes that need a restart; until then the old values hold: {paths}")]
    private partial void RestartNeeded(string paths);

    [LoggerMessage(17, LogLevel.Error, "The configuration cannot be loaded again and stays as it was; faults: {count}")]
    private partial void ConfigRefused(int count);

    [LoggerMessage(18, LogLevel.Error, "Configuration: {fault}")]
    private partial void ConfigFault(string fault);

    [LoggerMessage(19, LogLevel.Error, "The configuration stays as it was: putting the new one into force failed inside the gateway")]
    public partial void ReloadBroke(Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "Budget {budget}{scope} has reached {percent} % of {limit} USD: {spent} USD are spent")]
    private partial void ThresholdReached(string budget, string scope, int percent, string spent, string limit);

    [LoggerMessage(21, LogLevel.Warning, "{scope}: spending {velocity}; action: {action}")]
    private partial void SpendsTooFast(string scope, string velocity, string action);

    [LoggerMessage(22, LogLevel.Error, "Alert {id} ({type}) was not delivered to {webhook}, tries: {tries}: {reason}")]
    public partial void AlertUndelivered(string id, string type, string webhook, int tries, string reason);
}
