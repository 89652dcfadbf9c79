namespace EdgeGw.Configuration;

/// <summary>The process environment, as a seam: tests hand in a dictionary.</summary>
public interface IEnvironment
{
    /// <summary>The variable's value; null when it is not set.</summary>
    string? Get(string name);
}

/// <summary>The environment of this process.</summary>
public sealed class ProcessEnvironment : IEnvironment
{
    public static readonly ProcessEnvironment Instance = new();

    private ProcessEnvironment()
    {
    }

    public string? Get(string name) => Environment.GetEnvironmentVariable(name);
}
