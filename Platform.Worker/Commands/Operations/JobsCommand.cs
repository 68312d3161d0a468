using Platform.Messaging.Jobs;

namespace Platform.Worker.Commands.Operations;

/// <summary>Shows recurring jobs, and makes one due, see <see cref="IRecurringJobs"/>.</summary>
internal sealed class JobsCommand : OperatorCommand
{
    private const string Json = "json";

    public override string Name => "jobs";

    public override string Summary => "show recurring jobs with their last and next run, or run one now";

    protected override string Usage => """
        Platform.Worker -- jobs <verb>

          list [--json]             schedule, last run, its error, next run, who runs it
          run  <job> [--reason <text>] [--actor <id>]
                           make it due now; a process that declares it starts it within seconds

        Exit codes: 0 done, 1 failed, 2 not understood. The database is ConnectionStrings__platformdb, else that of the AppHost running here.
        """;

    protected override async Task<int> RunAsync(IServiceProvider services, string verb, string[] arguments, CancellationToken cancellationToken)
    {
        var jobs = services.GetRequiredService<IRecurringJobs>();
        switch (verb)
        {
            case "list":
                var json = Read(arguments).OfWords(0).Has(Json);
                var list = await jobs.ListAsync(cancellationToken);
                var table = new TextTable("JOB", "SCHEDULE", "RUNS", "STARTED", "COMPLETED", "DUE", "OWNER", "ERROR");
                foreach (var job in list)
                {
                    table.Add(job.Name, job.Schedule, job.Runs, job.StartedAt, job.CompletedAt, job.DueAt, job.Owner, job.LastError);
                }

                await PrintAsync(json ? OperatorJson.Write(list) : table.ToString());
                return Done;
            case "run":
                var line = Read(arguments, "reason", "actor").OfWords(1);
                await jobs.RunNowAsync(line.Words[0], line.Action(needsReason: false), cancellationToken);
                await PrintAsync("due now");
                return Done;
            default:
                throw UnknownVerb(verb);
        }
    }
}
