using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Platform.Domain.Orders;
using Platform.Domain.Persistence;
using Platform.Redaction.Subjects;

namespace Platform.Domain.Customers;

/// <summary>Customers as the persons whose data is kept: what is held of one beside the copies of the building blocks, and how one is made anonymous.</summary>
internal sealed class CustomerSubject(PlatformDbContext database, TimeProvider time) : ISubjectDirectory, ISubjectData
{
    private const int MostOrders = 10_000;

    public string Kind => "customer";

    public string Name => "customer";

    public async Task<DataSubject?> FindAsync(Guid id, bool hold, CancellationToken cancellationToken = default)
    {
        if (hold)
        {
            await database.Database.ExecuteSqlAsync($"SELECT 1 FROM commerce.customers WHERE id = {id} FOR UPDATE", cancellationToken);
        }

        return await FindCustomerAsync(id, cancellationToken) is { } customer
            ? new DataSubject(Kind, id, customer.IsAnonymous ? [] : [customer.Name, customer.Email])
            : null;
    }

    public async Task<JsonNode?> ExportAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        if (await FindCustomerAsync(subject.Id, cancellationToken) is not { } customer)
        {
            return null;
        }

        var orders = await database.Orders.AsNoTracking().Where(order => order.CustomerId == customer.Id).OrderBy(order => order.Id).Take(MostOrders).ToListAsync(cancellationToken);
        var ids = orders.Select(order => order.Id).ToArray();
        var payments = await database.Payments.AsNoTracking().Where(payment => ids.Contains(payment.OrderId)).ToDictionaryAsync(payment => payment.OrderId, cancellationToken);
        return new JsonObject
        {
            ["id"] = customer.Id.Value,
            ["name"] = customer.Name,
            ["email"] = customer.Email,
            ["createdAt"] = customer.CreatedAt,
            ["updatedAt"] = customer.UpdatedAt,
            ["orders"] = new JsonArray([.. orders.Select(JsonNode (order) => Json(order, payments.GetValueOrDefault(order.Id)))]),
        };
    }

    // Orders have to be kept; what is in them in the customer's own words goes.
    public async Task<int> EraseAsync(DataSubject subject, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(subject);
        var id = new CustomerId(subject.Id);
        var now = time.GetUtcNow();
        var changed = await database.Orders.Where(order => order.CustomerId == id && order.Reference != null)
            .ExecuteUpdateAsync(order => order.SetProperty(o => o.Reference, (string?)null).SetProperty(o => o.UpdatedAt, now), cancellationToken);
        if (await database.Customers.SingleOrDefaultAsync(customer => customer.Id == id, cancellationToken) is { IsAnonymous: false } customer)
        {
            customer.MakeAnonymous(now);
            changed++;
        }

        return changed;
    }

    private Task<Customer?> FindCustomerAsync(Guid id, CancellationToken cancellationToken)
    {
        var wanted = new CustomerId(id);
        return database.Customers.AsNoTracking().SingleOrDefaultAsync(customer => customer.Id == wanted, cancellationToken);
    }

    private static JsonObject Json(Order order, Payments.Payment? payment) => new()
    {
        ["id"] = order.Id.Value,
        ["status"] = order.Status.ToString(),
        ["reference"] = order.Reference,
        ["placedAt"] = order.PlacedAt,
        ["total"] = order.Total.ToString(),
        ["lines"] = new JsonArray([.. order.Lines.Select(JsonNode (line) => new JsonObject
        {
            ["product"] = line.ProductName,
            ["quantity"] = line.Quantity,
            ["unitPrice"] = line.UnitPrice.ToString(),
        })]),
        ["payment"] = payment is null ? null : new JsonObject
        {
            ["amount"] = payment.Amount.ToString(),
            ["status"] = payment.Status.ToString(),
            ["gatewayReference"] = payment.GatewayReference,
            ["capturedAt"] = payment.CapturedAt,
            ["refundedAt"] = payment.RefundedAt,
        },
    };
}
