using EdgeGw.Configuration;

namespace EdgeGw.Tests.Configuration;

public sealed class FileStampsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-stamps-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_that_nobody_touched_are_equal_and_missing_ones_too()
    {
        var stamps = FileStamps.Of([Write("a", "1"), Path("missing")]);
        Assert.True(stamps.Equal(stamps.Again()));
    }

    [Fact]
    public void File_written_in_place_replaced_deleted_or_made_differs()
    {
        var stamps = FileStamps.Of([Write("a", "1"), Path("new")]);

        Write("a", "22");
        Assert.False(stamps.Equal(stamps.Again()));

        stamps = stamps.Again();
        Write("b", "33");
        File.SetLastWriteTimeUtc(Path("b"), DateTime.UnixEpoch);
        File.Move(Path("b"), Path("a"), overwrite: true);
        Assert.False(stamps.Equal(stamps.Again()));

        stamps = stamps.Again();
        Write("new", "");
        Assert.False(stamps.Equal(stamps.Again()));

        stamps = stamps.Again();
        File.Delete(Path("a"));
        Assert.False(stamps.Equal(stamps.Again()));
    }

    /// <summary>A mounted config map: the file is a link through a folder's link, and only the latter is swapped.</summary>
    [Fact]
    public void File_behind_a_link_of_a_folder_differs_when_that_link_is_swapped()
    {
        Directory.CreateDirectory(Path("v1"));
        Directory.CreateDirectory(Path("v2"));
        Write("v1/edgegw.json", "old");
        Write("v2/edgegw.json", "newer");
        Directory.CreateSymbolicLink(Path("..data"), "v1");
        File.CreateSymbolicLink(Path("edgegw.json"), "..data/edgegw.json");
        var stamps = FileStamps.Of([Path("edgegw.json")]);
        Assert.True(stamps.Equal(stamps.Again()));

        Directory.CreateSymbolicLink(Path("..data_tmp"), "v2");
        Directory.Delete(Path("..data"));
        Directory.Move(Path("..data_tmp"), Path("..data"));

        Assert.False(stamps.Equal(stamps.Again()));
    }

    private string Write(string name, string text)
    {
        File.WriteAllText(Path(name), text);
        return Path(name);
    }

    private string Path(string name) => System.IO.Path.Combine(_folder, name);
}
