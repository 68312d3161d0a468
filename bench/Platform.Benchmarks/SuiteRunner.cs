using System.Globalization;
using Platform.Benchmarks.Binding;
using Platform.Benchmarks.Budgets;
using Platform.Benchmarks.Drain;
using Platform.Benchmarks.Flags;
using Platform.Benchmarks.GraphQL;
using Platform.Benchmarks.Http;
using Platform.Benchmarks.Outbox;
using Platform.Benchmarks.Redaction;
using Platform.Benchmarks.Rotation;
using Platform.Benchmarks.Start;
using Platform.Benchmarks.Sync;
using Platform.Benchmarks.Tracing;

namespace Platform.Benchmarks;

/// <summary>Runs a suite by its name, shows its figures and writes them to <c>bench/results/&lt;suite&gt;.json</c>.</summary>
internal static class SuiteRunner
{
    private const int UsageError = 2;

    /// <summary>A suite measures and gives its figures by name. Quick: at most 60 seconds.</summary>
    private delegate Task<IReadOnlyDictionary<string, double>> Suite(bool quick, TextWriter output, CancellationToken cancellationToken);

    private static readonly SortedDictionary<string, Suite> Suites = new(StringComparer.Ordinal)
    {
        ["binding"] = (quick, output, cancellationToken) => new BindingSuite(quick, output).RunAsync(cancellationToken),
        ["budgets"] = (quick, output, cancellationToken) => new BudgetsSuite(quick, output).RunAsync(cancellationToken),
        ["flags"] = (quick, output, cancellationToken) => new FlagsSuite(quick, output).RunAsync(cancellationToken),
        ["drain"] = (quick, output, cancellationToken) => new DrainSuite(quick, output).RunAsync(cancellationToken),
        ["graphql"] = (quick, output, cancellationToken) => new GraphQLSuite(quick, output).RunAsync(cancellationToken),
        ["http"] = (quick, output, cancellationToken) => new HttpSuite(quick, output).RunAsync(cancellationToken),
        ["outbox"] = (quick, output, cancellationToken) => new OutboxSuite(quick, output).RunAsync(cancellationToken),
        ["redaction"] = (quick, output, _) => Task.FromResult(new RedactionSuite(quick, output).Run()),
        ["rotation"] = (quick, output, cancellationToken) => new RotationSuite(quick, output).RunAsync(cancellationToken),
        ["tracing"] = (quick, output, _) => Task.FromResult(new TracingSuite(quick, output).Run()),
        ["sync"] = (quick, output, cancellationToken) => new SyncSuite(quick, output).RunAsync(cancellationToken),
        ["start"] = (quick, output, cancellationToken) => new StartSuite(quick, output).RunAsync(cancellationToken),
    };

    /// <param name="arguments">The suite's name, and perhaps <c>--quick</c>.</param>
    /// <param name="cancellationToken">Breaks the run off.</param>
    /// <returns>The program's exit code.</returns>
    public static async Task<int> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        if (arguments is not [var name, ..] || !Suites.TryGetValue(name, out var suite) || arguments.Skip(1).Any(argument => argument != "--quick"))
        {
            await Console.Error.WriteLineAsync($"Usage: dotnet run -c Release --project bench/Platform.Benchmarks -- <suite> [--quick]\nSuites: {string.Join(", ", Suites.Keys)}");
            return UsageError;
        }

        var quick = arguments.Contains("--quick");
        var figures = await suite(quick, Console.Out, cancellationToken);
        var width = figures.Keys.Select(figure => figure.Length).DefaultIfEmpty().Max();
        Console.WriteLine();
        foreach (var (figure, value) in figures)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{figure.PadRight(width)}  {value:0.###}"));
        }
        var file = await ResultsFile.WriteAsync(name, figures, cancellationToken);
        Console.WriteLine($"\n{file}");
        return 0;
    }
}
