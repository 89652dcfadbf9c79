using System.CommandLine;

namespace EdgeGw.Cli;

internal static class ParseResultExtensions
{
    /// <summary>
    /// The option's value, or null where it was not given. For an absent option of a collection's type the library makes an empty one up by
    /// reflection, which a trimmed binary may not be able to do.
    /// </summary>
    public static T? Given<T>(this ParseResult line, Option<T> option) => line.GetResult(option) is null ? default : line.GetValue(option);
}
