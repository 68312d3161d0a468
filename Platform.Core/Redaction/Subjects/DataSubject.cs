namespace Platform.Redaction.Subjects;

/// <summary>A person whose data is asked for or is to be erased.</summary>
/// <param name="Kind">The kind of record that stands for the person: <c>customer</c>.</param>
/// <param name="Id">Its id, which stays: it names nobody once the record is anonymous.</param>
/// <param name="Identifiers">What else names the person and is to be found in copies: names and addresses. Empty when the record is gone.</param>
public sealed record DataSubject(string Kind, Guid Id, [Personal(PiiType.PersonName)] IReadOnlyList<string> Identifiers)
{
    /// <summary>Kind and id; never what names the person.</summary>
    public override string ToString() => $"{Kind}:{Id}";
}
