using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Platform.Redaction.Subjects;

namespace Platform.EntityFrameworkCore.Redaction;

/// <summary>Registers what the building blocks hold of persons.</summary>
public static class SubjectExtensions
{
    /// <summary>
    /// Adds an <see cref="ISubjectData"/> for each place of the building blocks that may hold data of persons: events, dead letters, answers for repeated requests, what operators
    /// wrote, feature flags and their history, the audit trail. They work in the transaction of the context that the caller has begun.
    /// </summary>
    /// <typeparam name="TContext">
    /// The context, with idempotency, audit and feature flags in its model, and <see cref="ErasableHistory"/> in its migrations. Their stores are registered too.
    /// </typeparam>
    public static IServiceCollection AddSubjectCopies<TContext>(this IServiceCollection services)
        where TContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(services);

        // What is changed leaves a trace in the history, which comes after it.
        services.AddScoped<ISubjectData, FlagMentions<TContext>>();
        foreach (var place in StoredPlace.All)
        {
            services.AddScoped<ISubjectData>(provider => new StoredCopies<TContext>(provider.GetRequiredService<TContext>(), place));
        }

        services.AddScoped<ISubjectData, IdempotentAnswers<TContext>>();
        services.AddScoped<ISubjectData, AuditMentions<TContext>>();
        return services;
    }
}
