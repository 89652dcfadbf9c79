using System.Globalization;

namespace EdgeGw.LoadTests.Provider;

/// <summary>The provider's counts for one target at one moment.</summary>
/// <param name="Running">Answers that have begun and not ended.</param>
/// <param name="Requests">Answered in full, with the tokens that those answers reported.</param>
/// <param name="Broken">Answers that the other side did not let end.</param>
/// <param name="Refused">Requests that were not understood.</param>
internal readonly record struct ProviderTruth(long Running, long Requests, long Input, long Output, long Broken, long Refused)
{
    public static ProviderTruth Parse(string text)
    {
        var numbers = text.Split(' ').Select(number => long.Parse(number, CultureInfo.InvariantCulture)).ToArray();
        return new ProviderTruth(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
    }
}
