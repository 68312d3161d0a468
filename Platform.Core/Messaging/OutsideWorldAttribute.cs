namespace Platform.Messaging;

/// <summary>
/// Says that a handler calls something that a rollback cannot undo (a payment gateway, a mail server). Such a handler gets one
/// event at a time, never runs inside a batch, and holds no database transaction while it waits: its changes are saved
/// in one transaction with the inbox mark after it returns.
/// </summary>
/// <remarks>Delivery to the outside is at least once: send <see cref="EventContext.EventId"/> along as the idempotency key.</remarks>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class OutsideWorldAttribute : Attribute;
