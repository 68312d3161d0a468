using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Errors;

namespace Platform.EntityFrameworkCore.Errors;

/// <summary>Teaches a host what the database's errors mean.</summary>
public static class DatabaseErrorExtensions
{
    /// <summary>
    /// Adds the translation of unique, foreign key, check, serialization, concurrency, connection and time-out errors of EF Core and Npgsql
    /// into the catalogue. No SQL, name of a table or value gets out.
    /// </summary>
    public static IServiceCollection AddDatabaseErrors(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IErrorTranslator, DatabaseErrors>());
        return services;
    }
}
