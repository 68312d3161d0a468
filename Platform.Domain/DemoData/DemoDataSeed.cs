using Microsoft.EntityFrameworkCore;
using Platform.Domain.Customers;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;
using Platform.Domain.Products;

namespace Platform.Domain.DemoData;

/// <summary>
/// Fills an empty database with data to try things on: 10 customers, 25 products and 200 orders, the same ones each time, ids and
/// times included. The orders have their payments, as if they had come the ordinary way in the first days of 2026.
/// </summary>
public sealed class DemoDataSeed(PlatformDbContext database)
{
    private const int OrderCount = 200;

    private static readonly DateTimeOffset Start = new(2026, 1, 1, 8, 0, 0, TimeSpan.Zero);

    private static readonly string[] CustomerNames =
    [
        "Ada Moreau", "Bela Novak", "Carmen Ortiz", "Dilan Kaya", "Emeka Obi",
        "Freya Lund", "Goran Ilic", "Hana Sato", "Ines Carvalho", "Jonas Weber",
    ];

    private static readonly string[] ProductNames =
    [
        "Notebook A5", "Notebook A4", "Fountain pen", "Ink, blue", "Ink, black", "Pencil set", "Eraser", "Ruler 30 cm", "Desk lamp",
        "Desk mat", "Paper clips", "Stapler", "Staples", "Hole punch", "Ring binder", "Document tray", "Wall calendar", "Whiteboard",
        "Marker set", "Magnets", "Envelope pack", "Label roll", "Parcel tape", "Scissors", "Letter scale",
    ];

    /// <summary>Adds the data when there is no customer yet.</summary>
    /// <returns>Whether anything was added.</returns>
    public async Task<bool> RunAsync(CancellationToken cancellationToken = default)
    {
        if (await database.Customers.AnyAsync(cancellationToken))
        {
            return false;
        }

        var customers = CustomerNames.Select(MakeCustomer).ToArray();
        var products = ProductNames.Select(MakeProduct).ToArray();
        database.Customers.AddRange(customers);
        database.Products.AddRange(products);
        for (var i = 0; i < OrderCount; i++)
        {
            AddOrder(i, customers, products);
        }

        await database.SaveChangesAsync(cancellationToken);
        return true;
    }

    // The name decides the address, so that a person sees at once that it belongs to nobody (RFC 2606).
    private static Customer MakeCustomer(string name, int i) =>
        new(new(Id(1, i)), name, $"{name.Replace(' ', '.')}@example.com".ToLowerInvariant(), Start.AddMinutes(i));

    private static Product MakeProduct(string name, int i) =>
        new(new(Id(2, i)), $"DEMO-{i + 1:D3}", name, new Money(2.50m + (i * 1.75m), "EUR"), Start.AddMinutes(i));

    private void AddOrder(int i, Customer[] customers, Product[] products)
    {
        var placedAt = Start.AddHours(1 + i);
        var lines = Enumerable.Range(0, 1 + (i % 4)).Select(line =>
        {
            var product = products[((i * 7) + (line * 3)) % products.Length];
            return new OrderLine(line + 1, product.Id, product.Name, 1 + ((i + line) % 5), product.Price);
        });
        var order = new Order(new(Id(3, i)), customers[i % customers.Length].Id, null, lines, placedAt);
        database.Orders.Add(order);

        if (i % 20 == 7)
        {
            order.Cancel(placedAt.AddMinutes(5));
            return;
        }

        var paidAt = placedAt.AddSeconds(2);
        order.MarkPaid(paidAt);
        database.Payments.Add(new Payment(new(Id(4, i)), order.Id, order.Total, $"demo-{i + 1:D3}", paidAt));
        if (i % 3 == 0)
        {
            order.Ship(placedAt.AddDays(1));
        }
    }

    // A UUID of version 7 for a fixed moment, with the kind and the number where others have chance.
    private static Guid Id(byte kind, int number)
    {
        var bytes = Guid.CreateVersion7(Start.AddSeconds(number)).ToByteArray(bigEndian: true);
        bytes.AsSpan(6).Clear();
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        bytes[9] = kind;
        bytes[15] = (byte)(number + 1);
        return new Guid(bytes, bigEndian: true);
    }
}
