namespace Platform.Benchmarks.Redaction;

/// <summary>Lines with something to redact, as they stand among others in logs.</summary>
internal static class PersonalLines
{
    public static readonly string[] All =
    [
        """{"timestamp":"2026-03-02T08:00:00.123456Z","level":"Information","message":"Customer registered","state":{"email":"john.doe@example.com","phone":"(555) 123-4567"}}""",
        "2026-03-02 08:00:01.004 [12] WARN  payment of card 4012-8888-8888-1881 refused, iban GB29 NWBK 6016 1331 9268 19",
        "2026-03-02 08:00:02.100 [07] ERROR Host=db.internal;Username=platform;Password=v3ry-S3cret!;Timeout=15",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
        "support case: ssn 078-05-1123, born 1980-05-21, last login from 203.0.113.77",
    ];
}
