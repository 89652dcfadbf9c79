using System.Text;
using System.Text.Json.Nodes;
using EdgeGw.Metering;
using EdgeGw.Policy;
using EdgeGw.Policy.Import;
using EdgeGw.Tests.Configuration;

namespace EdgeGw.Tests.Policy.Import;

public sealed class CloudflareImportTests
{
    private const string Company = """
        { "success": true, "errors": [], "messages": [], "result_info": { "total_count": 7 }, "result": [
          { "id": "1", "name": "Everybody", "actor": "user:{cf.user.id}", "resource": "*", "condition": "true",
            "action": { "type": "limit", "amount": 500, "period": "monthly", "technique": "named-interval" }, "created_at": 1, "updated_at": 1 },
          { "id": "2", "name": "Seniors", "actor": "user:{cf.user.id}", "resource": "*", "condition": "\"senior\" in cf.user.groups",
            "action": { "type": "limit", "amount": 2000, "period": "monthly", "technique": "named-interval" } },
          { "id": "3", "name": "Admins", "actor": "user:{cf.user.id}", "resource": "*", "condition": "\"admins\" in cf.user.groups", "action": { "type": "no-limit" } },
          { "id": "4", "name": "Company", "actor": "company", "resource": "*", "condition": "true", "action": { "type": "limit", "amount": 20000.50, "period": "weekly" } },
          { "id": "5", "name": "Interns: open models only", "actor": "x", "resource": { "provider": "groq" }, "condition": "'interns' in cf.user.groups", "action": { "type": "block", "except": true } },
          { "id": "6", "name": "Agency", "actor": "x", "resource": [{ "model": "o9", "provider": "openai" }, { "provider": "google-ai-studio" }],
            "condition": "cf.user.email.endsWith('@agency.example') || metadata.site == 'ext$'", "action": { "type": "block" } },
          { "id": "7", "name": "Daily on Claude", "actor": "team:{metadata.team}", "resource": "anthropic/claude-*", "condition": "cf.user.email.endsWith('@corp.example')",
            "action": { "type": "limit", "amount": 5, "period": "daily" } } ] }
        """;

    [Theory]
    [InlineData("metadata.site in ['a', 'b', 'c']", new[] { "a", "b", "c" })]
    [InlineData("metadata.site.startsWith('edg') && metadata.site.endsWith('ge')", new[] { "edg*ge", "edge" })]
    public void Each_value_that_a_label_may_have_is_a_match_of_its_own(string condition, string[] values)
    {
        var section = CloudflareImport.Read(Encoding.UTF8.GetBytes($$"""
            [{ "id": "1", "name": "no", "actor": "x", "resource": "*", "condition": "has(metadata.site) && {{condition}}", "action": { "type": "block" } }]
            """));
        var policies = JsonNode.Parse(SectionWriter.Write(section))!["policies"]!.AsArray();

        Assert.Equal(values, policies.Where(static policy => policy!["deny"] is not null).Select(static policy => policy!["match"]!["metadata"]?["site"]?.GetValue<string>()).OfType<string>());
    }

