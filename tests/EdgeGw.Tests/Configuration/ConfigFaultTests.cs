namespace EdgeGw.Tests.Configuration;

public sealed class ConfigFaultTests
{
    /// <summary>The mark stands in front of what the fault must point at.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        // Syntax: one fault, because nothing after it can be trusted.
        { "¶", "not JSON: The input does not contain any JSON tokens. Expected the input to start with a valid JSON token, when isFinalBlock is true." },
        { "{\n  ¶'a': 1\n}", "not JSON: ''' is an invalid start of a property name. Expected a '\"'." },
        { "{\n \"log\": nul¶\n}", "not JSON: expected a value (strings take double quotes)" },
        { "{} ¶{}", "not JSON: '{' is invalid after a single JSON value. Expected end of data." },
        { "{\"data_dir\": ¶\"\\ud800\"}", "a string holds half of a surrogate pair" },
        { "¶[]", "must be an object (the configuration)" },
        // Names.
        { "{\n  ¶\"listne\": {}\n}", "listne: unknown name in the configuration; did you mean \"listen\"?" },
        { "{¶\"zzzzzzzz\": 1}", "zzzzzzzz: unknown name in the configuration" },
        { "{\"log\": {},\n¶\"log\": {}}", "log: stands here for the second time; the first is on line 1" },
        { "{¶\"a b\\n\": 1}", "[\"a b\\u000a\"]: unknown name in the configuration" },
        { "{¶\"routes\": {}}", "routes: not available in this version" },
        { "{¶\"cache\": {\"enabled\": false}}", "cache: not available in this version" },
        { "{¶\"peers\": {}}", "peers: not available in this version" },
        { "{¶\"engine\": {}}", "engine: not available in this version" },
        // Environment.
        { "{\"data_dir\": ¶\"${NOPE}\"}", "data_dir: the environment variable NOPE is not set; ${NOPE:-…} gives a default" },
        { "{\"data_dir\": ¶\"$HOME\"}", "data_dir: a single \"$\": write ${NAME} for a variable, or $$ for a dollar sign" },
        { "{\"data_dir\": ¶\"${HOME\"}", "data_dir: \"${\" without its \"}\"" },
        { "{\"data_dir\": ¶\"${}\"}", "data_dir: \"${\" takes a variable's name: letters, digits and \"_\"" },
        { "{\"data_dir\": ¶\"${A:-${B}}\"}", "data_dir: the default of ${A} cannot hold another variable" },
        { "{\"data_dir\": ¶\"${NOPE:-}\"}", "data_dir: is empty" },
        // Listeners.
        { "{\"listen\": {\"data\": ¶\"8080\"}}", "listen.data: \"8080\" must be an address and a port, like 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080" },
        { "{\"listen\": {\"data\": ¶\"127.1:80\"}}", "listen.data: \"127.1:80\" must be an address and a port, like 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080" },
        { "{\"listen\": {\"data\": ¶\"127.0.0.1:65536\"}}", "listen.data: \"127.0.0.1:65536\" must be an address and a port, like 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080" },
        { "{\"listen\": {\"admin\": ¶\"127.0.0.1:8080\"}}", "listen.admin: 127.0.0.1:8080 collides with listen.data 127.0.0.1:8080: each listener needs a port of its own" },
        { "{\"listen\": {\"tls\": ¶{\"certificate\": \"c\"}}}", "listen.tls: \"key\" is missing" },
        { "{\"listen\": ¶1}", "listen: must be an object (listen)" },
        { "{\"durability\": ¶\"strickt\"}", "durability: unknown durability \"strickt\"; did you mean \"strict\"?" },
        { "{\"journal\": {\"keep\": ¶\"7\"}}", "journal.keep: \"7\" is no duration; write it like \"500ms\", \"10s\", \"2m\" or \"1h30m\"" },
        { "{\"journal\": {\"keep\": ¶\"3651d\"}}", "journal.keep: must be from 0s to 3650d" },
        { "{\"journal\": {\"max_size\": ¶\"64MiB\"}}", "journal.max_size: must be from 128MiB to 1024GiB" },
        { "{\"audit\": {\"keep\": ¶\"1h\"}}", "audit.keep: must be from 1d to 3650d" },
        { "{\"audit\": {\"max_size\": ¶\"1MiB\"}}", "audit.max_size: must be from 16MiB to 1024GiB" },
        { "{\"journal\": {¶\"keeep\": \"7d\"}}", "journal.keeep: unknown name in journal; did you mean \"keep\"?" },
        // Providers.
        { "{\"providers\": {¶\"OpenAI\": {\"kind\": \"openai\"}}}", "providers.OpenAI: a provider's name stands in paths: 1 to 64 of a-z, 0-9 and \"-\", starting and ending with a letter or digit" },
        { "{\"providers\": {¶\"v1\": {\"kind\": \"openai\"}}}", "providers.v1: \"v1\" is a path of the gateway itself; give the provider another name and say its kind" },
        { "{\"providers\": {¶\"opnai\": {}}}", "providers.opnai: \"opnai\" is no built-in provider: say its \"kind\"; did you mean \"openai\"?" },
        { "{\"providers\": {\"x\": {\"kind\": ¶\"opena\"}}}", "providers.x.kind: unknown kind \"opena\"; did you mean \"openai\"?" },
        { "{\"providers\": {\"x\": {\"kind\": ¶\"cobol\"}}}", "providers.x.kind: unknown kind \"cobol\"; known: anthropic, azure-openai, bedrock, gemini, openai, openrouter" },
        { "{\"providers\": {\"x\": ¶{\"kind\": \"azure-openai\"}}}", "providers.x: a provider of kind \"azure-openai\" has an address of its own: \"base_url\" is missing" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"api.openai.com\"}}}", "providers.openai.base_url: must be an absolute http:// or https:// address" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"ftp://h/\"}}}", "providers.openai.base_url: must be an absolute http:// or https:// address" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"https://u:p@h/\"}}}", "providers.openai.base_url: must not hold a user name or password; the credential goes into \"api_key\"" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"https://@h/\"}}}", "providers.openai.base_url: must not hold a user name or password; the credential goes into \"api_key\"" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"https://h/?key=1\"}}}", "providers.openai.base_url: must not hold a query" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"https://h/#x\"}}}", "providers.openai.base_url: must not hold a fragment" },
        { "{\"providers\": {\"openai\": {\"base_url\": ¶\"http://localhost:8080/v1\"}}}", "providers.openai.base_url: points back at this gateway (127.0.0.1:8080)" },
        { "{\"providers\": {\"openai\": {\"api_key\": ¶\"\"}}}", "providers.openai.api_key: is empty; leave \"api_key\" out to call without one" },
        { "{\"providers\": {\"openai\": {\"api_key\": ¶\"k\\n\"}}}", "providers.openai.api_key: holds a space, a line break or a character beyond ASCII" },
        { "{\"providers\": {\"openai\": {\"pricing\": ¶\"fre\"}}}", "providers.openai.pricing: unknown pricing \"fre\"; did you mean \"free\"?" },
        // Aliases.
        { "{\"models\": {\"fast\": ¶\"gpt-4o\"}}", "models.fast: \"gpt-4o\" must be \"provider/model\"" },
        { "{\"providers\": {\"openai\": {\"api_key\": \"k\"}}, \"models\": {\"fast\": ¶\"openia/x\"}}", "models.fast: no provider is called \"openia\"; did you mean \"openai\"?" },
        { "{\"providers\": {\"openai\": {\"api_key\": \"k\"}}, \"models\": {¶\"openai/y\": \"openai/x\"}}", "models[\"openai/y\"]: would hide a model of the provider \"openai\"" },
        // Identity.
        { "{\"identity\": {\"anonymous\": ¶\"yes\"}}", "identity.anonymous: must be true or false" },
        { "{\"identity\": {\"keys\": ¶{}}}", "identity.keys: must be an array" },
        { "{\"identity\": {\"keys\": [¶{\"name\": \"a\"}]}}", "identity.keys[0]: \"hash\" is missing" },
        { "{\"identity\": {\"keys\": [{\"name\": \"a\", \"hash\": ¶\"abc\"}]}}", "identity.keys[0].hash: must be the 64 hexadecimal digits that `edgegw keys create` printed" },
        { "{\"identity\": {\"keys\": [{\"name\": \"a\", \"hash\": ¶\"egw_abc\"}]}}", "identity.keys[0].hash: is a secret, not its hash: take the hash that `edgegw keys create` printed, and revoke this key" },
        { KeyWith("\"models\": ¶[]"), "identity.keys[0].models: is empty: an empty list would match everybody" },
        { KeyWith("\"user\": ¶\"\""), "identity.keys[0].user: is empty" },
        { KeyWith("\"email\": ¶\"a\\nb\""), "identity.keys[0].email: must be at most 256 characters, without control characters" },
        // Budgets.
        { Budget("\"amount_usd\": 1, \"window\": ¶\"mounth\""), "budgets[0].window: unknown window \"mounth\"; did you mean \"month\"?" },
        { Budget("\"amount_usd\": 1, \"window\": ¶\"rolling 24\""), "budgets[0].window: a rolling window has a length from 1m to 366d, such as \"rolling 24h\"" },
        { Budget("\"amount_usd\": 1, \"window\": ¶\"rolling 59s\""), "budgets[0].window: a rolling window has a length from 1m to 366d, such as \"rolling 24h\"" },
        { Budget("\"amount_usd\": 1, \"window\": \"rolling 1h\", \"timezone\": ¶\"Europe/Berlin\""), "budgets[0].timezone: is for windows of the calendar: a rolling window has no midnight" },
        { "{\"budgets\": [ ¶{\"name\": \"b\", \"amount_usd\": 1}]}", "budgets[0]: \"window\" is missing" },
        { "{\"budgets\": [ ¶{\"name\": \"b\", \"window\": \"day\"}]}", "budgets[0]: \"amount_usd\" is missing" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶0"), "budgets[0].amount_usd: must be more than 0 and at most 900000000 dollars" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶-1"), "budgets[0].amount_usd: must be more than 0 and at most 900000000 dollars" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶1000000000"), "budgets[0].amount_usd: must be more than 0 and at most 900000000 dollars" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶1e3"), "budgets[0].amount_usd: \"1e3\" is no plain decimal with at most 9 digits after the point (no exponent, no grouping)" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶\"1.0000000001\""), "budgets[0].amount_usd: \"1.0000000001\" is no plain decimal with at most 9 digits after the point (no exponent, no grouping)" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶\"1,000\""), "budgets[0].amount_usd: \"1,000\" is no plain decimal with at most 9 digits after the point (no exponent, no grouping)" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶{\"groups\": {\"ml\": 5}}"), "budgets[0].amount_usd: \"default\" is missing" },
        { Budget("\"window\": \"day\", \"amount_usd\": {\"default\": 5, \"groups\": {\"ml\": ¶0}}"), "budgets[0].amount_usd.groups.ml: must be more than 0 and at most 900000000 dollars" },
        { Budget("\"window\": \"day\", \"amount_usd\": {\"default\": 5, ¶\"group\": {}}"), "budgets[0].amount_usd.group: unknown name in amounts by group; did you mean \"groups\"?" },
        { Budget("\"window\": \"week\", \"amount_usd\": 1, \"start_day\": ¶\"moonday\""), "budgets[0].start_day: unknown day \"moonday\"; did you mean \"monday\"?" },
        { Budget("\"window\": \"month\", \"amount_usd\": 1, \"start_day\": ¶29"), "budgets[0].start_day: must be a whole number from 1 to 28" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"start_day\": ¶1"), "budgets[0].start_day: is for windows of a week or a month" },
        { Budget("\"window\": \"day\", \"amount_usd\": ¶true"), "budgets[0].amount_usd: must be a number, or a decimal in a string" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"timezone\": ¶\"Europe/Berlni\""), "budgets[0].timezone: unknown time zone \"Europe/Berlni\"; did you mean \"Europe/Berlin\"?" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"timezone\": ¶\"/etc/passwd\""), "budgets[0].timezone: unknown time zone \"/etc/passwd\"" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"per\": [¶\"route\"]"), "budgets[0].per[0]: the dimension \"route\" is not available in this version; available: key, user, email, group, service, model, provider" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"per\": [\"metadata.team\", \"user\", ¶\"metadata.team\"]"), "budgets[0].per[2]: \"metadata.team\" stands here twice" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"match\": {¶\"usr\": [\"a\"]}"), "budgets[0].match.usr: unknown name in a match of calls; did you mean \"user\"?" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"hard\": ¶\"yes\""), "budgets[0].hard: must be true or false" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"match\": ¶{}"), "budgets[0].match: matches on nothing: name what it is for, or leave it out" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"alerts\": [80, ¶50]"), "budgets[0].alerts[1]: stands after a larger one or twice: percentages of the amount, ascending" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"alerts\": [¶0]"), "budgets[0].alerts[0]: must be a whole number from 1 to 1000" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"at_limit\": {\"downgrade\": ¶\"fast\"}"), "budgets[0].at_limit.downgrade: \"fast\" is neither an alias of \"models\" nor a \"provider/model\" of a configured provider" },
        { Budget("\"window\": \"day\", \"amount_usd\": 1, \"at_limit\": ¶{}"), "budgets[0].at_limit: \"downgrade\" is missing" },
        { "{\"budgets\": [{\"name\": ¶\"a b\", \"amount_usd\": 1, \"window\": \"day\"}]}", "budgets[0].name: \"a b\" must be 1 to 64 of letters, digits and \".\", \"_\", \"-\", \"@\", starting with a letter or digit" },
        { "{\"budgets\": [{\"name\": \"a\", \"amount_usd\": 1, \"window\": \"day\"},\n{\"name\": ¶\"a\", \"amount_usd\": 1, \"window\": \"day\"}]}", "budgets[1].name: a budget called \"a\" stands on line 1 already" },
        // Limits.
        { Limit("¶\"request\": 5, \"requests\": 5, \"window\": \"1m\""), "limits[0].request: unknown name in a limit; did you mean \"requests\"?" },
        { "{\"limits\": [ ¶{\"name\": \"l\", \"window\": \"1m\"}]}", "limits[0]: says no amount: one of \"requests\", \"tokens\" or \"concurrent\" is needed" },
        { "{\"limits\": [ ¶{\"name\": \"l\", \"requests\": 5}]}", "limits[0]: \"window\" is missing" },
        { "{\"limits\": [ ¶{\"requests\": 5, \"window\": \"1m\"}]}", "limits[0]: \"name\" is missing" },
        { Limit("\"requests\": 5, \"window\": \"1m\", ¶\"tokens\": 100"), "limits[0].tokens: a limit counts one thing, and this one counts requests already: make it a limit of its own" },
        { Limit("\"requests\": ¶0, \"window\": \"1m\""), "limits[0].requests: must be a whole number from 1 to 1000000000" },
        { Limit("\"tokens\": ¶1.5, \"window\": \"1m\""), "limits[0].tokens: must be a whole number from 1 to 1000000000" },
        { Limit("\"requests\": 5, \"window\": ¶60"), "limits[0].window: must carry a unit: \"60s\", \"60ms\", …" },
        { Limit("\"requests\": 5, \"window\": ¶\"500ms\""), "limits[0].window: must be from 1s to 1d" },
        { Limit("\"concurrent\": 5, ¶\"window\": \"1m\""), "limits[0].window: is for requests and tokens: calls at the same time have no window" },
        { Limit("\"concurrent\": 5, ¶\"algorithm\": \"gcra\""), "limits[0].algorithm: is for requests and tokens: calls at the same time have no window" },
        { Limit("\"requests\": 5, \"window\": \"1m\", \"algorithm\": ¶\"sliding-log\""), "limits[0].algorithm: unknown algorithm \"sliding-log\"; known: gcra, fixed, sliding" },
        { Limit("\"requests\": 5, \"window\": \"1m\", \"burst\": ¶6"), "limits[0].burst: must be a whole number from 1 to 5" },
        { Limit("\"tokens\": 5, \"window\": \"1m\", ¶\"burst\": 2"), "limits[0].burst: is for the algorithm \"gcra\"; a window's amount may come at once anyway" },
        { Limit("\"requests\": 5, \"window\": \"1m\", \"at_limit\": ¶\"warn\""), "limits[0].at_limit: unknown action \"warn\"; known: block, shadow" },
        { Limit("\"requests\": 5, \"window\": \"1m\", \"match\": ¶{}"), "limits[0].match: matches on nothing: name what it is for, or leave it out" },
        { Limit("\"requests\": 5, \"window\": \"1m\", \"per\": [\"key\", ¶\"key\"]"), "limits[0].per[1]: \"key\" stands here twice" },
        { "{\"limits\": [{\"name\": \"a\", \"concurrent\": 1},\n{\"name\": ¶\"a\", \"concurrent\": 1}]}", "limits[1].name: a limit called \"a\" stands on line 1 already" },
        // Velocity.
        { "{\"velocity\": ¶{\"per\": [\"user\"]}}", "velocity: \"minimum_usd_per_hour\" is missing" },
        { "{\"velocity\": {\"minimum_usd_per_hour\": ¶0}}", "velocity.minimum_usd_per_hour: must be from 0.01 to 1000000 dollars an hour" },
        { "{\"velocity\": {\"minimum_usd_per_hour\": 5, \"factor\": ¶0.5}}", "velocity.factor: must be from 1 to 1000" },
        { "{\"velocity\": {\"minimum_usd_per_hour\": 5, \"action\": ¶\"block\"}}", "velocity.action: unknown action \"block\"; known: alert, throttle" },
        { "{\"velocity\": {\"minimum_usd_per_hour\": 5, \"learn\": ¶\"10m\"}}", "velocity.learn: must be from 1h to 90d" },
        { "{\"velocity\": {\"minimum_usd_per_hour\": 5, \"per\": [¶\"usr\"]}}", "velocity.per[0]: unknown dimension \"usr\"; did you mean \"user\"?" },
        // Alerts.
        { Webhook("\"url\": ¶\"hooks.example.com\", \"secret\": \"0123456789abcdef\""), "alerts.webhooks[0].url: must be an absolute http:// or https:// address" },
        { Webhook("\"url\": ¶\"http://hooks.example.com/\", \"secret\": \"0123456789abcdef\""), "alerts.webhooks[0].url: must be https://; plain http:// is only for a loopback or private address" },
        { Webhook("\"url\": ¶\"http://8.8.8.8/\", \"secret\": \"0123456789abcdef\""), "alerts.webhooks[0].url: must be https://; plain http:// is only for a loopback or private address" },
        { Webhook("\"url\": ¶\"https://u:p@h/\", \"secret\": \"0123456789abcdef\""), "alerts.webhooks[0].url: must not hold a user name or password; the credential goes into \"secret\"" },
        { Webhook("\"url\": ¶\"https://h/#f\", \"secret\": \"0123456789abcdef\""), "alerts.webhooks[0].url: must not hold a fragment" },
        { Webhook("\"url\": \"https://h/\", \"secret\": ¶\"short\""), "alerts.webhooks[0].secret: is shorter than 16 bytes, so it can be guessed; \"openssl rand -base64 32\" makes a good one" },
        { Webhook("\"url\": \"https://h/\", \"secret\": ¶\"whsec_?\""), "alerts.webhooks[0].secret: is no base64 after \"whsec_\"" },
        { Webhook("\"url\": \"https://h/\", \"secret\": \"0123456789abcdef\", \"events\": [¶\"budgets\"]"), "alerts.webhooks[0].events[0]: unknown event \"budgets\"; did you mean \"budget\"?" },
        { Webhook("\"url\": \"https://h/\", \"secret\": \"0123456789abcdef\", \"events\": ¶[]"), "alerts.webhooks[0].events: asks for no event: name some, or leave it out for all" },
        { "{\"alerts\": {\"webhooks\": [{\"url\": \"https://h/a\", \"secret\": \"0123456789abcdef\"},\n¶{\"url\": \"https://h/a\", \"secret\": \"0123456789abcdef\"}]}}", "alerts.webhooks[1]: has the \"url\" of a webhook above; write the events of both into one" },
        // Pricing.
        { "{\"pricing\": {\"unpriced\": ¶\"allow\"}}", "pricing.unpriced: unknown policy \"allow\"; known: block, ceiling" },
        { "{\"pricing\": {\"show_prices\": ¶\"alow\"}}", "pricing.show_prices: unknown policy \"alow\"; did you mean \"allow\"?" },
        { "{\"pricing\": {\"ceiling_per_million\": ¶0}}", "pricing.ceiling_per_million: must be more than 0: a ceiling of nothing makes every unknown model free" },
        { "{\"pricing\": {\"overrides\": [{\"model\": ¶\"gpt\", \"input\": 1, \"output\": 1}]}}", "pricing.overrides[0].model: \"gpt\" must be \"provider/model\"; \"*\" stands for any run of characters" },
        { "{\"pricing\": {\"overrides\": [{\"model\": ¶\"opena/*\", \"input\": 1, \"output\": 1}]}}", "pricing.overrides[0].model: no provider is called \"opena\", so this price would never apply" },
        { "{\"pricing\": {\"overrides\": [{\"model\": \"*/x\", \"input\": ¶-1, \"output\": 1}]}}", "pricing.overrides[0].input: must be from 0 to 1000000 dollars per million tokens" },
        { "{\"pricing\": {\"overrides\": [¶{\"model\": \"*/x\", \"input\": 1}]}}", "pricing.overrides[0]: \"output\" is missing" },
        // Bounds.
        { "{\"abort\": {\"policy\": ¶\"drian\"}}", "abort.policy: unknown policy \"drian\"; did you mean \"drain\"?" },
        { "{\"abort\": {\"max_seconds\": ¶1.5}}", "abort.max_seconds: must be a whole number from 1 to 3600" },
        { "{\"timeouts\": {\"connect\": ¶10}}", "timeouts.connect: must carry a unit: \"10s\", \"10ms\", …" },
        { "{\"timeouts\": {\"connect\": ¶\"ten\"}}", "timeouts.connect: \"ten\" is no duration; write it like \"500ms\", \"10s\", \"2m\" or \"1h30m\"" },
        { "{\"timeouts\": {\"total\": ¶\"25h\"}}", "timeouts.total: must be from 1ms to 1d" },
        { "{\"requests\": {\"max_body\": ¶\"64 megs\"}}", "requests.max_body: \"64 megs\" is no size; write it like \"64MiB\", \"32KiB\" or a number of bytes" },
        { "{\"requests\": {\"max_header\": ¶10}}", "requests.max_header: must be from 1KiB to 1MiB" },
        { "{\"log\": {\"requests\": ¶\"stdotu\"}}", "log.requests: \"stdotu\" must be \"stdout\", \"off\" or a file's path with a \"/\" in it; did you mean \"stdout\"?" },
        { "{\"log\": {\"payloads\": ¶\"full\"}}", "log.payloads: only \"off\" is available in this version: prompts and answers are never logged" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Fault_is_reported_alone_with_its_place(string marked, string expected)
    {
        var (json, place) = ConfigFixture.TakeMark(marked);
        Assert.Equal([$"{place}: {expected}"], ConfigFixture.FaultsOf(json));
    }

    [Fact]
    public void Invalid_utf8_is_reported_with_its_place()
    {
        byte[] bytes = [.. "{\n \"a\": \""u8, 0xff, .. "\"}"u8];
        var fault = Assert.Single(EdgeGw.Configuration.ConfigLoader.Load(bytes, "e.json", new FakeEnvironment(), ConfigFixture.Providers).Faults);
        Assert.Equal("e.json:2:8: not UTF-8 text", fault.ToString());
    }

    [Fact]
    public void Same_hash_twice_names_the_first_line()
    {
        var json = $$"""
            { "identity": { "keys": [
              { "name": "a", "hash": "{{ConfigFixture.Hash}}" },
              { "name": "b", "hash": "{{ConfigFixture.Hash.ToUpperInvariant()}}" } ] } }
            """;
        Assert.Equal(["3:26: identity.keys[1].hash: is the same as on line 2: one secret cannot be two keys"], ConfigFixture.FaultsOf(json));
    }

    [Fact]
    public void Every_fault_of_a_file_is_listed_at_once_in_its_order()
    {
        const string Json = """
            {
              // a file where everything is wrong
              "listen": { "data": "8080", "admin": "127.0.0.1:9090" },
              "durabilty": "strict",
              "providers": {
                "openai": { "api_key": "${NOPE}", "base_url": "https://me:pw@h/" },
                "admin": { "kind": "open-ai" },
              },
              "models": { "fast": "opena/gpt", "slow": 5 },
              "identity": { "anonymous": 1, "jwt": 17, "keys": [ { "hash": "x" } ] },
              "budgets": [
                { "name": "ok", "amount_usd": 1, "window": "day" },
                { "name": "ok", "amount_usd": "1e3", "window": "mounth", "hard": 1 },
              ],
              "pricing": { "overrides": [ { "model": "x/y", "input": "free" } ] },
              "abort": { "max_seconds": 0 },
              "timeouts": { "idle": 5 },
              "requests": { "max_body": "1TiB" },
              "log": { "payloads": "on" },
              "cache": { },
              "log": { },
            }
            """;

        Assert.Equal(
            [
                "3:23: listen.data: \"8080\" must be an address and a port, like 127.0.0.1:8080, 0.0.0.0:8080 or [::]:8080",
                "4:3: durabilty: unknown name in the configuration; did you mean \"durability\"?",
                "6:28: providers.openai.api_key: the environment variable NOPE is not set; ${NOPE:-…} gives a default",
                "6:51: providers.openai.base_url: must not hold a user name or password; the credential goes into \"api_key\"",
                "7:5: providers.admin: \"admin\" is a path of the gateway itself; give the provider another name and say its kind",
                "7:24: providers.admin.kind: unknown kind \"open-ai\"; did you mean \"openai\"?",
                "9:23: models.fast: no provider is called \"opena\"; did you mean \"openai\"?",
                "9:44: models.slow: must be a string",
                "10:30: identity.anonymous: must be true or false",
                "10:40: identity.jwt: must be an array",
                "10:54: identity.keys[0]: \"name\" is missing",
                "10:64: identity.keys[0].hash: must be the 64 hexadecimal digits that `edgegw keys create` printed",
                "13:15: budgets[1].name: a budget called \"ok\" stands on line 12 already",
                "13:35: budgets[1].amount_usd: \"1e3\" is no plain decimal with at most 9 digits after the point (no exponent, no grouping)",
                "13:52: budgets[1].window: unknown window \"mounth\"; did you mean \"month\"?",
                "13:70: budgets[1].hard: must be true or false",
                "15:31: pricing.overrides[0]: \"output\" is missing",
                "15:42: pricing.overrides[0].model: no provider is called \"x\", so this price would never apply",
                "15:58: pricing.overrides[0].input: \"free\" is no plain decimal with at most 9 digits after the point (no exponent, no grouping)",
                "16:29: abort.max_seconds: must be a whole number from 1 to 3600",
                "17:25: timeouts.idle: must carry a unit: \"5s\", \"5ms\", …",
                "18:29: requests.max_body: \"1TiB\" is no size; write it like \"64MiB\", \"32KiB\" or a number of bytes",
                "19:24: log.payloads: only \"off\" is available in this version: prompts and answers are never logged",
                "20:3: cache: not available in this version",
                "21:3: log: stands here for the second time; the first is on line 19",
            ],
            ConfigFixture.FaultsOf(Json));
    }

    private static string Webhook(string fields) => $"{{\"alerts\": {{\"webhooks\": [{{{fields}}}]}}}}";

    private static string Limit(string fields) => $"{{\"limits\": [ {{\"name\": \"l\", {fields}}}]}}";

    private static string KeyWith(string member) => $"{{\"identity\": {{\"keys\": [{{\"name\": \"a\", \"hash\": \"{new string('7', 64)}\", {member}}}]}}}}";

    private static string Budget(string fields) => $"{{\"budgets\": [ {{\"name\": \"b\", {fields}}}]}}";
}
