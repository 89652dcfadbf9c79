using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace EdgeGw.Admin;

/// <summary>The secret that opens <c>/admin/v1</c>. Only its SHA-256 is kept in memory.</summary>
public sealed class AdminToken
{
    /// <summary>The environment variable that sets it.</summary>
    public const string Variable = "EDGEGW_ADMIN_TOKEN";

    /// <summary>The file in the data folder that holds a generated one.</summary>
    public const string FileName = "admin-token";

    private const int MaxLength = 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly byte[] _hash;

    private AdminToken(string token, string? path)
    {
        _hash = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        Path = path;
    }

    /// <summary>The file that it stands in; null when it came from the environment.</summary>
    public string? Path { get; }

    /// <summary>Names the token in audit lines without giving it away: the first 32 bits of its hash.</summary>
    internal string Fingerprint => Convert.ToHexStringLower(_hash.AsSpan(0, 4));

    /// <summary>From the environment's value, else from the data folder, where one is made when there is none.</summary>
    /// <param name="fromEnvironment">The value of <see cref="Variable"/>; null or empty: not set.</param>
    /// <exception cref="InvalidDataException">The value or file is no token, or others may read the file. The message says what to do.</exception>
    /// <exception cref="IOException">The file can be neither read nor made.</exception>
    public static AdminToken Load(string? fromEnvironment, string dataDirectory)
    {
        if (!string.IsNullOrEmpty(fromEnvironment))
        {
            return IsToken(fromEnvironment)
                ? new AdminToken(fromEnvironment, null)
                : throw new InvalidDataException($"{Variable} must be 1 to {MaxLength} visible ASCII characters without spaces.");
        }
        var path = System.IO.Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
        {
            Create(path);
        }
        return Read(path);
    }

    /// <summary>Compares in a time that does not depend on where the two differ.</summary>
    public bool Matches(ReadOnlySpan<char> presented)
    {
        if (presented.Length > MaxLength)
        {
            return false;
        }
        Span<byte> bytes = stackalloc byte[3 * MaxLength];
        var length = Encoding.UTF8.GetBytes(presented, bytes);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes[..length], hash);
        CryptographicOperations.ZeroMemory(bytes);
        return CryptographicOperations.FixedTimeEquals(hash, _hash);
    }

    private static AdminToken Read(string path)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != 0)
        {
            throw new InvalidDataException($"{path} may be read by others. Delete it to have a new token made, or: chmod 600 {path}");
        }
        var token = File.ReadAllText(path).Trim();
        return IsToken(token) ? new AdminToken(token, path) : throw new InvalidDataException($"{path} holds no token. Delete it to have one made.");
    }

    /// <summary>Under another name first: whoever finds the file finds a whole token in it, also after a crash or beside a second process.</summary>
    private static void Create(string path)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }
        using (var file = new FileStream(temporary, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)) + "\n"));
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Someone else made one between our look and our move: theirs holds.
            File.Delete(temporary);
        }
    }

    private static bool IsToken(string value) => value.Length is > 0 and <= MaxLength && value.All(static c => c is > ' ' and <= '~');
}
