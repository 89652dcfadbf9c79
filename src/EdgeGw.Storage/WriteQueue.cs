namespace EdgeGw.Storage;

/// <summary>
/// One thread that runs writes in order. Not pool threads: those may all be waiting inside FASTER for just these writes.
/// </summary>
internal sealed class WriteQueue : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Action> _writes = [];
    private readonly Thread _thread;
    private bool _stopping;

    internal WriteQueue(string name)
    {
        _thread = new Thread(Run) { Name = name, IsBackground = true };
        _thread.Start();
    }

    internal void Add(Action write)
    {
        lock (_gate)
        {
            _writes.Enqueue(write);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Returns when all that was added has been run.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run()
    {
        while (true)
        {
            Action write;
            lock (_gate)
            {
                while (_writes.Count == 0)
                {
                    if (_stopping) return;
                    Monitor.Wait(_gate);
                }

                write = _writes.Dequeue();
            }

            write();
        }
    }
}
