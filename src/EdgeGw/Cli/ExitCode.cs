namespace EdgeGw.Cli;

/// <summary>What the process ends with. Documented in the help text; scripts rely on it.</summary>
public static class ExitCode
{
    public const int Ok = 0;

    /// <summary>The command was understood and did not succeed.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong: nothing was done.</summary>
    public const int Usage = 2;
}
