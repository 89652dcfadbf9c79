using Microsoft.AspNetCore.Hosting;
#if NET10_0_OR_GREATER
using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection;
#endif

namespace EdgeGw.Hosting;

/// <summary>What a server receives into.</summary>
/// <remarks>A receive costs two system calls and a turn of the server's pipe, whatever it brings: in the server's own blocks of 4 KiB, half of a large body's time (docs/performance.md).</remarks>
internal static class ReceiveBlocks
{
    /// <summary>Room for what a TLS record carries, and for twice that where there is no TLS.</summary>
    private const int Size = 32 * 1024;

    /// <summary>2 MiB in all: enough for everything that is in use at a time where no caller is slow.</summary>
    private const int Most = 64;

    /// <summary>Lets a server receive in large blocks. .NET 9 has no way to.</summary>
    /// <returns>The blocks, which are empty until a connection needs one.</returns>
    public static LargeBlocks Use(IWebHostBuilder server)
    {
        var blocks = new LargeBlocks(Size, Most);
#if NET10_0_OR_GREATER
        server.ConfigureServices(services =>
        {
            // The server's own pools are made by a service that it has registered; they give back what is idle, and stay behind ours.
            var own = services.Last(service => service.ServiceType == typeof(IMemoryPoolFactory<byte>)).ImplementationFactory!;
            services.AddSingleton<IMemoryPoolFactory<byte>>(provider => new Factory(blocks, (IMemoryPoolFactory<byte>)own(provider)));
        });
#endif
        return blocks;
    }

#if NET10_0_OR_GREATER
    private sealed class Factory(LargeBlocks blocks, IMemoryPoolFactory<byte> own) : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new LargeBlockPool(blocks, own.Create(options));
    }
#endif
}
