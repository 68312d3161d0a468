using System.Collections.Frozen;
using Platform.Errors;

namespace Platform.FeatureFlags;

/// <summary>Turns a document into a snapshot. Flags with errors become off ones.</summary>
/// <remarks>
/// What stands in the previous snapshot unchanged is taken from there, so that a change of one flag costs one flag: definitions are immutable, so the
/// same object is the same flag. A flag that is bound to others is compiled anew, as the old snapshot goes on answering by its own bonds.
/// </remarks>
internal sealed class SnapshotCompiler(FlagDocument document, FlagRuntime runtime, FlagSnapshot? previous)
{
    private readonly FlagSnapshot? _previous = previous is not null && previous.Runtime == runtime
        && previous.Document.Segments.SequenceEqual(document.Segments, ReferenceEqualityComparer.Instance)
            ? previous
            : null;

    private readonly List<FieldError> _problems = [];
    private readonly Dictionary<(FlagOrigin, string), Constraint[]> _segments = [];

    public FlagSnapshot Compile(long version)
    {
        var rules = new FlagDocumentRules(document);
        Report(rules.CheckLists());
        for (var i = 0; i < document.Segments.Count; i++)
        {
            var segment = document.Segments[i];
            if (Report(FlagDocumentRules.CheckSegment(segment, $"/segments/{i}")))
            {
                _segments.TryAdd((segment.Origin, segment.Name), Constraints(segment));
            }
        }

        var flags = new Dictionary<string, CompiledFlag>(StringComparer.Ordinal);
        for (var i = 0; i < document.Flags.Count; i++)
        {
            var flag = document.Flags[i];
            if (_previous?.Find(flag.Name) is { IsBound: false } known && ReferenceEquals(known.Source, flag))
            {
                flags.TryAdd(flag.Name, known);
                continue;
            }

            var compiled = Report(rules.CheckFlag(flag, $"/flags/{i}")) ? Compile(flag) : new InvalidFlag(flag.Name, flag.Origin);
            compiled.Source = flag;
            compiled.Asked = previous?.Find(flag.Name)?.Asked ?? compiled.Asked;
            flags.TryAdd(flag.Name, compiled);
        }

        foreach (var flag in flags.Values)
        {
            flag.Link(name => flags.GetValueOrDefault(name));
        }

        return new FlagSnapshot(document, version, runtime, flags.ToFrozenDictionary(StringComparer.Ordinal), _problems);
    }

    private CompiledFlag Compile(FlagDefinition flag) => flag.Origin switch
    {
        FlagOrigin.Waffle => new WaffleFlag(flag, runtime),
        FlagOrigin.Microsoft => new MicrosoftFlag(MicrosoftReader.Read(flag.Definition!.Value, "", new FieldErrors()), flag.Killed, runtime),
        FlagOrigin.Unleash => new UnleashFlag(
            UnleashReader.Feature(flag.Definition!.Value, "", new FieldErrors()), flag.Killed, runtime, name => Segment(FlagOrigin.Unleash, name)),
        _ => new OwnFlag(flag, runtime, name => Segment(FlagOrigin.Own, name)),
    };

    private Constraint[] Constraints(SegmentDefinition segment)
    {
        var constraints = segment.Origin == FlagOrigin.Unleash && segment.Definition is { } json
            ? UnleashReader.SegmentConstraints(json, "", new FieldErrors())
            : segment.Constraints;
        return [.. constraints.Select(constraint => ConstraintCompiler.Compile(constraint, runtime))];
    }

    /// <summary>A segment that does not exist holds nobody.</summary>
    private Constraint[] Segment(FlagOrigin origin, string name) =>
        _segments.TryGetValue((origin, name), out var constraints) ? constraints : [new NeverConstraint()];

    private bool Report(FieldErrors errors)
    {
        _problems.AddRange(errors.All);
        return errors.IsEmpty;
    }
}
