using System.Text.Json;

namespace Platform.FeatureFlags.Tests;

/// <summary>Flags of Microsoft's schema at random, always the same for a seed.</summary>
internal static class RandomMicrosoftFlags
{
    public static readonly string[] Groups = [.. Enumerable.Range(0, 12).Select(index => $"group-{index}")];

    public static byte[] File(Random random, int count, DateTimeOffset now) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        feature_management = new { feature_flags = Enumerable.Range(0, count).Select(index => Flag(random, index, now)).ToArray() },
    });

    public static string User(Random random) => random.Next(10) switch
    {
        0 => $"user-{random.Next(60)}",
        1 => new string('x', random.Next(50, 90)) + random.Next(),
        2 => $"пользователь-{random.Next(100_000)}",
        _ => $"user-{random.Next(1_000_000)}",
    };

    public static string[] SomeGroups(Random random) => [.. Enumerable.Range(0, random.Next(4)).Select(_ => Groups[random.Next(Groups.Length)]).Distinct()];

    private static Dictionary<string, object> Flag(Random random, int index, DateTimeOffset now)
    {
        var flag = new Dictionary<string, object> { ["id"] = $"flag-{index}", ["enabled"] = random.Next(10) > 0 };
        var conditions = new Dictionary<string, object>
        {
            ["client_filters"] = Enumerable.Range(0, random.Next(4)).Select(_ => Filter(random, now)).ToArray(),
        };
        if (random.Next(2) == 0)
        {
            conditions["requirement_type"] = random.Next(2) == 0 ? "All" : "Any";
        }

        flag["conditions"] = conditions;
        if (random.Next(3) > 0)
        {
            flag["variants"] = new object[] { Variant(random, "Alpha"), Variant(random, "Beta"), Variant(random, "Gamma") };
            flag["allocation"] = Allocation(random);
        }

        return flag;
    }

    private static Dictionary<string, object> Variant(Random random, string name)
    {
        var variant = new Dictionary<string, object> { ["name"] = name, ["configuration_value"] = $"value of {name}" };
        if (random.Next(4) == 0)
        {
            variant["status_override"] = random.Next(3) switch { 0 => "Enabled", 1 => "Disabled", _ => "None" };
        }

        return variant;
    }

    private static Dictionary<string, object> Allocation(Random random)
    {
        var (first, second) = (random.Next(101), random.Next(101));
        var allocation = new Dictionary<string, object>
        {
            ["percentile"] = new object[]
            {
                new { variant = "Alpha", from = 0, to = Math.Min(first, second) },
                new { variant = "Beta", from = Math.Min(first, second), to = Math.Max(first, second) },
                new { variant = random.Next(5) == 0 ? "Nobody" : "Gamma", from = Math.Max(first, second), to = random.Next(2) == 0 ? 100 : Math.Max(first, second) },
            },
        };
        if (random.Next(2) == 0)
        {
            allocation["default_when_enabled"] = "Gamma";
            allocation["default_when_disabled"] = "Alpha";
        }

        if (random.Next(2) == 0)
        {
            allocation["user"] = new object[] { new { variant = "Beta", users = Users(random) } };
            allocation["group"] = new object[] { new { variant = "Alpha", groups = SomeGroups(random) } };
        }

        if (random.Next(3) == 0)
        {
            allocation["seed"] = $"seed-{random.Next(5)}";
        }

        return allocation;
    }

    private static object Filter(Random random, DateTimeOffset now) => random.Next(5) switch
    {
        0 => new { name = random.Next(2) == 0 ? "Microsoft.TimeWindow" : "TimeWindow", parameters = Window(random, now) },
        1 => new { name = "AlwaysOn" },
        _ => new { name = random.Next(2) == 0 ? "Microsoft.Targeting" : "targeting", parameters = new { Audience = Audience(random) } },
    };

    private static Dictionary<string, object> Audience(Random random)
    {
        var audience = new Dictionary<string, object>
        {
            ["Users"] = Users(random),
            ["Groups"] = Enumerable.Range(0, random.Next(4))
                .Select(_ => new { Name = Groups[random.Next(Groups.Length)], RolloutPercentage = Percent(random) }).ToArray(),
            ["DefaultRolloutPercentage"] = Percent(random),
        };
        if (random.Next(3) == 0)
        {
            audience["Exclusion"] = new { Users = Users(random), Groups = SomeGroups(random) };
        }

        return audience;
    }

    /// <summary>A window whose edges lie at least ten minutes from now, so that both sides read their clocks on the same side of them.</summary>
    public static Dictionary<string, object> Window(Random random, DateTimeOffset now)
    {
        var offset = TimeSpan.FromHours(random.Next(-12, 13));
        var start = now.ToOffset(offset).AddDays(-random.Next(-5, 90)).AddMinutes(random.Next(10, 23 * 60));
        if (random.Next(3) == 0)
        {
            return new() { ["Start"] = start.ToString("o"), ["End"] = start.AddMinutes(random.Next(1, 20_000)).ToString("o") };
        }

        var weekly = random.Next(2) == 0;
        var interval = random.Next(1, 4);
        var days = Enum.GetValues<DayOfWeek>().Where(day => day == start.DayOfWeek || random.Next(3) == 0).Select(day => day.ToString()).ToArray();
        return new()
        {
            ["Start"] = start.ToString("o"),
            ["End"] = start.AddMinutes(random.Next(5, 1439)).ToString("o"),
            ["Recurrence"] = new
            {
                Pattern = weekly
                    ? (object)new { Type = "Weekly", Interval = interval, DaysOfWeek = days, FirstDayOfWeek = ((DayOfWeek)random.Next(7)).ToString() }
                    : new { Type = "Daily", Interval = interval },
                Range = random.Next(3) switch
                {
                    0 => (object)new { Type = "NoEnd" },
                    1 => new { Type = "EndDate", EndDate = start.AddDays(random.Next(1, 120)).ToString("o") },
                    _ => new { Type = "Numbered", NumberOfOccurrences = random.Next(1, 60) },
                },
            },
        };
    }

    private static string[] Users(Random random) => [.. Enumerable.Range(0, random.Next(8)).Select(_ => $"user-{random.Next(60)}").Distinct()];

    private static double Percent(Random random) => random.Next(5) switch
    {
        0 => 0,
        1 => 100,
        _ => Math.Round(random.NextDouble() * 100, random.Next(4)),
    };
}
