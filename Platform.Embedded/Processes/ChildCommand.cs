namespace Platform.Embedded.Processes;

/// <summary>What to run, as whom, and what becomes of it when this program dies.</summary>
internal sealed record ChildCommand(string FileName, params IReadOnlyList<string> Arguments)
{
    /// <summary>Null: this program's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Added to this program's environment. A null value takes the variable away.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>Null: this program's own user.</summary>
    public UnixUser? RunAs { get; init; }

    /// <summary>What the child is sent when this program is gone, also after <c>kill -9</c>.</summary>
    public ChildSignal WhenOrphaned { get; init; } = ChildSignal.Kill;

    /// <summary>Written to the child's standard input, which is then closed. For what must not be seen on a command line.</summary>
    public string? StandardInput { get; init; }
}
