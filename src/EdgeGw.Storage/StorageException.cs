namespace EdgeGw.Storage;

/// <summary>
/// The data folder cannot be used or can no longer be trusted: held by another process, damaged, of another format, or a write failed.
/// The message names the file, what is wrong with it and what the operator can do. It is never transient: after it, money service stops
/// and a restart decides from what is on disk.
/// </summary>
public sealed class StorageException : Exception
{
    public StorageException(string message) : base(message)
    {
    }

    public StorageException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
