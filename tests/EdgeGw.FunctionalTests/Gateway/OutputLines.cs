using System.Collections.Concurrent;
using System.Text.Json;

namespace EdgeGw.FunctionalTests.Gateway;

/// <summary>What a process prints, line by line, as it comes.</summary>
internal sealed class OutputLines
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<RequestRecord> _records = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IReadOnlyCollection<RequestRecord> Records => _records;

    public string Text => string.Join('\n', _lines);

    public async Task PumpAsync(TextReader reader)
    {
        JsonException? broken = null;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (broken is not null)
            {
                throw broken;
            }
            _lines.Enqueue(line);
            try
            {
                if (RequestRecord.Parse(line) is { } record)
                {
                    _records.Enqueue(record);
                }
            }
            catch (JsonException fault)
            {
                // A kill may cut the last line off, and no other.
                broken = fault;
            }
        }
    }

    /// <summary>The first record that fits, waited for: records follow their answers.</summary>
    public async Task<RequestRecord> RecordAsync(Func<RequestRecord, bool> fits, string what, TimeSpan? patience = null)
    {
        RequestRecord? found = null;
        await Eventually.TrueAsync(() => (found = _records.FirstOrDefault(fits)) is not null, $"a usage record of {what}", patience);
        return found!;
    }

    public Task<RequestRecord> RecordOfCallAsync(string id, TimeSpan? patience = null) => RecordAsync(record => record.Call == id, $"call {id}", patience);
}
