using GraphQL;
using GraphQL.DataLoader;
using GraphQL.Types;
using Platform.Errors;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Execution;

namespace Platform.GraphQL.Tests.Execution;

/// <summary>
/// A schema whose fields give everything that a field can give: values, nothing, what is not allowed, and failures; at once, later, and by promises. What a field gives follows
/// from where it stands, so it gives the same each time.
/// </summary>
internal sealed class FaultySchema : global::GraphQL.Types.Schema
{
    public FaultySchema()
    {
        Query = new FaultyQuery("Query");
        Mutation = new FaultyQuery("Mutation");
        RegisterType(typeof(GadgetType));
    }

    internal interface INamed
    {
        int Id { get; }
    }

    internal sealed record Thing(int Id) : INamed;

    internal sealed record Gadget(int Id) : INamed;

    private enum Mood
    {
        Good,
        Bad,
    }

    private sealed class FaultyQuery : ObjectGraphType
    {
        public FaultyQuery(string name)
        {
            Name = name;
            Field<ThingType>("thing").Argument<IntGraphType>("first").Resolve(context => new Thing(context.GetArgument("first", 1)));
            Field<NonNullGraphType<ListGraphType<NonNullGraphType<ThingType>>>>("things").Resolve(_ => Enumerable.Range(1, 9).Select(id => new Thing(id)));
            Field<ListGraphType<ThingType>>("some").Resolve(_ => new[] { new Thing(2), null, new Thing(3) });
            Field<NamedType>("named").Argument<IntGraphType>("first").Resolve(context => context.GetArgument("first", 1) % 2 == 0 ? new Thing(4) : new Gadget(5));
        }
    }

    private sealed class NamedType : InterfaceGraphType<INamed>
    {
        public NamedType()
        {
            Name = "Named";
            Field<NonNullGraphType<IntGraphType>>("id");
        }
    }

    private sealed class GadgetType : ObjectGraphType<Gadget>
    {
        public GadgetType()
        {
            Name = "Gadget";
            Interface<NamedType>();
            Field<NonNullGraphType<IntGraphType>>("id").Resolve(context => context.Source.Id);
            Field<StringGraphType>("path").Resolve(context => string.Join('/', context.ResponsePath));
            Field<StringGraphType>("parent").Resolve(context => $"{context.ParentType.Name} in {context.Parent?.FieldDefinition.Name}");
        }
    }

    private sealed class MoodType : EnumerationGraphType
    {
        public MoodType()
        {
            Name = "Mood";
            Add("GOOD", Mood.Good);
        }
    }

    private sealed class ThingType : ObjectGraphType<Thing>
    {
        public ThingType()
        {
            Name = "Thing";
            Interface<NamedType>();
            Field<NonNullGraphType<IntGraphType>>("id").From(thing => thing.Id);
            Field<StringGraphType>("text").Resolve(context => context.Source.Id % 3 == 0 ? null : $"text {context.Source.Id}");
            Field<NonNullGraphType<StringGraphType>>("required").From(thing => thing.Id switch { 5 => null!, 7 => throw new InvalidOperationException("seven"), var id => $"required {id}" });
            Field<StringGraphType>("refused").Resolve(context => context.Source.Id % 4 == 0 ? throw ErrorException.NotFound("thing", "4") : "allowed");
            Field<MoodType>("mood").Resolve(context => context.Source.Id % 5 == 0 ? Mood.Bad : Mood.Good);
            Field<StringGraphType>("later").ResolveAsync(async context =>
            {
                var id = context.Source.Id;
                await Task.Yield();
                return id switch { 2 => null, 3 => throw new InvalidOperationException("three"), _ => $"later {id}" };
            });
            Field<NonNullGraphType<ThingType>>("soon").ResolveAsync(async context =>
            {
                var id = context.Source.Id;
                await Task.Yield();
                return id == 6 ? null : new Thing((id + 1) % 10);
            });
            Field<ThingType>("promised").Resolve(context => new Promise(context.Source.Id));
            Field<NonNullGraphType<ThingType>>("promisedTwice").Resolve(context => new Slow(new Promise(context.Source.Id)));
            Field<NonNullGraphType<ThingType>>("next").Resolve(context => context.Source.Id == 8 ? null : new Thing((context.Source.Id + 1) % 10));
            Field<ListGraphType<NonNullGraphType<ThingType>>>("children").Resolve(context => Children(context.Source.Id));
            Field<ListGraphType<NonNullGraphType<StringGraphType>>>("tags").Resolve(context => context.Source.Id == 6 ? new[] { "a", null } : ["b", "c"]);
            Field<ListGraphType<ListGraphType<NonNullGraphType<IntGraphType>>>>("matrix")
                .Resolve(context => context.Source.Id == 2 ? new object?[] { new object?[] { 1, null }, null, new object[] { 2 } } : new object[] { new[] { 1, 2 }, Array.Empty<int>() });
            Field<ListGraphType<ThingType>>("notAList").Resolve(context => context.Source.Id % 2 == 0 ? (object)7 : new List<object> { new Promise(1), new Thing(2), new Gadget(3) });
            Field<NamedType>("other").Resolve(context => (context.Source.Id % 4) switch { 0 => new Gadget(1), 1 => new Thing(2), 2 => "neither", _ => null });
        }

        private static IEnumerable<Thing?> Children(int id)
        {
            yield return new Thing((id + 2) % 10);
            yield return id == 3 ? null : new Thing((id + 3) % 10);
            if (id == 9)
            {
                throw new InvalidOperationException("nine");
            }
        }
    }

    /// <summary>A promise of a batch that fails for some, and cannot be read at all for others.</summary>
    private sealed class Promise(int id) : IBatchPromise
    {
        public object? Result => id switch { 1 => null, 4 => throw new InvalidOperationException("four"), _ => new Thing((id + 4) % 10) };

        public Task ReadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public async Task<object?> GetResultAsync(CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return Result;
        }
    }

    /// <summary>A promise that gives another one.</summary>
    private sealed class Slow(Promise inner) : IDataLoaderResult
    {
        public async Task<object?> GetResultAsync(CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return inner;
        }
    }
}
