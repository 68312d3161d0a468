using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Platform.ServiceDefaults.FeatureFlags.Outcomes;

/// <summary>Before everything else of the pipeline, so that it sees the status that the caller gets.</summary>
internal sealed class OutcomeFilter(FlagOutcomes outcomes, TimeProvider time) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            var started = time.GetTimestamp();
            await rest(context);
            outcomes.Count(context, time.GetElapsedTime(started));
        });
        next(app);
    };
}
