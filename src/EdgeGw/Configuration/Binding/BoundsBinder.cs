using EdgeGw.Configuration.Reading;

namespace EdgeGw.Configuration.Binding;

/// <summary>The sections that only bound time, size and number: <c>journal</c>, <c>audit</c>, <c>abort</c>, <c>timeouts</c>, <c>requests</c>.</summary>
internal static class BoundsBinder
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    public static JournalConfig Journal(ConfigValue? value)
    {
        var journal = new JournalConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Journal) is not { } reader)
        {
            return journal;
        }
        return new JournalConfig
        {
            Keep = reader.Optional("keep")?.Duration(TimeSpan.Zero, TimeSpan.FromDays(3650)) ?? journal.Keep,
            MaxBytes = reader.Optional("max_size")?.ByteSize(128L << 20, 1L << 40) ?? journal.MaxBytes,
        };
    }

    public static AuditConfig Audit(ConfigValue? value)
    {
        var audit = new AuditConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Audit) is not { } reader)
        {
            return audit;
        }
        return new AuditConfig
        {
            Keep = reader.Optional("keep")?.Duration(TimeSpan.FromDays(1), TimeSpan.FromDays(3650)) ?? audit.Keep,
            MaxBytes = reader.Optional("max_size")?.ByteSize(16L << 20, 1L << 40) ?? audit.MaxBytes,
        };
    }

    public static AbortConfig Abort(ConfigValue? value)
    {
        var abort = new AbortConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Abort) is not { } reader)
        {
            return abort;
        }
        var policy = reader.Optional("policy")?.OneOf("policy", [("drain", AbortPolicy.Drain), ("cancel", AbortPolicy.Cancel)]);
        var seconds = reader.Optional("max_seconds")?.Integer(1, 3600);
        var concurrent = reader.Optional("max_concurrent")?.Integer(1, 100_000);
        return new AbortConfig
        {
            Policy = policy ?? abort.Policy,
            MaxDuration = seconds is { } s ? TimeSpan.FromSeconds(s) : abort.MaxDuration,
            MaxConcurrent = concurrent ?? abort.MaxConcurrent,
        };
    }

    public static TimeoutConfig Timeouts(ConfigValue? value)
    {
        var timeouts = new TimeoutConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Timeouts) is not { } reader)
        {
            return timeouts;
        }
        var bound = new TimeoutConfig
        {
            Connect = Timeout(reader, "connect") ?? timeouts.Connect,
            FirstByte = Timeout(reader, "first_byte") ?? timeouts.FirstByte,
            Idle = Timeout(reader, "idle") ?? timeouts.Idle,
            Total = Timeout(reader, "total") ?? timeouts.Total,
            Shutdown = reader.Optional("shutdown")?.Duration(TimeSpan.Zero, LongestTimeout) ?? timeouts.Shutdown,
        };
        if (bound.FirstByte > bound.Total)
        {
            (reader.Optional("first_byte") ?? reader.Optional("total"))?.Warn("\"first_byte\" is longer than \"total\", so \"total\" ends every call first");
        }
        return bound;
    }

    public static RequestConfig Requests(ConfigValue? value)
    {
        var requests = new RequestConfig();
        if (value is null || ObjectReader.Open(value, Shapes.Requests) is not { } reader)
        {
            return requests;
        }
        return new RequestConfig
        {
            MaxBodyBytes = reader.Optional("max_body")?.ByteSize(1 << 10, 2L << 30) ?? requests.MaxBodyBytes,
            MaxHeaderBytes = (int?)reader.Optional("max_header")?.ByteSize(1 << 10, 1 << 20) ?? requests.MaxHeaderBytes,
            AssumedMaxOutput = reader.Optional("assumed_max_output")?.Integer(1, 10_000_000) ?? requests.AssumedMaxOutput,
            ClampOutput = reader.Optional("clamp_output")?.Boolean() ?? requests.ClampOutput,
        };
    }

    private static TimeSpan? Timeout(ObjectReader reader, string name) => reader.Optional(name)?.Duration(ShortestTimeout, LongestTimeout);
}
