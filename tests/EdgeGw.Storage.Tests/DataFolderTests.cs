using System.Globalization;

namespace EdgeGw.Storage.Tests;

public sealed class DataFolderTests
{
    [Fact]
    public void Open_makes_a_private_folder_with_an_identity_that_stays()
    {
        using TempFolder temp = new();
        Guid made;
        using (DataFolder folder = DataFolder.Open(temp.Path)) made = folder.NodeId;
        Assert.NotEqual(Guid.Empty, made);
        using (DataFolder folder = DataFolder.Open(temp.Path)) Assert.Equal(made, folder.NodeId);
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(temp.Path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(temp.Path, "node.id")));
    }

    [Fact]
    public void Open_twice_in_one_process_is_refused()
    {
        using TempFolder temp = new();
        using DataFolder folder = DataFolder.Open(temp.Path);
        StorageException refused = Assert.Throws<StorageException>(() => DataFolder.Open(temp.Path));
        Assert.Contains(Environment.ProcessId.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_while_another_process_has_it_is_refused_until_that_is_killed()
    {
        using TempFolder temp = new();
        using CrashWriterProcess holder = new("hold", temp.Path);
        await holder.FirstLine;
        StorageException refused = Assert.Throws<StorageException>(() => DataFolder.Open(temp.Path));
        Assert.Contains($"(pid {holder.Id})", refused.Message, StringComparison.Ordinal);
        Assert.Contains("data_dir", refused.Message, StringComparison.Ordinal);
        await holder.KillAsync();
        using DataFolder folder = DataFolder.Open(temp.Path);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an id")]
    [InlineData("00000000000000000000000000000000")]
    public void Open_with_a_damaged_identity_is_refused_and_leaves_no_lock(string content)
    {
        using TempFolder temp = new();
        DataFolder.Open(temp.Path).Dispose();
        string path = Path.Combine(temp.Path, "node.id");
        string right = File.ReadAllText(path);
        File.WriteAllText(path, content);
        Assert.Contains(path, Assert.Throws<StorageException>(() => DataFolder.Open(temp.Path)).Message, StringComparison.Ordinal);
        File.WriteAllText(path, right);
        DataFolder.Open(temp.Path).Dispose();
    }

    [Fact]
    public void Open_where_a_file_stands_is_refused()
    {
        using TempFolder temp = new();
        Directory.CreateDirectory(temp.Path);
        string path = Path.Combine(temp.Path, "file");
        File.WriteAllText(path, "");
        Assert.Throws<StorageException>(() => DataFolder.Open(path));
    }
}
