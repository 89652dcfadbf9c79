using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EdgeGw.Metering.Framing;
using EdgeGw.Metering.Json;

namespace EdgeGw.Metering.Shapes;

/// <summary>Makes an event the example of a shape: the stream's own parsers read it once more, and what they tell is noted.</summary>
internal sealed class ShapeRecorder : IJsonSink
{
    private EventShape? _shape;
    private byte[] _example = [];
    private int _documents;
    private bool _exact;

    /// <summary>Everything that reading <paramref name="event"/> does is in <paramref name="shape"/>, which then lacks only its end.</summary>
    public bool TryRecord(ReadOnlySpan<byte> @event, PathTable paths, EventShape shape)
    {
        if (!shape.TryBegin(@event, out _example))
        {
            return false;
        }
        _shape = shape;
        _documents = 0;
        _exact = true;
        var lines = new Lines(_example);
        var parser = new SseParser<Lines>();
        parser.Reset();
        parser.Write(_example.AsSpan(0, @event.Length), ref lines);
        if (!parser.IsBetweenEvents || !lines.IsPlain || !shape.TryFindScalars(lines.Start, lines.Length))
        {
            return false;
        }
        var walker = new JsonWalker();
        walker.Reset(paths);
        walker.Write(_example.AsSpan(lines.Start, lines.Length), this);
        return _exact && _documents == 1 && !walker.InDocument;
    }

    public void OnDocumentStart()
    {
        _documents++;
        _exact &= _shape!.TryAddStart();
    }

    public void OnValue(Slot slot, JsonKind kind, ReadOnlySpan<byte> value, long length) =>
        _exact &= length == value.Length && _shape!.TryAddValue(slot, kind, Offset(_example, value), value.Length);

    public void OnObjectEnd(Slot slot) => _exact &= _shape!.TryAddObjectEnd(slot);

    public void OnDocumentEnd(bool complete) => _exact &= complete && _shape!.TryAddEnd();

    /// <summary>Where a slice begins, an empty one too.</summary>
    private static int Offset(byte[] whole, ReadOnlySpan<byte> slice) =>
        (int)Unsafe.ByteOffset(ref MemoryMarshal.GetArrayDataReference(whole), ref MemoryMarshal.GetReference(slice));

    /// <summary>Finds the one data line of a plain event.</summary>
    private struct Lines(byte[] example) : ISseHandler
    {
        private int _pieces;
        private int _events;
        private bool _hasError;

        public int Start { get; private set; }

        public int Length { get; private set; }

        public readonly bool IsPlain => _pieces == 1 && _events == 1 && !_hasError && Length > 0 && example[Start] == '{';

        public void OnData(ReadOnlySpan<byte> piece)
        {
            _pieces++;
            Start = Offset(example, piece);
            Length = piece.Length;
        }

        public void OnErrorField(ReadOnlySpan<byte> piece) => _hasError = true;

        public void OnEvent(ReadOnlySpan<byte> name) => _events++;
    }
}
