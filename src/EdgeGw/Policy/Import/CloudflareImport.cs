using System.Text.Json;

namespace EdgeGw.Policy.Import;

/// <summary>Turns policies of Cloudflare's AI Gateway into ours. What admits becomes no wider than it was; what blocks and cannot be carried over is told first.</summary>
internal sealed class CloudflareImport
{
    private const int DeepestJson = 32;

    /// <summary>No provider can be called so (<see cref="Configuration.Binding.NameRules"/>): a rule that allows only this refuses everything.</summary>
    private const string NoProvider = "(none)";

    private readonly PolicyImportReport _report = new();
    private readonly List<ImportedRule> _rules = [];
    private readonly ImportedNames _names = new();

    /// <summary>Calls whose model is not known are not admitted.</summary>
    private bool _needsModel;

    /// <exception cref="InvalidDataException">Not such a document.</exception>
    public static ImportedSection Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = DeepestJson });
            return new CloudflareImport().Read(document.RootElement);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"This is no JSON: {broken.Message}", broken);
        }
        catch (InvalidOperationException broken)
        {
            // Half of a surrogate pair, escaped: it shows only when the text is read.
            throw new InvalidDataException("A text holds half of a character.", broken);
        }
    }

    private ImportedSection Read(JsonElement root)
    {
        var reader = new CloudflareReader(_report);
        var policies = reader.Read(root);
        if (reader.IsEmpty)
        {
            return new ImportedSection([], [], _report);
        }
        var buckets = new CloudflareBuckets(_report, new ImportedNames());
        buckets.Add(policies);
        _rules.Add(new ImportedRule(_names.Of("default-deny"), MatchTerm.Always, Denies: false) { Providers = [NoProvider] });
        // Denials that name models do not see calls without one; opaque paths stay open for what blocks nothing.
        _needsModel = policies.Any(static policy => policy.Action == CloudflareAction.Block && policy.Resource.Patterns(exactly: false).Models.Length > 0);
        if (_needsModel)
        {
            _report.Add(ImportLoss.Changed, "", "", "some policies block models by name, which no rule can on paths that the gateway does not understand: those are not admitted at all");
        }
        foreach (var policy in policies)
        {
            if (policy.Blocks)
            {
                Block(policy);
            }
            else if (policy.Action == CloudflareAction.NoLimit || buckets.IsCarried(policy))
            {
                Admit(policy);
            }
        }
        if (policies.Count > 0)
        {
            _report.Add(ImportLoss.Needs, "", "", "texts are compared without regard to case, and providers by their names under \"providers\"");
        }
        return new ImportedSection(_rules, buckets.Budgets, _report);
    }

    private void Admit(CloudflarePolicy policy)
    {
        if (policy.Actor.Unknown is { } hole)
        {
            _report.Add(ImportLoss.LeftOut, policy.Name, policy.Pointer + "/actor", $"{{{hole}}} is not known here, and calls that lack it are not admitted");
            return;
        }
        var (models, providers, leftOut) = policy.Resource.Patterns(exactly: true);
        foreach (var model in leftOut)
        {
            _report.Add(ImportLoss.LeftOut, policy.Name, policy.Pointer + "/resource", $"{model} would admit more here, where \"*\" does not stop at slashes: name the models, or a provider without slashes in them");
        }
        if (policy.Resource.IsAll)
        {
            providers = ["*"];
        }
        if (_needsModel)
        {
            models = [.. models, .. providers.Select(static provider => provider == "*" ? provider : provider + "/*")];
            providers = [];
        }
        IEnumerable<MatchTerm> terms = policy.Terms;
        foreach (var field in policy.Actor.Fields)
        {
            terms = terms.SelectMany(term => ConditionTerms.Present(field).Select(term.And)).OfType<MatchTerm>().ToArray();
        }
        foreach (var term in Carried(policy, [.. terms], ImportLoss.LeftOut))
        {
            if (models.Length > 0)
            {
                _rules.Add(new ImportedRule(_names.Of(policy.Name), term, Denies: false) { Models = models });
            }
            if (providers.Length > 0)
            {
                _rules.Add(new ImportedRule(_names.Of(policy.Name), term, Denies: false) { Providers = providers });
            }
        }
    }

    private void Block(CloudflarePolicy policy)
    {
        var isExcept = policy.Action == CloudflareAction.BlockExcept;
        if (policy.Actor.Unknown is { } hole)
        {
            _report.Add(ImportLoss.Opens, policy.Name, policy.Pointer + "/actor", $"{{{hole}}} is not known here: calls that lack it are blocked there, and not here");
        }
        if (isExcept)
        {
            _report.Add(ImportLoss.Changed, policy.Name, policy.Pointer + "/action", "it blocks all but its resource, and admits nothing by itself: another policy must");
            if (policy.Resource.IsAll)
            {
                return;
            }
        }
        var (models, providers, leftOut) = policy.Resource.Patterns(exactly: isExcept);
        foreach (var name in leftOut)
        {
            _report.Add(isExcept ? ImportLoss.LeftOut : ImportLoss.Opens, policy.Name, policy.Pointer + "/resource", isExcept
                ? $"{name} would let more through here, where \"*\" does not stop at slashes, and so lets nothing through"
                : $"{name} is no provider's name, and is not blocked");
        }
        foreach (var model in isExcept ? [] : policy.Resource.Patterns(exactly: true).LeftOut.Except(leftOut))
        {
            _report.Add(ImportLoss.Changed, policy.Name, policy.Pointer + "/resource", $"{model} blocks more here, where \"*\" does not stop at slashes");
        }
        List<MatchTerm> terms = [.. policy.Terms, .. policy.Actor.Fields.Select(ConditionTerms.Absent)];
        foreach (var term in Carried(policy, terms, ImportLoss.Opens))
        {
            if (isExcept)
            {
                _rules.Add(new ImportedRule(_names.Of(policy.Name), term, Denies: true) { ExceptModels = models, ExceptProviders = providers });
                continue;
            }
            if (models.Length > 0)
            {
                _rules.Add(new ImportedRule(_names.Of(policy.Name), term, Denies: true) { Models = models });
            }
            if (providers.Length > 0 || policy.Resource.IsAll)
            {
                _rules.Add(new ImportedRule(_names.Of(policy.Name), term, Denies: true) { Providers = providers });
            }
        }
    }

    /// <summary>The terms that matches can say; the others are told.</summary>
    private List<MatchTerm> Carried(CloudflarePolicy policy, List<MatchTerm> terms, ImportLoss loss)
    {
        var simple = ConditionTerms.Simplify(terms);
        foreach (var problem in simple.Select(static term => term.Problem).OfType<string>())
        {
            _report.Add(loss, policy.Name, policy.ConditionPointer, problem);
        }
        var carried = simple.Where(static term => term.Problem is null).ToList();
        if (simple.Count == 0)
        {
            _report.Add(ImportLoss.Changed, policy.Name, policy.ConditionPointer, "it is never true, so nothing is made of it");
        }
        foreach (var field in carried.SelectMany(static term => term.Atoms).Where(static atom => atom.Globs is not [Globs.Any]).Select(static atom => atom.Field).Distinct())
        {
            if (field == CelField.User)
            {
                _report.Add(ImportLoss.Needs, policy.Name, policy.ConditionPointer, "cf.user.id is the token's \"sub\": the issuer's \"claims\" must make that the user (the preset cloudflare-access makes it the address)");
            }
            else if (field.Kind == CelFieldKind.Claim)
            {
                _report.Add(ImportLoss.Needs, policy.Name, policy.ConditionPointer, $"the issuer's \"claims.custom\" must name {field.Name}; of a claim with several values one is enough");
            }
        }
        return carried;
    }
}
