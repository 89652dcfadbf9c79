using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace EdgeGw.LoadTests.Net;

/// <summary>Linux's epoll with a timer descriptor in it. Level-triggered: what is not taken is told again.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int CloseOnExec = 0x80000;
    private const int Monotonic = 1;
    private const int AbsoluteTime = 1;
    private const int OperationAdd = 1;
    private const int OperationModify = 3;
    private const uint In = 1;
    private const uint Out = 4;
    private const uint Failed = 8 | 16;
    private const int Interrupted = 4;

    // The kernel packs the structure on x86-64 alone.
    private static readonly int DataOffset = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int EventSize = DataOffset + sizeof(long);

    private readonly byte[] _events;
    private readonly (long Token, bool Readable, bool Writable)[] _ready;
    private readonly int _epoll = Checked(Create(CloseOnExec));
    private readonly int _timer = Checked(CreateTimer(Monotonic, CloseOnExec));
    private long _timerAt;

    /// <param name="batch">Events taken at once at most.</param>
    public Epoll(int batch)
    {
        _events = new byte[batch * EventSize];
        _ready = new (long, bool, bool)[batch];
        Control(OperationAdd, _timer, In, 0);
    }

    /// <param name="token">Comes back with each event; not 0, which is the timer's.</param>
    public void Add(Socket socket, long token) => Control(OperationAdd, Descriptor(socket), In, token);

    public void Watch(Socket socket, long token, bool read, bool write) =>
        Control(OperationModify, Descriptor(socket), (read ? In : 0) | (write ? Out : 0), token);

    /// <summary>The next wait ends then.</summary>
    /// <returns>Always true for a moment that is still to come; false for one that needs no waiting.</returns>
    public bool SetTimer(long nanoseconds)
    {
        if (nanoseconds <= Measuring.Clock.Now)
        {
            return false;
        }
        if (nanoseconds != _timerAt)
        {
            _timerAt = nanoseconds;
            var when = new TimerSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
            Checked(ArmTimer(_timer, AbsoluteTime, in when, 0));
        }
        return true;
    }

    /// <summary>What is ready, once there is something or the time is over. Valid until the next call.</summary>
    public ReadOnlySpan<(long Token, bool Readable, bool Writable)> Wait(int milliseconds)
    {
        int count;
        fixed (byte* events = _events)
        {
            count = Wait(_epoll, events, _ready.Length, milliseconds);
        }
        if (count < 0)
        {
            return Marshal.GetLastPInvokeError() == Interrupted ? [] : throw new Win32Exception();
        }
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            var one = _events.AsSpan(i * EventSize, EventSize);
            var (flags, token) = (MemoryMarshal.Read<uint>(one), MemoryMarshal.Read<long>(one[DataOffset..]));
            if (token == 0)
            {
                long expirations;
                _ = Read(_timer, &expirations, sizeof(long));
                _timerAt = 0;
            }
            else
            {
                // A failed socket is told as readable: the receive then says what is the matter.
                _ready[kept++] = (token, (flags & (In | Failed)) != 0, (flags & Out) != 0);
            }
        }
        return _ready.AsSpan(0, kept);
    }

    public void Dispose()
    {
        _ = Close(_timer);
        _ = Close(_epoll);
    }

    private void Control(int operation, int descriptor, uint flags, long token)
    {
        var one = stackalloc byte[16];
        *(uint*)one = flags;
        Marshal.WriteInt64((nint)one, DataOffset, token);
        Checked(Control(_epoll, operation, descriptor, one));
    }

    private static int Descriptor(Socket socket) => (int)socket.SafeHandle.DangerousGetHandle();

    private static int Checked(int result) => result >= 0 ? result : throw new Win32Exception();

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* one);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, byte* events, int size, int milliseconds);

    [LibraryImport("libc", EntryPoint = "timerfd_create", SetLastError = true)]
    private static partial int CreateTimer(int clock, int flags);

    [LibraryImport("libc", EntryPoint = "timerfd_settime", SetLastError = true)]
    private static partial int ArmTimer(int timer, int flags, in TimerSpec when, nint before);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, void* to, nint size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimerSpec
    {
        public long IntervalSeconds;
        public long IntervalNanoseconds;
        public long Seconds;
        public long Nanoseconds;
    }
}
