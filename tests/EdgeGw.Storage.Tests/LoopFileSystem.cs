using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage.Tests;

/// <summary>A filesystem in a file, mounted for one test.</summary>
internal sealed partial class LoopFileSystem : IDisposable
{
    internal const string Ext4 = "ext4";
    internal const string Xfs = "xfs";

    /// <summary>mkfs.xfs makes nothing smaller.</summary>
    internal const long LeastXfsBytes = 300 << 20;

    // EXT4_IOC_SHUTDOWN and XFS_IOC_GOINGDOWN are both _IOR('X', 125, __u32), and 2 is their NOLOGFLUSH: nothing more reaches the disk, not even
    // the filesystem's own journal.
    private const uint Shutdown = 0x8004587D;
    private const uint WithoutFlush = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-loop-");
    private bool _mounted;

    private LoopFileSystem()
    {
    }

    internal string Path => System.IO.Path.Combine(_folder.FullName, "mount");

    private string Image => System.IO.Path.Combine(_folder.FullName, "image");

    internal static LoopFileSystem Create(long bytes, string kind = Ext4)
    {
        LoopFileSystem made = new();
        try
        {
            Directory.CreateDirectory(made.Path);
            using (FileStream image = new(made.Image, FileMode.CreateNew)) image.SetLength(bytes);
            // ext4 without blocks kept for root, which may run the tests: full must mean full.
            if (kind == Ext4) Run("mkfs.ext4", "-q", "-F", "-m", "0", made.Image);
            else Run("mkfs." + kind, "-q", "-f", made.Image);
            made.Mount();
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>As a power cut: what was not synced is lost, and whoever writes on gets errors.</summary>
    internal void ShutDown()
    {
        // The framework opens no folder, so a file has to do: one that nobody locks.
        using SafeFileHandle handle = File.OpenHandle(Directory.EnumerateFiles(Path, "node.id", SearchOption.AllDirectories).First());
        uint flags = WithoutFlush;
        if (Control(handle.DangerousGetHandle().ToInt32(), Shutdown, ref flags) != 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Whoever writes waits, until it is disposed.</summary>
    internal IDisposable Freeze() => new Frost(Path);

    /// <summary>Another program takes all the room but this, or a little less of it.</summary>
    internal void Fill(long butBytes = 0)
    {
        const int Slack = 4 << 20;
        long most = new DriveInfo(Path).AvailableFreeSpace - butBytes - Slack;
        // Without writing, where it is much.
        if (most > 0) File.OpenHandle(NextFiller(), FileMode.CreateNew, FileAccess.Write, preallocationSize: most).Dispose();
        foreach (int piece in (int[])[1 << 20, 4096])
        {
            byte[] bytes = new byte[piece];
            try
            {
                using FileStream filler = new(NextFiller(), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                while (new DriveInfo(Path).AvailableFreeSpace >= butBytes + piece) filler.Write(bytes);
                while (butBytes == 0) filler.Write(bytes);
            }
            catch (IOException e) when (e.Message.Contains("No space left", StringComparison.Ordinal))
            {
                // Full, which was asked for; xfs may not even have room for the filler's name.
            }
        }
    }

    internal void Free()
    {
        foreach (string filler in Directory.EnumerateFiles(Path, "filler.*").ToList()) File.Delete(filler);
    }

    /// <summary>Nothing may have a file open.</summary>
    internal void Remount()
    {
        Unmount();
        Mount();
    }

    /// <exception cref="InvalidOperationException">A file is open there; the message says which.</exception>
    internal void Unmount()
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                Run("umount", Path);
                _mounted = false;
                return;
            }
            catch (InvalidOperationException e)
            {
                List<string> open = OpenFiles();
                if (open.Count > 0) throw new InvalidOperationException($"{e.Message}; open are {string.Join(", ", open)}", e);
                // A process that another test is starting holds a copy of every descriptor until its exec.
                if (Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(10)) throw;
            }
        }
    }

    /// <summary>Of whatever may still have files open: it cleans up after a test that failed as well, and must not hide why.</summary>
    public void Dispose()
    {
        if (_mounted) Run("umount", "--lazy", Path);
        _mounted = false;
        _folder.Delete(recursive: true);
    }

    private string NextFiller() => System.IO.Path.Combine(Path, "filler." + Guid.NewGuid().ToString("N"));

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {errors}");
    }

    private void Mount()
    {
        Run("mount", "-o", "loop", Image, Path);
        _mounted = true;
    }

    private List<string> OpenFiles()
    {
        List<string> files = [];
        foreach (FileSystemInfo descriptor in new DirectoryInfo("/proc/self/fd").EnumerateFileSystemInfos())
        {
            if (descriptor.LinkTarget is { } target && target.StartsWith(Path, StringComparison.Ordinal)) files.Add(target);
        }

        return files;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, ulong request, ref uint flags);

    private sealed class Frost : IDisposable
    {
        private readonly string _path;

        internal Frost(string path)
        {
            _path = path;
            Run("fsfreeze", "--freeze", path);
        }

        public void Dispose() => Run("fsfreeze", "--unfreeze", _path);
    }
}

/// <summary>Needs root and loop mounts of ext4: skipped, with the reason, where they are not to be had.</summary>
public sealed class RequiresLoopMountFactAttribute : FactAttribute
{
    public RequiresLoopMountFactAttribute() => Skip = LoopObstacle.Ext4.Value;
}

/// <summary>The same of xfs, which needs mkfs.xfs as well.</summary>
public sealed class RequiresXfsFactAttribute : FactAttribute
{
    public RequiresXfsFactAttribute() => Skip = LoopObstacle.Xfs.Value;
}

internal static class LoopObstacle
{
    internal static Lazy<string?> Ext4 { get; } = new(() => Find(LoopFileSystem.Ext4, 8 << 20));

    internal static Lazy<string?> Xfs { get; } = new(() => Find(LoopFileSystem.Xfs, LoopFileSystem.LeastXfsBytes));

    private static string? Find(string kind, long bytes)
    {
        if (!OperatingSystem.IsLinux()) return "loop mounts need Linux";
        try
        {
            using LoopFileSystem probe = LoopFileSystem.Create(bytes, kind);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or IOException)
        {
            return $"no {kind} filesystem can be mounted here: {e.Message}";
        }
    }
}
