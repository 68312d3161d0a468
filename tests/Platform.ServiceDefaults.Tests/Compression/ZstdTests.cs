using System.Text;
using Platform.ServiceDefaults.Compression;
using ZstdSharp;

namespace Platform.ServiceDefaults.Tests.Compression;

public sealed class ZstdTests
{
    private readonly ZstdCompressionProvider _provider = new();

    [Fact]
    public async Task Answer_that_breaks_off_leaves_nothing_to_the_next_one()
    {
        var secret = new byte[200_000];
        new Random(7).NextBytes(secret);
        for (var round = 0; round < 20; round++)
        {
            var broken = _provider.CreateStream(new LimitedStream(10_000));
            await Assert.ThrowsAsync<IOException>(async () => await broken.WriteAsync(secret, TestContext.Current.CancellationToken));
            await Assert.ThrowsAsync<IOException>(async () => await broken.DisposeAsync());

            Assert.Equal($"answer {round}", await CarryAsync(Encoding.UTF8.GetBytes($"answer {round}")));
        }
    }

    [Fact]
    public async Task Answers_that_are_made_at_once_do_not_mix()
    {
        var texts = Enumerable.Range(0, 200).Select(n => string.Concat(Enumerable.Repeat($"{n} is not {n + 1}; ", 50 + (n * 20)))).ToArray();
        var carried = await Task.WhenAll(texts.Select(text => Task.Run(() => CarryAsync(Encoding.UTF8.GetBytes(text)))));
        Assert.Equal(texts, carried);
    }

    [Fact]
    public async Task What_is_flushed_can_be_read_at_once()
    {
        using var packed = new MemoryStream();
        await using var stream = _provider.CreateStream(packed);
        await stream.WriteAsync("first"u8.ToArray(), TestContext.Current.CancellationToken);
        await stream.FlushAsync(TestContext.Current.CancellationToken);

        using var sent = new MemoryStream(packed.ToArray());
        await using var plain = new DecompressionStream(sent);
        var text = new byte[5];
        await plain.ReadExactlyAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal("first", Encoding.UTF8.GetString(text));
    }

    private async Task<string> CarryAsync(byte[] text)
    {
        using var packed = new MemoryStream();
        await using (var stream = _provider.CreateStream(packed))
        {
            foreach (var piece in text.Chunk(4096))
            {
                await stream.WriteAsync(piece, TestContext.Current.CancellationToken);
            }
        }

        packed.Position = 0;
        await using var plain = new DecompressionStream(packed);
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A connection that is cut after so many bytes.</summary>
    private sealed class LimitedStream(int most) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (Length + buffer.Length > most)
            {
                throw new IOException("Cut.");
            }

            base.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}
