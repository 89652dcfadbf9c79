using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Storage;

/// <summary>
/// One node's data on disk, held by one process at a time: the lock ends with the process, however it ends. Holds the node's 128-bit
/// identity, made once with the folder; copying a folder copies the identity, so two nodes must never run from copies of one folder.
/// </summary>
public sealed class DataFolder : IDisposable
{
    private const string LockName = "lock";
    private const string HolderName = "lock.pid";
    private const string NodeIdName = "node.id";

    private readonly FileStream _lock;

    private DataFolder(string path, FileStream folderLock, Guid nodeId)
    {
        Path = path;
        NodeId = nodeId;
        _lock = folderLock;
    }

    /// <summary>Absolute path of the folder.</summary>
    public string Path { get; }

    /// <summary>128 random bits that name this node among its peers; never all zero.</summary>
    public Guid NodeId { get; }

    /// <summary>Opens the folder, making it (readable by its owner only) where there is none.</summary>
    /// <exception cref="StorageException">Held by another process, not creatable, or its identity file is damaged.</exception>
    public static DataFolder Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = System.IO.Path.GetFullPath(path);
        try
        {
            DurableFile.CreateFolder(full);
            FileStream folderLock = TakeLock(full);
            try
            {
                return new DataFolder(full, folderLock, ReadOrMakeNodeId(full));
            }
            catch
            {
                folderLock.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException($"data folder {full} cannot be opened: {e.Message}; give this user the right to write there "
                + "or choose another data_dir", e);
        }
    }

    /// <summary>Lets another process have the folder. Close the journal and the stores first.</summary>
    public void Dispose() => _lock.Dispose();

    internal string Combine(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Keeps others out without writing anything; null where no process has ever held the folder.</summary>
    internal static FileStream? LockToRead(string folder)
    {
        string path = System.IO.Path.Combine(folder, LockName);
        if (!File.Exists(path)) return null;
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
        }
        catch (IOException e)
        {
            throw InUse(folder, e);
        }

        if (DurableFile.TryLock(stream.SafeFileHandle)) return stream;
        stream.Dispose();
        throw InUse(folder, new IOException($"{path} is locked"));
    }

    private static FileStream TakeLock(string folder)
    {
        string path = System.IO.Path.Combine(folder, LockName);
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw InUse(folder, e);
        }

        // Again by our own hand, because a setting of the runtime (System.IO.DisableFileLocking) turns FileShare off on Unix.
        if (!DurableFile.TryLock(stream.SafeFileHandle))
        {
            stream.Dispose();
            throw InUse(folder, new IOException($"{path} is locked"));
        }

        // Beside the lock, because the runtime lets nobody read a file that another holds exclusively.
        File.WriteAllText(System.IO.Path.Combine(folder, HolderName), Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
        return stream;
    }

    private static StorageException InUse(string folder, IOException cause) =>
        new($"data folder {folder} is in use by another process (pid {HolderOf(folder)}); stop it or choose another data_dir", cause);

    private static string HolderOf(string folder)
    {
        try
        {
            return File.ReadAllText(System.IO.Path.Combine(folder, HolderName)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    private static Guid ReadOrMakeNodeId(string folder)
    {
        string path = System.IO.Path.Combine(folder, NodeIdName);
        if (!File.Exists(path))
        {
            Guid made = new(RandomNumberGenerator.GetBytes(16));
            DurableFile.Replace(path, Encoding.ASCII.GetBytes(made.ToString("N") + "\n"));
            return made;
        }

        string text = File.ReadAllText(path).Trim();
        if (Guid.TryParseExact(text, "N", out Guid nodeId) && nodeId != Guid.Empty) return nodeId;
        throw new StorageException($"{path} does not hold 32 hexadecimal digits; restore it from a backup of this folder, or move the "
            + "folder away to start as a new node");
    }
}
