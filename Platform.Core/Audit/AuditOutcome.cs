namespace Platform.Audit;

/// <summary>How what was tried came out.</summary>
public enum AuditOutcome
{
    /// <summary>It was done.</summary>
    Succeeded,

    /// <summary>It was refused: the caller may not, or a check spoke against it.</summary>
    Denied,

    /// <summary>It was allowed and did not work.</summary>
    Failed,
}
