namespace Platform.EntityFrameworkCore.Idempotency;

/// <summary>What a request with a key was answered.</summary>
internal sealed class IdempotencyRecord
{
    public string Client { get; set; } = "";

    public string Key { get; set; } = "";

    public byte[] Fingerprint { get; set; } = [];

    public short Status { get; set; }

    public string Headers { get; set; } = "{}";

    public byte[] Body { get; set; } = [];

    public DateTimeOffset AnsweredAt { get; set; }
}
