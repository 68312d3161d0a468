using Microsoft.Extensions.DependencyInjection;

namespace Platform.Interception;

/// <summary>Makes attributes on methods work: <c>[Traced]</c> and <c>[CircuitBreaker]</c>.</summary>
public static class InterceptionExtensions
{
    /// <summary>
    /// Puts an interceptor before the service as it is registered so far, with the same lifetime. The attributes may stand on the interface
    /// or on the class. A method without any costs one reflective call.
    /// </summary>
    /// <typeparam name="TService">An interface.</typeparam>
    /// <exception cref="InvalidOperationException">It is no interface, or not registered.</exception>
    public static IServiceCollection Intercept<TService>(this IServiceCollection services)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(services);
        if (!typeof(TService).IsInterface)
        {
            throw new InvalidOperationException($"{typeof(TService)} is no interface: only calls through one can be intercepted.");
        }

        for (var i = services.Count - 1; i >= 0; i--)
        {
            if (services[i] is { IsKeyedService: false } inner && inner.ServiceType == typeof(TService))
            {
                services[i] = new ServiceDescriptor(
                    typeof(TService), provider => Interceptor<TService>.Before((TService)Make(provider, inner), provider), inner.Lifetime);
                return services;
            }
        }

        throw new InvalidOperationException($"{typeof(TService)} is not registered yet.");
    }

    private static object Make(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance
        ?? service.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);
}
