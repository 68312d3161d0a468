using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace Platform.Messaging;

internal abstract class HandlerBinding(Type eventClass, Type handlerClass)
{
    public Type EventClass { get; } = eventClass;

    /// <summary>The handler runs with no transaction open.</summary>
    public bool OutsideWorld { get; } = handlerClass.GetCustomAttribute<OutsideWorldAttribute>() is not null;

    /// <summary>The handler shares its transaction with no other event.</summary>
    public bool Alone { get; } =
        handlerClass.GetCustomAttribute<OutsideWorldAttribute>() is not null
        || handlerClass.GetCustomAttribute<OneAtATimeAttribute>() is not null
        || HandlerGate.Of(handlerClass)?.Defers is true;

    /// <summary>The flag that has to be on for the handler to run.</summary>
    public HandlerGate? Gate { get; } = HandlerGate.Of(handlerClass);

    public string HandlerName { get; } = handlerClass.Name;

    public abstract Task InvokeAsync(IServiceProvider scope, object body, EventContext context, CancellationToken cancellationToken);
}

internal sealed class HandlerBinding<TEvent, THandler>() : HandlerBinding(typeof(TEvent), typeof(THandler))
    where TEvent : class
    where THandler : class, IEventHandler<TEvent>
{
    public override Task InvokeAsync(IServiceProvider scope, object body, EventContext context, CancellationToken cancellationToken) =>
        scope.GetRequiredService<THandler>().HandleAsync((TEvent)body, context, cancellationToken);
}
