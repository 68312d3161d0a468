using System.Collections.Concurrent;
using System.Reflection;

namespace Platform.Interception;

// Sealing is not possible: the runtime derives the proxy from it.
internal class Interceptor<TService> : DispatchProxy
    where TService : class
{
    private static readonly ConcurrentDictionary<(MethodInfo Method, Type Target), InterceptedMethod> Methods = new();

    private TService _inner = null!;
    private IServiceProvider _services = null!;

    public static TService Before(TService inner, IServiceProvider services)
    {
        var proxy = Create<TService, Interceptor<TService>>();
        var self = (Interceptor<TService>)(object)proxy;
        (self._inner, self._services) = (inner, services);
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var intercepted = Methods.GetOrAdd((targetMethod!, _inner.GetType()), static key => InterceptedMethod.Of(key.Method, key.Target));
        return intercepted.Invoke(_inner, args ?? [], _services);
    }
}
