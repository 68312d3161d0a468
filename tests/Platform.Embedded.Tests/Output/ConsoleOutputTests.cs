using System.Text;
using Platform.Embedded.Output;

namespace Platform.Embedded.Tests.Output;

public sealed class ConsoleOutputTests
{
    [Fact]
    public async Task Lines_stand_under_the_name_of_their_resource_in_one_column()
    {
        using var writer = new StringWriter();
        await using (var output = new ConsoleOutput(["api", "postgres"], writer, colour: false))
        {
            output.Show("api", "listens");
            output.Show("postgres", "is ready");
            output.Say("ready in 1.0 s");
        }
        Assert.Equal(["api      | listens", "postgres | is ready", "ready in 1.0 s", ""], writer.ToString().Split(Environment.NewLine));
    }

    [Fact]
    public async Task The_engine_goes_on_when_nobody_reads_its_output()
    {
        using var writer = new StalledWriter();
        var output = new ConsoleOutput(["api"], writer, colour: false);
        for (var line = 0; line < 50_000; line++)
        {
            output.Show("api", "more than fits into any pipe");
        }
        await output.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private sealed class StalledWriter : TextWriter
    {
        private readonly ManualResetEventSlim _go = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void WriteLine(string? value) => _go.Wait();

        protected override void Dispose(bool disposing)
        {
            _go.Set();
            base.Dispose(disposing);
        }
    }
}
