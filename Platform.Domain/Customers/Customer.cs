using Platform.Conditional;
using Platform.Redaction;

namespace Platform.Domain.Customers;

/// <summary>Who orders.</summary>
public sealed class Customer
{
    /// <summary>Longest name, in UTF-16 units.</summary>
    public const int NameMaxLength = 200;

    /// <summary>Longest e-mail address (RFC 5321, section 4.5.3.1.3).</summary>
    public const int EmailMaxLength = 254;

    internal Customer(CustomerId id, string name, string email, DateTimeOffset createdAt)
    {
        Id = id;
        Name = name;
        Email = email;
        CreatedAt = UpdatedAt = createdAt;
    }

    /// <summary>Its id.</summary>
    public CustomerId Id { get; private set; }

    /// <summary>The full name.</summary>
    [Personal(PiiType.PersonName)]
    public string Name { get; private set; }

    /// <summary>The e-mail address, unique without regard to case.</summary>
    [Personal(PiiType.Email)]
    public string Email { get; private set; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Changes with each update of the row (PostgreSQL's <c>xmin</c>).</summary>
    public uint Version { get; private set; }

    /// <summary>Which version of the row this is.</summary>
    public RowVersion RowVersion => new(Version, UpdatedAt);

    /// <summary>Nobody is behind it any more: the person was erased, and orders still need a customer.</summary>
    public bool IsAnonymous => Email == AnonymousEmail;

    // Unique, and in a domain that cannot be (RFC 2606, section 2).
    private string AnonymousEmail => $"erased-{Id.Value:N}@erased.invalid";

    internal void MakeAnonymous(DateTimeOffset at) => Change("Erased customer", AnonymousEmail, at);

    internal void Change(string name, string email, DateTimeOffset at)
    {
        Name = name;
        Email = email;
        UpdatedAt = at;
    }
}
