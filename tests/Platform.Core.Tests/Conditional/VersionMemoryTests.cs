using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Platform.Conditional;

namespace Platform.Core.Tests.Conditional;

public sealed class VersionMemoryTests
{
    private static readonly Guid Id = new("01900000-0000-7000-8000-000000000001");
    private static readonly Guid OtherId = new("01900000-0000-7000-8000-000000000002");
    private static readonly VersionKey Order = new("order", "GetOrder", Id, null);
    private static readonly VersionKey Orders = new("order", "ListOrders", Guid.Empty, "?limit=5");

    private readonly FakeTimeProvider _time = new();
    private readonly VersionMemory _memory;

    public VersionMemoryTests() => _memory = Memory(new ConditionalOptions());

    [Fact]
    public void Nothing_is_given_out_before_somebody_confirms_that_changes_are_told()
    {
        Remember(Order);
        Assert.False(_memory.TryGet(Order, out _));
        _memory.Confirm(_time.GetTimestamp());
        Assert.True(_memory.TryGet(Order, out var version));
        Assert.Equal("\"v1\"", version.ETag);
    }

    [Fact]
    public void Nothing_is_given_out_that_is_confirmed_longer_ago_than_the_bound()
    {
        _memory.Confirm(_time.GetTimestamp());
        Remember(Order);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_memory.TryGet(Order, out _));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.False(_memory.TryGet(Order, out _));
        _memory.Confirm(_time.GetTimestamp());
        Assert.True(_memory.TryGet(Order, out _));
    }

    [Fact]
    public void Change_makes_the_resource_and_every_list_of_its_kind_unknown_and_nothing_else()
    {
        _memory.Confirm(_time.GetTimestamp());
        var other = Order with { Id = OtherId };
        var customer = Order with { Kind = "customer" };
        Remember(Order, Orders, other, customer);
        _memory.Changed("order", Id);
        Assert.False(_memory.TryGet(Order, out _));
        Assert.False(_memory.TryGet(Orders, out _));
        Assert.True(_memory.TryGet(other, out _));
        Assert.True(_memory.TryGet(customer, out _));
    }

    [Fact]
    public void Version_that_was_read_while_the_resource_changed_is_not_remembered()
    {
        _memory.Confirm(_time.GetTimestamp());
        var token = _memory.Token(Order);
        _memory.Changed("order", Id);
        _memory.Remember(Order, token, new Validators("\"old\"", null));
        Assert.False(_memory.TryGet(Order, out _));
    }

    [Fact]
    public void After_a_gap_nothing_from_before_counts_also_when_it_comes_in_late()
    {
        _memory.Confirm(_time.GetTimestamp());
        Remember(Order);
        var token = _memory.Token(Orders);
        _memory.Forget();
        _memory.Confirm(_time.GetTimestamp());
        _memory.Remember(Orders, token, new Validators("\"old\"", null));
        Assert.False(_memory.TryGet(Order, out _));
        Assert.False(_memory.TryGet(Orders, out _));
    }

    [Fact]
    public void Memory_is_bounded_and_keeps_what_is_asked_for()
    {
        var memory = Memory(new ConditionalOptions { RememberedVersions = 200 });
        memory.Confirm(_time.GetTimestamp());
        memory.Remember(Order, memory.Token(Order), new Validators("\"v1\"", null));
        var keys = Enumerable.Range(0, 1_000).Select(i => Orders with { Query = $"?{i}" }).ToArray();
        foreach (var key in keys)
        {
            memory.Remember(key, memory.Token(key), new Validators("\"v1\"", null));
            Assert.True(memory.TryGet(Order, out _));
        }

        Assert.InRange(keys.Count(key => memory.TryGet(key, out _)), 1, 200);
    }

    [Fact]
    public void Bound_of_zero_turns_the_memory_off()
    {
        var memory = Memory(new ConditionalOptions { MaxStaleness = TimeSpan.Zero });
        memory.Confirm(_time.GetTimestamp());
        memory.Remember(Order, memory.Token(Order), new Validators("\"v1\"", null));
        Assert.False(memory.TryGet(Order, out _));
    }

    private VersionMemory Memory(ConditionalOptions options) => new(Options.Create(options), _time);

    private void Remember(params IEnumerable<VersionKey> keys)
    {
        foreach (var key in keys)
        {
            _memory.Remember(key, _memory.Token(key), new Validators("\"v1\"", null));
        }
    }
}
