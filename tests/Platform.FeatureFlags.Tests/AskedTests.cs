using System.Globalization;

namespace Platform.FeatureFlags.Tests;

/// <summary>How often flags are asked.</summary>
public sealed class AskedTests
{
    [Fact]
    public void Each_way_to_ask_counts_once()
    {
        var flags = new LiveFlags(Make.Snapshot(new FlagDefinition { Name = "asked", Everyone = true }, new FlagDefinition { Name = "silent" }));
        var declared = Flag.Declare("asked");
        flags.IsEnabled("asked", new FlagContext());
        flags.IsEnabled(declared, new FlagContext());
        flags.Value(declared, new FlagContext());
        flags.Evaluate("asked", new FlagContext());
        flags.Evaluate("unknown", new FlagContext());
        Assert.Equal("asked=4", Text(flags));
        Assert.Equal("", Text(flags));
    }

    [Fact]
    public void Count_goes_on_while_the_flag_changes_and_threads_race()
    {
        var flags = new LiveFlags(Make.Snapshot(new FlagDefinition { Name = "asked" }));
        const int threads = 4;
        const int questions = 200_000;
        Parallel.For(0, threads, thread =>
        {
            for (var i = 0; i < questions; i++)
            {
                flags.IsEnabled("asked", new FlagContext());
                if (thread == 0 && i % 1_000 == 0)
                {
                    flags.Publish(FlagSnapshot.Compile(Make.Document(new FlagDefinition { Name = "asked", Note = $"{i}" }), previous: flags.Snapshot));
                }
            }
        });

        // Without a lock a few are lost where a thread is moved from one processor to another while it counts.
        Assert.InRange(flags.TakeAsked()["asked"], threads * questions * 0.99, threads * questions);
    }

    private static string Text(LiveFlags flags) =>
        string.Join(' ', flags.TakeAsked().Select(flag => string.Create(CultureInfo.InvariantCulture, $"{flag.Key}={flag.Value}")));
}
