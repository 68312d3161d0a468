using Platform.Conditional;

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

    /// <summary>The full name. Personal data.</summary>
    public string Name { get; private set; }

    /// <summary>The e-mail address, unique without regard to case. Personal data.</summary>
    public string Email { get; private set; }

    /// <summary>When it was registered.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When it was changed last.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>Changes with each update of the row (PostgreSQL's <c>xmin</c>).</summary>
    public uint Version { get; private set; }

    /// <summary>Which version of the row this is.</summary>
    public RowVersion RowVersion => new(Version, UpdatedAt);

    internal void Change(string name, string email, DateTimeOffset at)
    {
        Name = name;
        Email = email;
        UpdatedAt = at;
    }
}
