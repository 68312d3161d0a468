using GraphQL;
using Platform.GraphQL.Schema.Relay;

namespace Platform.GraphQL.DataLoaders;

/// <summary>Gives resolvers what they read through.</summary>
internal static class DataLoaderExtensions
{
    /// <summary>Adds the loaders, one of each for an operation.</summary>
    public static IServiceCollection AddDataLoaders(this IServiceCollection services) => services
        .AddScoped<CustomerLoader>()
        .AddScoped<ProductLoader>()
        .AddScoped<OrderLoader>()
        .AddScoped<OrdersOfCustomerLoader>()
        .AddScoped<PaymentOfOrderLoader>()
        .AddScoped<NodeLoader>();

    /// <summary>The operation's own loader.</summary>
    public static TLoader Loader<TLoader>(this IResolveFieldContext context)
        where TLoader : class =>
        context.RequestServices!.GetRequiredService<TLoader>();

    /// <summary>Makes the operation read again, after a mutation changed something.</summary>
    public static void ForgetWhatWasLoaded(this IResolveFieldContext context)
    {
        context.Loader<CustomerLoader>().Clear();
        context.Loader<ProductLoader>().Clear();
        context.Loader<NodeLoader>().Clear();
        context.Loader<OrderLoader>().Clear();
        context.Loader<OrdersOfCustomerLoader>().Clear();
        context.Loader<PaymentOfOrderLoader>().Clear();
    }

    /// <summary>Uses a scoped service in a scope of its own: fields are resolved at the same time, and a context serves one at a time.</summary>
    public static async Task<TResult> UseAsync<TService, TResult>(
        this IResolveFieldContext context, Func<TService, CancellationToken, Task<TResult>> use)
        where TService : class
    {
        await using var scope = context.RequestServices!.GetRequiredService<IServiceScopeFactory>().CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>(), context.CancellationToken);
    }
}
