using System.Collections.Concurrent;

namespace Platform.FeatureFlags;

/// <summary>Declares flags once, so that a misspelt name does not compile where it is asked.</summary>
/// <example><code>
/// internal static class AppFlags
/// {
///     public static readonly Flag&lt;bool&gt; NewDashboard = Flag.Declare("new_dashboard");
///     public static readonly Flag&lt;int&gt; PageSize = Flag.Declare("page_size", fallback: 20);
/// }
///
/// if (flags.IsEnabled(AppFlags.NewDashboard, context)) { }
/// </code></example>
public static class Flag
{
    private static readonly ConcurrentDictionary<string, byte> Names = new(StringComparer.Ordinal);

    /// <summary>The names that the code of this process declared so far.</summary>
    public static IReadOnlyCollection<string> Declared => (IReadOnlyCollection<string>)Names.Keys;

    /// <summary>Declares a flag that is on or off.</summary>
    /// <param name="name">1 to 200 characters.</param>
    public static Flag<bool> Declare(string name) => new(Checked(name), fallback: false);

    /// <summary>Declares a flag whose variants hold a value.</summary>
    /// <param name="name">1 to 200 characters.</param>
    /// <param name="fallback">The value where there is no variant, or one of another shape.</param>
    public static Flag<T> Declare<T>(string name, T fallback)
    {
        ArgumentNullException.ThrowIfNull(fallback);
        return new(Checked(name), fallback);
    }

    private static string Checked(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, FlagLimits.NameLength, nameof(name));
        Names.TryAdd(name, 0);
        return name;
    }
}

/// <summary>A declared flag. Keep it in a static field: it remembers where the flag stands in the present snapshot.</summary>
/// <typeparam name="T"><see cref="bool"/>, or the type of the variants' value.</typeparam>
public sealed class Flag<T>
{
    private FlagPlace? _place;

    internal Flag(string name, T fallback)
    {
        Name = name;
        Fallback = fallback;
    }

    /// <summary>The flag's name.</summary>
    public string Name { get; }

    /// <summary>The value where the flag has none.</summary>
    public T Fallback { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal CompiledFlag? In(FlagSnapshot snapshot)
    {
        var place = Volatile.Read(ref _place);
        if (place is null || !ReferenceEquals(place.Snapshot, snapshot))
        {
            place = new FlagPlace(snapshot, snapshot.Find(Name));
            Volatile.Write(ref _place, place);
        }

        return place.Flag;
    }
}

internal sealed record FlagPlace(FlagSnapshot Snapshot, CompiledFlag? Flag);
