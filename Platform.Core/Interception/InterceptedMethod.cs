using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Platform.Resilience;
using Platform.Telemetry;

namespace Platform.Interception;

/// <summary>What is done around calls of one method, by its attributes.</summary>
internal sealed class InterceptedMethod
{
    private static readonly MethodInfo TaskOf = typeof(InterceptedMethod).GetMethod(nameof(RunTaskAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;
    private static readonly MethodInfo ValueTaskOf = typeof(InterceptedMethod).GetMethod(nameof(RunValueTaskAsync), BindingFlags.NonPublic | BindingFlags.Instance)!;

    private readonly MethodInfo _method;
    private readonly TracedAttribute? _traced;
    private readonly CircuitBreakerAttribute? _breaker;
    private readonly (int Index, string Tag)[] _tags;
    private readonly int _cancellation;
    private readonly Func<object, object?[], IServiceProvider, object?> _invoke;

    private InterceptedMethod(MethodInfo method, MethodInfo implementation)
    {
        _method = method;
        _traced = method.GetCustomAttribute<TracedAttribute>() ?? implementation.GetCustomAttribute<TracedAttribute>();
        _breaker = method.GetCustomAttribute<CircuitBreakerAttribute>() ?? implementation.GetCustomAttribute<CircuitBreakerAttribute>();
        var parameters = method.GetParameters();
        var own = implementation.GetParameters();
        _tags =
        [
            .. parameters
                .Where((parameter, i) => parameter.IsDefined(typeof(SafeToTraceAttribute)) || own[i].IsDefined(typeof(SafeToTraceAttribute)))
                .Select(parameter => (parameter.Position, $"arg.{parameter.Name}")),
        ];
        _cancellation = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
        _invoke = Choose(method.ReturnType);
    }

    public static InterceptedMethod Of(MethodInfo method, Type target)
    {
        if (method.DeclaringType is not { IsInterface: true } contract || !contract.IsAssignableFrom(target))
        {
            return new(method, method);
        }

        var declared = method.IsGenericMethod ? method.GetGenericMethodDefinition() : method;
        var map = target.GetInterfaceMap(contract);
        var at = Array.IndexOf(map.InterfaceMethods, declared);
        return new(method, at < 0 ? method : map.TargetMethods[at]);
    }

    public object? Invoke(object target, object?[] arguments, IServiceProvider services) => _invoke(target, arguments, services);

    private Func<object, object?[], IServiceProvider, object?> Choose(Type returned)
    {
        if (_traced is null && _breaker is null)
        {
            return (target, arguments, _) => Call(target, arguments);
        }

        if (returned == typeof(Task))
        {
            return (target, arguments, services) => RunAsync(services, arguments, async called =>
            {
                await ((Task)Call(target, called)!).ConfigureAwait(false);
                return true;
            });
        }

        if (returned == typeof(ValueTask))
        {
            return (target, arguments, services) => new ValueTask(RunAsync(services, arguments, async called =>
            {
                await ((ValueTask)Call(target, called)!).ConfigureAwait(false);
                return true;
            }));
        }

        if (returned.IsGenericType && returned.GetGenericTypeDefinition() is var open && (open == typeof(Task<>) || open == typeof(ValueTask<>)))
        {
            return (open == typeof(Task<>) ? TaskOf : ValueTaskOf).MakeGenericMethod(returned.GenericTypeArguments)
                .CreateDelegate<Func<object, object?[], IServiceProvider, object?>>(this);
        }

        return _breaker is null
            ? CallTraced
            : throw new InvalidOperationException($"{_method.DeclaringType}.{_method.Name} has a breaker and gives no task: nothing could end it at its timeout.");
    }

#pragma warning disable CA1859 // Their delegate gives an object.
    private object? RunTaskAsync<T>(object target, object?[] arguments, IServiceProvider services) =>
        RunAsync(services, arguments, called => (Task<T>)Call(target, called)!);

    private object? RunValueTaskAsync<T>(object target, object?[] arguments, IServiceProvider services) =>
        new ValueTask<T>(RunAsync(services, arguments, called => ((ValueTask<T>)Call(target, called)!).AsTask()));
#pragma warning restore CA1859

    private async Task<T> RunAsync<T>(IServiceProvider services, object?[] arguments, Func<object?[], Task<T>> call)
    {
        using var span = Start(arguments);
        try
        {
            return await (_breaker is null ? call(arguments) : GuardedAsync(services, arguments, call)).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
    }

    private Task<T> GuardedAsync<T>(IServiceProvider services, object?[] arguments, Func<object?[], Task<T>> call)
    {
        var given = _cancellation >= 0 ? (CancellationToken)arguments[_cancellation]! : CancellationToken.None;
        return services.GetRequiredService<CircuitBreakers>().Get(_breaker!.Name).ExecuteAsync(
            token =>
            {
                object?[] called = [.. arguments];
                if (_cancellation >= 0)
                {
                    called[_cancellation] = token;
                }

                return call(called);
            },
            given);
    }

    private object? CallTraced(object target, object?[] arguments, IServiceProvider services)
    {
        using var span = Start(arguments);
        try
        {
            return Call(target, arguments);
        }
        catch (Exception failure)
        {
            span.Fail(failure);
            throw;
        }
    }

    private TracedBlock Start(object?[] arguments)
    {
        if (_traced is null)
        {
            return default;
        }

        var span = Tracing.Start(_traced.Name);
        foreach (var (index, tag) in _tags)
        {
            span.Set(tag, arguments[index]);
        }

        return span;
    }

    // As the method threw it, not wrapped.
    private object? Call(object target, object?[] arguments) =>
        _method.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
}
