using System.Globalization;

namespace EdgeGw.Demo;

/// <summary>An invented answer: one word is one token, so the counts are true by construction.</summary>
internal sealed class DemoAnswer
{
    private static readonly string[] Texts =
    [
        "This answer comes from the provider that is built into EdgeGw, so no account and no key was needed. The gateway in front of it has just looked up who " +
        "called, held the most that this call could cost, passed the text on word by word, counted its tokens while they went by, and settled the true price.",
        "Point your application's base URL at the gateway and change nothing else. Every call then has a record: who asked, which model answered, how many tokens " +
        "went in and came out, what they cost to the nano-dollar, and how much of each budget is left.",
        "Nothing of this text was written by a model. It is here so that streaming, usage counts, prices and budgets can be seen at work before the first real key " +
        "is set. When you are ready, start the gateway with your provider's key in the environment.",
    ];

    /// <summary>The <paramref name="number"/>th answer of this run.</summary>
    public DemoAnswer(long number, DemoRequest request, DateTimeOffset now)
    {
        Request = request;
        CreatedUnixSeconds = now.ToUnixTimeSeconds();
        Id = number.ToString("x8", CultureInfo.InvariantCulture);
        var words = Texts[number % Texts.Length].Split(' ');
        Truncated = request.MaxOutput < words.Length;
        Words = Truncated ? words[..request.MaxOutput] : words;
        for (var i = 1; i < Words.Length; i++)
        {
            Words[i] = " " + Words[i];
        }
    }

    public DemoRequest Request { get; }

    public string Id { get; }

    public long CreatedUnixSeconds { get; }

    /// <summary>Each with its leading space, except the first.</summary>
    public string[] Words { get; }

    /// <summary>Cut short by the caller's cap.</summary>
    public bool Truncated { get; }

    public string Text => string.Concat(Words);

    public int InputTokens => Request.InputTokens;

    public int OutputTokens => Words.Length;

    public string Model => Request.Model;
}
