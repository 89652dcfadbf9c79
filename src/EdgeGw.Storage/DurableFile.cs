using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage;

/// <summary>File operations whose effect is on disk when they return. The framework offers no sync of a folder and no data-only sync.</summary>
public static partial class DurableFile
{
    private const int OpenReadOnly = 0;
    private const int LockExclusive = 2;
    private const int LockWithoutWaiting = 4;
    private const int SeekData = 3;
    private const int NoSuchAddress = 6;

    internal static UnixFileMode PrivateFile => UnixFileMode.UserRead | UnixFileMode.UserWrite;

    internal static UnixFileMode PrivateFolder => PrivateFile | UnixFileMode.UserExecute;

    /// <summary>Creates a folder that only its owner may enter, and makes its name durable in the parent folder.</summary>
    public static void CreateFolder(string path)
    {
        if (Directory.Exists(path)) return;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, PrivateFolder);
        SyncFolder(Path.GetDirectoryName(Path.GetFullPath(path).TrimEnd(Path.DirectorySeparatorChar)) ?? path);
    }

    /// <summary>Replaces a whole file atomically: a crash leaves the old content or the new, never a mixture and never nothing.</summary>
    /// <param name="beforeDiskCall">Called before each step; what it throws is that step's failure.</param>
    public static void Replace(string path, ReadOnlySpan<byte> content, Action? beforeDiskCall = null)
    {
        string temporary = path + ".tmp";
        beforeDiskCall?.Invoke();
        using (SafeFileHandle handle = OpenPrivate(temporary, FileMode.Create))
        {
            beforeDiskCall?.Invoke();
            RandomAccess.Write(handle, content, 0);
            beforeDiskCall?.Invoke();
            RandomAccess.FlushToDisk(handle);
        }

        beforeDiskCall?.Invoke();
        File.Move(temporary, path, overwrite: true);
        beforeDiskCall?.Invoke();
        SyncFolder(Path.GetDirectoryName(path)!);
    }

    /// <summary>Opens for reading and writing; a file made by this call can be read by its owner only.</summary>
    public static SafeFileHandle OpenPrivate(string path, FileMode mode)
    {
        bool existed = File.Exists(path);
        SafeFileHandle handle = File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        if (!existed && !OperatingSystem.IsWindows()) File.SetUnixFileMode(handle, PrivateFile);
        return handle;
    }

    /// <summary>Makes data and size durable, without the timestamps that a full sync would write as well.</summary>
    public static void SyncData(SafeFileHandle handle)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            // Not retried, not even on EINTR: after a failed sync the kernel may have dropped the pages and would report success next time.
            if (NativeSyncData(handle.DangerousGetHandle().ToInt32()) != 0) throw LastError("sync of data");
        }
        finally
        {
            if (held) handle.DangerousRelease();
        }
    }

    /// <summary>Makes creations, renames and removals in a folder durable.</summary>
    public static void SyncFolder(string path)
    {
        // NTFS journals names itself and offers no handle to sync a folder by.
        if (OperatingSystem.IsWindows()) return;
        int descriptor = NativeOpen(path, OpenReadOnly);
        if (descriptor < 0) throw LastError($"opening folder {path} to sync it");
        bool synced = NativeSync(descriptor) == 0;
        IOException? failure = synced ? null : LastError($"sync of folder {path}");
        _ = NativeClose(descriptor);
        if (failure is not null) throw failure;
    }

    /// <summary>Takes the advisory lock of an open file without waiting; it ends when the file is closed or the process ends.</summary>
    internal static bool TryLock(SafeFileHandle handle)
    {
        if (OperatingSystem.IsWindows()) return true;
        bool held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            return NativeLock(handle.DangerousGetHandle().ToInt32(), LockExclusive | LockWithoutWaiting) == 0;
        }
        finally
        {
            if (held) handle.DangerousRelease();
        }
    }

    /// <summary>The first offset from this one on that the filesystem does not know to read as zeros; null when there is none. Where it cannot tell, the offset itself.</summary>
    internal static long? NextData(SafeFileHandle file, long offset)
    {
        if (!OperatingSystem.IsLinux()) return offset;
        bool held = false;
        try
        {
            file.DangerousAddRef(ref held);
            long found = NativeSeek(file.DangerousGetHandle().ToInt32(), offset, SeekData);
            return found >= 0 ? found : Marshal.GetLastPInvokeError() == NoSuchAddress ? null : offset;
        }
        finally
        {
            if (held) file.DangerousRelease();
        }
    }

    private static IOException LastError(string what)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {new Win32Exception(error).Message} (errno {error})", error);
    }

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int NativeSyncData(int descriptor);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    private static partial long NativeSeek(int descriptor, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int NativeLock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int NativeSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int NativeOpen(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int NativeClose(int descriptor);
}
