using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.GraphQL.Transport.Steps;

namespace Platform.GraphQL.Transport;

/// <summary>The steps from a request to its result, in the order in which they run.</summary>
internal static class TransportSteps
{
    /// <summary>Adds them, each once.</summary>
    public static IServiceCollection AddTransportSteps(this IServiceCollection services) => services
        .AddStep<CheckMethod>()
        .AddStep<NegotiateMediaType>()
        .AddStep<FindPayer>()
        .AddStep<LimitBody>()
        .AddStep<ReadGetParameters>()
        .AddStep<ReadPostParameters>()
        .AddStep<ReadUploads>()
        .AddStep<FindDocument>()
        .AddStep<ParseDocument>()
        .AddStep<SelectOperation>()
        .AddStep<CheckLimits>()
        .AddStep<TakeFromBudget>()
        .AddStep<ExecuteOperation>()
        .AddStep<RememberDocument>();

    private static IServiceCollection AddStep<TStep>(this IServiceCollection services)
        where TStep : class, ITransportStep
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITransportStep, TStep>());
        return services;
    }
}
