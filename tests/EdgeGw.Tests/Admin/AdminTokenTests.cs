using EdgeGw.Admin;

namespace EdgeGw.Tests.Admin;

public sealed class AdminTokenTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegw-token-").FullName;

    private string File => Path.Combine(_folder, AdminToken.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Environment_wins_and_leaves_no_file()
    {
        var token = AdminToken.Load("from-env", _folder);
        Assert.True(token.Matches("from-env"));
        Assert.False(token.Matches("from-env2"));
        Assert.False(token.Matches(""));
        Assert.Null(token.Path);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Theory]
    [InlineData("with space")]
    [InlineData("line\nfeed")]
    [InlineData("ünicode")]
    public void Unusable_value_is_refused_at_start(string value) => Assert.Throws<InvalidDataException>(() => AdminToken.Load(value, _folder));

    [Fact]
    public void Generated_token_is_private_strong_and_stays()
    {
        var first = AdminToken.Load(null, _folder);
        var text = System.IO.File.ReadAllText(File).Trim();
        Assert.Equal(43, text.Length);
        Assert.True(first.Matches(text));
        Assert.True(AdminToken.Load("", _folder).Matches(text));
        Assert.Equal(File, first.Path);
        Assert.DoesNotContain(text, first.ToString());
        Assert.Single(Directory.GetFileSystemEntries(_folder));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        }
    }

    [Fact]
    public void File_that_others_may_read_is_refused_with_the_remedy()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        AdminToken.Load(null, _folder);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", Assert.Throws<InvalidDataException>(() => AdminToken.Load(null, _folder)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_file_is_refused_and_not_taken_for_a_token()
    {
        AdminToken.Load(null, _folder);
        System.IO.File.WriteAllText(File, "\n");
        Assert.Throws<InvalidDataException>(() => AdminToken.Load(null, _folder));
    }
}
