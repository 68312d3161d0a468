using GraphQL;
using GraphQL.Types;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Platform.Errors;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.Schema.Scalars;

namespace Platform.GraphQL.Tests.Hosting;

/// <summary>A schema that has one field for each way in which an operation can end.</summary>
internal sealed class SampleSchema : global::GraphQL.Types.Schema
{
    public SampleSchema(IServiceProvider services)
        : base(services)
    {
        Query = new SampleQuery();
        Mutation = new SampleMutation();
        Subscription = new SampleSubscription(services.GetRequiredService<Ticks>());
    }

    /// <summary>Counts the changes that were executed.</summary>
    public static int Changes;

    private sealed class SampleQuery : ObjectGraphType
    {
        public SampleQuery()
        {
            Name = "Query";
            Field<StringGraphType>("hello").Resolve(_ => "world");
            Field<StringGraphType>("echo").Argument<StringGraphType>("text").Argument<IntGraphType>("number")
                .Resolve(context => context.GetArgument<string?>("text"));
            Field<StringGraphType>("crash").Resolve(_ => throw new InvalidOperationException("Secret of System.Int32 at /srv/app"));
            Field<NonNullGraphType<StringGraphType>>("nothing").Resolve(_ => null);
            Field<StringGraphType>("refuse").Resolve(_ => throw ErrorException.NotFound("thing", "42"));
            Field<StringGraphType>("invalid").Resolve(_ => throw ErrorException.Validation(
                new FieldError("/name", "required", "A name is required."), new FieldError("/age", "out_of_range", "At least 1.")));
            Field<StringGraphType>("slow").ResolveAsync(async context =>
            {
                await Task.Delay(Timeout.Infinite, context.CancellationToken);
                return null;
            });
            Field<SampleNode>("node").Resolve(_ => new object());
            Field<ListGraphType<SampleNode>>("nodes").Argument<IntGraphType>("first").SizedBy(20, ["first"]).Resolve(_ => Array.Empty<object>());
        }
    }

    private sealed class SampleNode : ObjectGraphType
    {
        public SampleNode()
        {
            Name = "Node";
            Field<StringGraphType>("name").Resolve(_ => "name");
            Field<SampleNode>("node").Resolve(_ => new object());
            Field<ListGraphType<SampleNode>>("nodes").Argument<IntGraphType>("first").SizedBy(20, ["first"]).Resolve(_ => Array.Empty<object>());
        }
    }

    private sealed class SampleSubscription : ObjectGraphType
    {
        public SampleSubscription(Ticks ticks)
        {
            Name = "Subscription";
            Field<IntGraphType>("ticks").Resolve(context => context.Source).ResolveStream(_ => ticks);
            Field<StringGraphType>("crashes").Resolve(_ => throw new InvalidOperationException("Secret of System.Int32")).ResolveStream(_ => ticks);
            Field<StringGraphType>("refuses").Resolve(_ => null).ResolveStream(_ => throw ErrorException.NotFound("thing", "42"));
            Field<StringGraphType>("large").Resolve(_ => new string('x', 200_000)).ResolveStream(_ => ticks);
        }
    }

    private sealed class SampleMutation : ObjectGraphType
    {
        public SampleMutation()
        {
            Name = "Mutation";
            Field<StringGraphType>("upload").Argument<NonNullGraphType<UploadType>>("file")
                .Resolve(context => context.GetArgument<IFormFile>("file") is var file ? $"{file.FileName} {file.Length}" : null);
            Field<StringGraphType>("uploads").Argument<NonNullGraphType<ListGraphType<NonNullGraphType<UploadType>>>>("files")
                .Resolve(context => string.Join(' ', context.GetArgument<List<IFormFile>>("files").Select(file => file.Length)));
            Field<StringGraphType>("change").Resolve(_ => $"changed {Interlocked.Increment(ref Changes)}");
        }
    }
}
