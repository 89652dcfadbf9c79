using System.Diagnostics;
using System.Globalization;

namespace EdgeGw.Storage.CrashWriter;

/// <summary>What a writer tells its test: that a record is durable, and when it learned of it.</summary>
/// <param name="Sequence">The record's sequence.</param>
/// <param name="Writer">Which of several writers.</param>
/// <param name="Number">The writer's n-th record.</param>
/// <param name="At"><see cref="Stopwatch.GetTimestamp"/>, which on Linux is one clock for all processes.</param>
public readonly record struct Acknowledgement(long Sequence, int Writer, long Number, long At)
{
    public static void Print(long sequence, int writer = 0, long number = 0)
    {
        string line = string.Create(CultureInfo.InvariantCulture, $"{sequence} {writer} {number} {Stopwatch.GetTimestamp()}");
        lock (Console.Out) Console.WriteLine(line);
    }

    public static Acknowledgement Parse(string line)
    {
        long[] parts = [.. line.Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture))];
        return new Acknowledgement(parts[0], (int)parts[1], parts[2], parts[3]);
    }
}
