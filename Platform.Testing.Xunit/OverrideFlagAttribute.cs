using System.Collections.Concurrent;
using System.Reflection;
using Platform.FeatureFlags;
using Xunit.v3;

namespace Platform.Testing.Xunit;

/// <summary>Turns a flag for one test, or for each test of a class: the answers of every host in the process, and not those of tests that run beside it.</summary>
/// <remarks>
/// The same as <see cref="FlagOverride.Flag(string, bool)"/> around the body of the test, so it does not reach a server on a socket. On a method it
/// beats the one on the class. May stand there several times.
/// </remarks>
/// <param name="name">The flag.</param>
/// <param name="enabled">On or off; on by default.</param>
/// <example><code>
/// [Fact]
/// [OverrideFlag("new_dashboard")]
/// public void Dashboard_is_new() { }
/// </code></example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method, AllowMultiple = true)]
public sealed class OverrideFlagAttribute(string name, bool enabled = true) : BeforeAfterTestAttribute
{
    // One attribute serves every case of a theory, several at once.
    private readonly ConcurrentDictionary<IXunitTest, IDisposable> _open = new();

    /// <summary>The flag.</summary>
    public string Name { get; } = name;

    /// <summary>On or off.</summary>
    public bool Enabled { get; } = enabled;

    /// <inheritdoc/>
    public override void Before(MethodInfo methodUnderTest, IXunitTest test) => _open[test] = FlagOverride.Flag(Name, Enabled);

    /// <inheritdoc/>
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (_open.TryRemove(test, out var open))
        {
            open.Dispose();
        }
    }
}
