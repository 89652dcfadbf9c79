using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace EdgeGw.Storage.Tests;

/// <summary>An ext4 filesystem in a file, mounted for one test.</summary>
internal sealed partial class LoopFileSystem : IDisposable
{
    // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32), with EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the disk, not even ext4's own journal.
    private const uint Shutdown = 0x8004587D;
    private const uint WithoutFlush = 2;

    private readonly TempFolder _folder = new();
    private bool _mounted;

    private LoopFileSystem()
    {
    }

    internal string Path => System.IO.Path.Combine(_folder.Path, "mount");

    private string Image => System.IO.Path.Combine(_folder.Path, "image");

    internal static LoopFileSystem Create(long bytes)
    {
        LoopFileSystem made = new();
        try
        {
            Directory.CreateDirectory(made.Path);
            using (FileStream image = new(made.Image, FileMode.CreateNew)) image.SetLength(bytes);
            Run("mkfs.ext4", "-q", "-F", made.Image);
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

    /// <summary>Nothing may have a file open.</summary>
    internal void Remount()
    {
        Unmount();
        Mount();
    }

    public void Dispose()
    {
        if (_mounted) Unmount();
        _folder.Dispose();
    }

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

    private void Unmount()
    {
        Run("umount", Path);
        _mounted = false;
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(int descriptor, ulong request, ref uint flags);
}

/// <summary>Needs root and loop mounts of ext4: skipped, with the reason, where they are not to be had.</summary>
public sealed class RequiresLoopMountFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(Find);

    public RequiresLoopMountFactAttribute() => Skip = Obstacle.Value;

    private static string? Find()
    {
        if (!OperatingSystem.IsLinux()) return "power cuts need Linux";
        try
        {
            using LoopFileSystem probe = LoopFileSystem.Create(8 << 20);
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or IOException)
        {
            return $"no ext4 filesystem can be mounted here: {e.Message}";
        }
    }
}
