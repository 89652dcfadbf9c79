using System.Diagnostics.CodeAnalysis;

namespace EdgeGw.Cli;

/// <summary>Why an administrative call failed.</summary>
/// <param name="Code">Stable, such as <c>key_exists</c>.</param>
/// <param name="Message">For people; never holds a secret.</param>
public sealed record ControlError(string Code, string Message);

/// <summary>A value or the reason why there is none.</summary>
public readonly struct ControlResult<T>
    where T : class
{
    private ControlResult(T? value, ControlError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public ControlError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool IsOk => Value is not null;

    public static implicit operator ControlResult<T>(ControlError error) => new(null, error);

    public static ControlResult<T> Ok(T value) => new(value, null);

    public static ControlResult<T> Fail(string code, string message) => new(null, new ControlError(code, message));
}
