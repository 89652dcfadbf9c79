namespace EdgeGw.Admin;

/// <summary>Why an admin call failed, as the caller is told.</summary>
/// <param name="Status">HTTP status, 400 to 599.</param>
/// <param name="Code">Stable, snake_case.</param>
/// <param name="Message">For people. No secrets.</param>
public sealed record AdminError(int Status, string Code, string Message);

/// <summary>A value, or why there is none.</summary>
public readonly record struct AdminResult<T>(T? Value, AdminError? Error)
    where T : class
{
    public static implicit operator AdminResult<T>(T value) => new(value, null);

    public static implicit operator AdminResult<T>(AdminError error) => new(null, error);
}
