namespace Platform.EntityFrameworkCore.Logging;

/// <summary>A level that an operator set. Written by SQL; the type describes the table.</summary>
internal sealed class LogLevelRow
{
    public required string Category { get; init; }

    public short Level { get; init; }

    public DateTime Until { get; init; }

    public required string Actor { get; init; }

    public required string Reason { get; init; }

    public DateTime At { get; init; }
}
