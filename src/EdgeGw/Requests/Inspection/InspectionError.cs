namespace EdgeGw.Requests.Inspection;

/// <summary>Why a body cannot be forwarded. The message is made for the caller and never repeats any of the body.</summary>
/// <param name="Position">The byte in the body at which the fault was found, from 0.</param>
public readonly record struct InspectionError(InspectionErrorKind Kind, long Position, string Message);

/// <summary>See <see cref="InspectionError"/>. All of them are the caller's fault: HTTP 400.</summary>
public enum InspectionErrorKind : byte
{
    /// <summary>No JSON by RFC 8259, or nested deeper than <see cref="RequestInspector.MaxDepth"/>.</summary>
    InvalidJson,
    /// <summary>JSON, but no object at the top.</summary>
    NotAnObject,
    /// <summary>The dialect names its model in the body, and there is none.</summary>
    MissingModel,
    /// <summary>A member that the gateway acts on has a type or value it cannot act on.</summary>
    InvalidMember,
    /// <summary>A member that the gateway acts on stands there twice: gateway and provider might each read another one.</summary>
    DuplicateMember,
}
