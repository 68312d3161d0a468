using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Registers the requests of persons about their data.</summary>
public static class SubjectExtensions
{
    /// <summary>
    /// Adds <see cref="ISubjectRequests"/> over what the building blocks keep: events, dead letters, answers for repeated requests, the audit trail. The business
    /// adds its <see cref="ISubjectDirectory"/>, and an <see cref="ISubjectData"/> for each place that holds data of persons.
    /// </summary>
    /// <typeparam name="TContext">The context, with messaging, idempotency and audit in its model.</typeparam>
    public static IServiceCollection AddSubjectRequests<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddScoped<ISubjectRequests, SubjectRequests<TContext>>();
        foreach (var place in StoredPlace.OfMessaging)
        {
            services.AddScoped<ISubjectData>(provider => new StoredCopies<TContext>(provider.GetRequiredService<TContext>(), place));
        }

        services.AddScoped<ISubjectData, IdempotentAnswers<TContext>>();
        services.AddScoped<ISubjectData, AuditMentions>();
        return services;
    }
}
