namespace Platform.Benchmarks.Flags;

/// <summary>
/// Times questions side by side: in each round every question has its turn, in short batches of which the quickest counts, so that what else the
/// machine does falls out; over the rounds, the median.
/// </summary>
internal sealed class FlagClock(int rounds, int batches)
{
    private static readonly TimeSpan Batch = TimeSpan.FromMilliseconds(0.5);
    private static readonly TimeSpan Warm = TimeSpan.FromMilliseconds(400);

    /// <summary>Nanoseconds and bytes of one answer.</summary>
    public async Task<IReadOnlyDictionary<FlagQuestion, FlagTiming>> RunAsync(IReadOnlyList<FlagQuestion> questions, CancellationToken cancellationToken)
    {
        var sizes = new Dictionary<FlagQuestion, int>();
        foreach (var question in questions)
        {
            sizes[question] = await WarmAsync(question, cancellationToken);
        }

        var times = questions.ToDictionary(question => question, _ => new double[rounds]);
        var bytes = questions.ToDictionary(question => question, _ => double.MaxValue);
        for (var round = 0; round < rounds; round++)
        {
            foreach (var question in questions)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (best, size) = (double.MaxValue, sizes[question]);
                for (var batch = 0; batch < batches; batch++)
                {
                    var allocated = GC.GetAllocatedBytesForCurrentThread();
                    var started = TimeProvider.System.GetTimestamp();
                    await question.AskAsync(size);
                    best = Math.Min(best, TimeProvider.System.GetElapsedTime(started).TotalNanoseconds / size);
                    bytes[question] = Math.Min(bytes[question], (double)(GC.GetAllocatedBytesForCurrentThread() - allocated) / size);
                }

                times[question][round] = best;
            }
        }

        // A batch of a question that answers at once still allocates a few bytes for the batch; under half a byte an answer there is none in it.
        return questions.ToDictionary(question => question, question => new FlagTiming(times[question], Math.Round(bytes[question])));
    }

    /// <summary>Lets the code reach its last tier, and finds how many answers fill a batch.</summary>
    private static async Task<int> WarmAsync(FlagQuestion question, CancellationToken cancellationToken)
    {
        var size = 16;
        for (var i = 0; i < 3; i++)
        {
            var started = TimeProvider.System.GetTimestamp();
            while (TimeProvider.System.GetElapsedTime(started) < Warm)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var batch = TimeProvider.System.GetTimestamp();
                await question.AskAsync(size);
                if (TimeProvider.System.GetElapsedTime(batch) < Batch && size < 1 << 20)
                {
                    size *= 2;
                }
            }

            // Compiling in the background takes turns with asking.
            await Task.Delay(Warm / 4, TimeProvider.System, cancellationToken);
        }

        return size;
    }
}

/// <summary>How long an answer took, round by round, and what it allocated.</summary>
internal sealed record FlagTiming(double[] Rounds, double Bytes)
{
    public double Nanoseconds => Median(Rounds);

    /// <summary>How many times as long the other took, round against round.</summary>
    public double Over(FlagTiming quicker) => Median([.. Rounds.Zip(quicker.Rounds, (mine, theirs) => mine / theirs)]);

    private static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }
}
