namespace Platform.Identity;

/// <summary>
/// Where the keys are kept that protect cookies and forms (ASP.NET Core Data Protection), so that replicas share them. They are sealed
/// with the key-encryption key. Thread safe; synchronous because Data Protection is.
/// </summary>
public interface ICookieKeys
{
    /// <summary>Reads every key, as the XML that was added.</summary>
    IReadOnlyList<string> Read();

    /// <summary>Adds a key.</summary>
    void Add(string xml);

    /// <summary>Adds a key under an id; nothing happens where there is one.</summary>
    void Add(string xml, Guid id);

    /// <summary>Removes the key of an id; nothing happens where there is none.</summary>
    void Remove(Guid id);
}