    [Fact]
    public void Policies_of_a_company_become_policies_and_budgets()
    {
        var section = CloudflareImport.Read(Encoding.UTF8.GetBytes(Company));
        const string Expected = """
            { "policies": [
                { "name": "default-deny", "allow": { "providers": ["(none)"] } },
                { "name": "Everybody", "match": { "user": ["*"] }, "allow": { "models": ["*"] } },
                { "name": "Seniors", "match": { "groups": ["senior"], "user": ["*"] }, "allow": { "models": ["*"] } },
                { "name": "Admins", "match": { "groups": ["admins"], "user": ["*"] }, "allow": { "models": ["*"] } },
                { "name": "Company", "allow": { "models": ["*"] } },
                { "name": "Interns--open-models-only", "match": { "groups": ["interns"], "except": [{ "provider": ["groq"] }] }, "deny": true },
                { "name": "Interns--open-models-only-2", "match": { "except": [{ "groups": ["*"] }, { "user": ["*"] }, { "provider": ["groq"] }] }, "deny": true },
                { "name": "Agency", "match": { "email": ["*@agency.example"], "model": ["openai/o9"] }, "deny": true },
                { "name": "Agency-2", "match": { "email": ["*@agency.example"], "provider": ["gemini"] }, "deny": true },
                { "name": "Agency-3", "match": { "model": ["openai/o9"], "except": [{ "email": ["*"] }] }, "deny": true },
                { "name": "Agency-4", "match": { "provider": ["gemini"], "except": [{ "email": ["*"] }] }, "deny": true },
                { "name": "Agency-5", "match": { "metadata": { "site": "ext$$" }, "model": ["openai/o9"] }, "deny": true },
                { "name": "Agency-6", "match": { "metadata": { "site": "ext$$" }, "provider": ["gemini"] }, "deny": true },
                { "name": "Agency-7", "match": { "model": ["openai/o9"], "except": [{ "metadata": { "site": "*" } }] }, "deny": true },
                { "name": "Agency-8", "match": { "provider": ["gemini"], "except": [{ "metadata": { "site": "*" } }] }, "deny": true },
                { "name": "Daily-on-Claude", "match": { "email": ["*@corp.example"], "metadata": { "team": "*" } }, "allow": { "models": ["anthropic/claude-*"] } } ],
              "budgets": [
                { "name": "Everybody", "per": ["user"], "amount_usd": { "default": 500, "groups": { "admins": 9999999, "senior": 2000 } }, "window": "month" },
                { "name": "Company", "amount_usd": 20000.50, "window": "week" },
                { "name": "Daily-on-Claude", "match": { "email": ["*@corp.example"], "model": ["anthropic/claude-*"] }, "per": ["metadata.team"], "amount_usd": 5, "window": "day" } ] }
            """;
        var written = SectionWriter.Write(section);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Expected), JsonNode.Parse(written)), written);
        Assert.False(section.Report.Opens);
        Assert.DoesNotContain(section.Report.Notes, static note => note.Loss == ImportLoss.LeftOut);
        Assert.Equal("ext$", ConfigFixture.LoadGood(written).Policies.Single(static policy => policy.Name == "Agency-5").Match!.Calls.Metadata["site"]);
    }

    [Fact]
    public void Where_a_model_is_blocked_by_name_paths_without_a_model_are_not_admitted()
    {
        var all = """{ "name": "all", "actor": "x", "resource": "*", "condition": "true", "action": { "type": "no-limit" } }""";
        var block = """{ "name": "no", "actor": "x", "resource": "openai/o9", "condition": "true", "action": { "type": "block" } }""";
        var opaque = PolicyTesting.Call(PolicyTesting.InGroups(), "openai/x", Dialect.Opaque) with { Model = null };
        Assert.False(Policies($"[{all}]").Decide(opaque).IsRefused);
        Assert.True(Policies($"[{all}, {block}]").Decide(opaque).IsRefused);
    }

    /// <summary>What is lost, where, and why; what the source asks for is at fault in one place each.</summary>
    [Theory]
    [InlineData("no-limit", "condition", "cf.country == 'DE'", ImportLoss.LeftOut, "/0/condition", "at character 12: the caller's country is not known here")]
    [InlineData("no-limit", "condition", "cf.user.email == 3", ImportLoss.LeftOut, "/0/condition", "only a field and a text can be compared")]
    [InlineData("no-limit", "condition", "cf.user.email == 'a*'", ImportLoss.LeftOut, "/0/condition", "the text holds a \"*\"")]
    [InlineData("no-limit", "condition", "cf.user.email.matches('^a?b')", ImportLoss.LeftOut, "/0/condition", "regular expression")]
    [InlineData("no-limit", "condition", "'a' in cf.user.groups && 'b' in cf.user.groups", ImportLoss.LeftOut, "/0/condition", "cf.user.groups must have two things at once")]
    [InlineData("no-limit", "condition", "cf.user.groups.all(g, g == 'a')", ImportLoss.LeftOut, "/0/condition", "all(…) is not among what a match can ask")]
    [InlineData("no-limit", "condition", "cf.user.email == 'a' ? true : false", ImportLoss.LeftOut, "/0/condition", "at character 22: this operator or character is not understood")]
    [InlineData("no-limit", "condition", "cf.user.email == 'a", ImportLoss.LeftOut, "/0/condition", "at character 18: this string does not end")]
    [InlineData("block", "condition", "cf.country == 'DE' || 'x' in cf.user.groups", ImportLoss.Opens, "/0/condition", "country")]
    [InlineData("block", "condition", "cf.user.email ==", ImportLoss.Opens, "/0/condition", "at character 17: it ends too early")]
    [InlineData("block", "enabled", "false", ImportLoss.Opens, "/0/enabled", "not known")]
    [InlineData("no-limit", "en/abled", "false", ImportLoss.LeftOut, "/0/en~1abled", "not known")]
    [InlineData("no-limit", "actor", "d:{cf.user.email.domain}", ImportLoss.LeftOut, "/0/actor", "{cf.user.email.domain} is not known here")]
    [InlineData("block", "actor", "d:{cf.country}", ImportLoss.Opens, "/0/actor", "{cf.country} is not known here")]
    [InlineData("limit", "actor", "d:{cf.custom.dept}", ImportLoss.Unlimits, "/0/actor", "no budget can be split so")]
    [InlineData("limit", "condition", "cf.custom.role == 'dev'", ImportLoss.Unlimits, "/0/condition", "no budget can ask this of cf.custom.role")]
    [InlineData("limit", "condition", "!('a' in cf.user.groups)", ImportLoss.Unlimits, "/0/condition", "a budget has one match")]
    [InlineData("limit", "condition", "cf.user.email == 'a' || 'b' in cf.user.groups", ImportLoss.Unlimits, "/0/condition", "a budget has one match")]
    [InlineData("limit", "enabled", "true", ImportLoss.Unlimits, "/0/enabled", "not known")]
    [InlineData("no-limit", "resource", "*/gpt-*", ImportLoss.LeftOut, "/0/resource", "*/gpt-* would admit more here")]
    [InlineData("block", "resource", "groq/*", ImportLoss.Changed, "/0/resource", "groq/* blocks more here")]
    [InlineData("no-limit", "resource", " ", ImportLoss.LeftOut, "/0/resource", "must be \"*\", or models and providers by name")]
    [InlineData("no-limit", "condition", "false", ImportLoss.Changed, "/0/condition", "it is never true")]
    [InlineData("no-limit", "condition", "cf.user.id != 'x'", ImportLoss.Needs, "/0/condition", "cf.user.id is the token's \"sub\"")]
    [InlineData("no-limit", "condition", "has(cf.custom.role) && cf.custom.role != 'x'", ImportLoss.Needs, "/0/condition", "\"claims.custom\" must name role")]
    [InlineData("pause", "actor", "x", ImportLoss.Opens, "/0/action", "must be no-limit, block")]
    public void What_is_lost_is_listed_with_its_place_and_why(string action, string member, string value, object loss, string pointer, string message)
    {
        var policy = new JsonObject { ["name"] = "p", ["actor"] = "x", ["resource"] = "*", ["condition"] = "true", ["action"] = new JsonObject { ["type"] = action } };
        if (action == "limit")
        {
            (policy["action"]!["amount"], policy["action"]!["period"]) = (1, "daily");
        }
        policy[member] = value;
        var section = CloudflareImport.Read(Encoding.UTF8.GetBytes($"[{policy.ToJsonString()}]"));
        Assert.Contains(section.Report.Notes, note => (note.Loss, note.Policy, note.Pointer) == ((ImportLoss)loss, "p", pointer) && note.Message.Contains(message, StringComparison.Ordinal));
        Assert.Equal(loss is ImportLoss.Opens or ImportLoss.Unlimits, section.Report.Opens);
        ConfigFixture.LoadGood(SectionWriter.Write(section));
    }

    [Fact]
    public void Limits_of_one_bucket_that_one_budget_cannot_hold_are_left_out_with_what_they_admit()
    {
        var section = CloudflareImport.Read(Encoding.UTF8.GetBytes($"[{Limit("a", "x", "cf.user.email == 'a@x'", 10, "daily")}, {Limit("b", "x", "cf.user.email == 'b@x'", 20, "daily")}, "
            + $"{Limit("c", "x", "true", 5, "monthly")}]"));
        Assert.Equal(["a"], section.Budgets.Select(static budget => budget.Name));
        Assert.Equal(["default-deny", "a"], section.Rules.Select(static rule => rule.Name));
        Assert.Equal(["/1", "/2"], section.Report.Notes.Where(static note => note.Loss == ImportLoss.Unlimits).Select(static note => note.Pointer));
    }

    [Fact]
    public void Groups_amounts_without_one_for_all_are_for_these_groups_alone_and_a_raise_of_a_person_is_not_carried_over()
    {
        var groups = CloudflareImport.Read(Encoding.UTF8.GetBytes($"[{Limit("a", "u:{cf.user.id}", "'a' in cf.user.groups", 10, "daily")}, {Limit("b", "u:{cf.user.id}", "'b' in cf.user.groups || 'c' in cf.user.groups", 20, "daily")}]"));
        var budget = Assert.Single(groups.Budgets);
        Assert.Equal((10m, "a:b:c"), (budget.Amount, string.Join(':', budget.Term.Atoms.Single().Globs)));
        Assert.Equal([("b", 20m), ("c", 20m)], budget.GroupAmounts.Select(static pair => (pair.Key, pair.Value)));

        var raise = CloudflareImport.Read(Encoding.UTF8.GetBytes($"[{Limit("a", "u:{cf.user.id}", "true", 10, "daily")}, {Limit("boss", "u:{cf.user.id}", "cf.user.email == 'boss@x'", 90, "daily")}]"));
        Assert.Equal(10m, Assert.Single(raise.Budgets).Amount);
        Assert.Contains(raise.Report.Notes, static note => (note.Loss, note.Policy, note.Pointer) == (ImportLoss.Changed, "boss", "/1/action"));
    }

    [Fact]
    public void Limit_that_a_policy_lifts_for_everybody_is_no_budget()
    {
        var lifted = CloudflareImport.Read(Encoding.UTF8.GetBytes($$$"""[{{{Limit("a", "x", "'a' in cf.user.groups", 10, "daily")}}}, {"name": "all", "actor": "x", "resource": "*", "condition": "true", "action": {"type": "no-limit"}}]"""));
        Assert.Empty(lifted.Budgets);
        Assert.Equal(["default-deny", "a", "all"], lifted.Rules.Select(static rule => rule.Name));
    }

    [Fact]
    public void Without_policies_nothing_is_refused_and_a_page_of_many_is_told()
    {
        Assert.Empty(CloudflareImport.Read("[]"u8.ToArray()).Rules);
        var page = CloudflareImport.Read("""{"result": [{"name": "p"}], "result_info": {"total_count": 30}, "spend_limits": {}}"""u8.ToArray());
        Assert.Equal(["default-deny"], page.Rules.Select(static rule => rule.Name));
        Assert.Contains(page.Report.Notes, static note => note is { Loss: ImportLoss.Opens, Pointer: "/result_info" });
        Assert.Contains(page.Report.Notes, static note => note is { Loss: ImportLoss.LeftOut, Pointer: "/spend_limits" });
        Assert.Contains(page.Report.Notes, static note => note is { Loss: ImportLoss.Opens, Policy: "p", Message: "\"actor\" is missing" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("{\"result\": {\"id\": 1}}")]
    [InlineData("{\"result\": {\"result\": {\"result\": []}}}")]
    [InlineData("[{\"name\": \"\\ud800\"}]")]
    [InlineData("3")]
    public void What_is_no_such_document_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => CloudflareImport.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Conditions_are_bounded_in_depth_length_and_terms()
    {
        Assert.Null(ConditionTerms.Of(new string('(', 100) + "true" + new string(')', 100), false, out var deep));
        Assert.Contains("nested too deeply", deep);
        Assert.Null(ConditionTerms.Of(new string('!', 10_000) + "true", false, out deep));
        Assert.Contains("nested too deeply", deep);
        Assert.Null(ConditionTerms.Of($"'{new string('x', CelParser.LongestSource)}' == cf.user.id", false, out var length));
        Assert.Contains("longer than", length);
        Assert.Null(ConditionTerms.Of(string.Join(" && ", Enumerable.Range(0, 8).Select(static i => $"(metadata.a{i} == 'x' || metadata.b{i} == 'y')")), false, out var many));
        Assert.Contains("more than 64 matches", many);
    }

    [Theory]
    [InlineData("^a.*b$", "a*b")]
    [InlineData("corp", "*corp*")]
    [InlineData(@"@corp\.example$", "*@corp.example")]
    [InlineData("^.*$", "*")]
    [InlineData(@"\$", "*$*")]
    [InlineData("a+", null)]
    [InlineData("a.b", null)]
    [InlineData("(a|b)", null)]
    [InlineData(@"\d", null)]
    [InlineData("ab?", null)]
    [InlineData(".*?a", null)]
    [InlineData(@"a\*", null)]
    [InlineData("a|b", null)]
    public void Regular_expressions_are_patterns_only_where_they_say_the_same(string regex, string? glob) => Assert.Equal(glob, RegexGlob.Of(regex));

    private static PolicySet Policies(string source) =>
        new(ConfigFixture.LoadGood(SectionWriter.Write(CloudflareImport.Read(Encoding.UTF8.GetBytes(source)))).Policies);

    private static string Limit(string name, string actor, string condition, int amount, string period) => new JsonObject
    {
        ["name"] = name,
        ["actor"] = actor,
        ["resource"] = "*",
        ["condition"] = condition,
        ["action"] = new JsonObject { ["type"] = "limit", ["amount"] = amount, ["period"] = period },
    }.ToJsonString();
}
