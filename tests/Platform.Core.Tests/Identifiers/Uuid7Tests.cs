using System.Buffers.Binary;
using Microsoft.Extensions.Time.Testing;
using Platform.Identifiers;

namespace Platform.Core.Tests.Identifiers;

public sealed class Uuid7Tests
{
    [Fact]
    public void Id_has_version_7_and_the_variant_of_rfc_9562()
    {
        var text = Uuid7.Next(TimeProvider.System).ToString("D");
        Assert.Equal('7', text[14]);
        Assert.Contains(text[19], "89ab");
    }

    [Fact]
    public void Id_holds_the_milliseconds_of_the_clock()
    {
        // Later than any clock of the other tests, because ids never go back behind those that were made.
        var clock = new FakeTimeProvider(new DateTimeOffset(9000, 5, 6, 7, 8, 9, 123, TimeSpan.Zero));
        var bytes = Uuid7.Next(clock).ToByteArray(bigEndian: true);
        var milliseconds = bytes.Take(6).Aggregate(0L, (sum, value) => (sum << 8) | value);
        Assert.Equal(clock.GetUtcNow().ToUnixTimeMilliseconds(), milliseconds);
    }

    [Fact]
    public void Ids_grow_though_the_clock_stands_still_and_then_jumps_back()
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2091, 1, 1, 0, 0, 0, TimeSpan.Zero)) { };
        var ids = Enumerable.Range(0, 10_000).Select(_ => Uuid7.Next(clock)).ToList();
        ids.Add(Uuid7.Next(TimeProvider.System));
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task The_random_part_never_comes_again()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => Enumerable.Range(0, 20_000).Select(_ => BinaryPrimitives.ReadUInt64BigEndian(Uuid7.Next(TimeProvider.System).ToByteArray(bigEndian: true).AsSpan(8))).ToArray())));
        var random = made.SelectMany(parts => parts).ToArray();
        Assert.Equal(random.Length, random.Distinct().Count());

        // Each bit that is not of the variant is set in about half of them: seven standard deviations is never.
        for (var bit = 0; bit < 62; bit++)
        {
            Assert.InRange(random.Count(part => (part >> bit & 1) == 1), 39_000, 41_000);
        }
    }

    [Fact]
    public async Task Ids_of_racing_threads_are_distinct_and_grow_within_each()
    {
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, 20_000).Select(_ => Uuid7.Next(TimeProvider.System)).ToArray())));
        Assert.Equal(8 * 20_000, made.SelectMany(ids => ids).Distinct().Count());
        Assert.All(made, ids => Assert.Equal(ids.Order(), ids));
    }
}
