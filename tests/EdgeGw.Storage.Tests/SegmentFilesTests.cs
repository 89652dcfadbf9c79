namespace EdgeGw.Storage.Tests;

public sealed class SegmentFilesTests : IDisposable
{
    private const int SegmentBytes = 4 << 20;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("edgegw-segments-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void NextData_finds_what_was_written_and_passes_over_what_was_not()
    {
        using SegmentFiles files = new(_folder.FullName, SegmentBytes);
        files.Allocate(0);
        const int Written = 1_500_000;
        files.Write(0, Written, "data"u8);

        long found = files.NextData(0, 0);

        Assert.InRange(found, 0, Written);
        if (OperatingSystem.IsLinux()) Assert.InRange(found, Written - (1 << 16), Written);
        Assert.Equal(Written, files.NextData(0, Written));
        Assert.InRange(files.NextData(0, Written + (1 << 20)), Written + (1 << 20), SegmentBytes);
    }

    [Fact]
    public void NextData_of_a_segment_that_does_not_exist_is_its_end()
    {
        using SegmentFiles files = new(_folder.FullName, SegmentBytes);
        Assert.Equal(SegmentBytes, files.NextData(3, 0));
    }
}
