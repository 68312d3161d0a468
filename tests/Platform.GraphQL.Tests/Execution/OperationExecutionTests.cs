using System.Buffers;
using System.Text.Json;
using GraphQL;
using GraphQL.Execution;
using GraphQL.Validation;
using GraphQLParser.AST;
using Microsoft.AspNetCore.Http;
using Platform.GraphQL.Execution;
using Platform.GraphQL.PersistedDocuments;
using Platform.GraphQL.Tests.Limits;
using Platform.GraphQL.Transport;
using ExecutionContext = GraphQL.Execution.ExecutionContext;

namespace Platform.GraphQL.Tests.Execution;

/// <summary>The service's own execution beside the library's: whatever is asked, both give the same.</summary>
public sealed class OperationExecutionTests : IDisposable
{
    private readonly FaultySchema _schema = new();
    private readonly GraphQLDocumentBuilder _documents = new();
    private readonly DocumentExecuter _library;
    private readonly DocumentExecuter _own;

    public OperationExecutionTests()
    {
        _schema.Initialize();
        _library = new DocumentExecuter(_documents, new DocumentValidator(), new Always(new ParallelExecutionStrategy()), []);
        _own = new DocumentExecuter(_documents, new DocumentValidator(), new Always(new OperationExecution(new DocumentPlans(_schema))), []);
    }

    public void Dispose() => _schema.Dispose();

    [Fact]
    public async Task Random_operations_give_the_same_data_and_errors_as_the_librarys_own_execution()
    {
        var (failed, nulls) = (0, 0);
        for (var i = 0; i < 400; i++)
        {
            var (text, variables) = new RandomDocuments(_schema, new Random(20261126 + i)).Next();
            var document = _documents.Build(text);

            var library = await RunAsync(_library, document, variables);
            var first = await RunAsync(_own, document, variables);
            var again = await RunAsync(_own, document, variables);

            Assert.True(library.Data == first.Data, $"{text}\n{library.Data}\n{first.Data}");
            AssertSame(library.Errors, first.Errors, text);
            Assert.Equal((first.Data, string.Join('\n', first.Errors)), (again.Data, string.Join('\n', again.Errors)));
            failed += library.Errors.Length > 0 ? 1 : 0;
            nulls += library.Data == "null" ? 1 : 0;
        }

        Assert.InRange(failed, 100, 400);
        Assert.InRange(nulls, 10, 200);
    }

    [Fact]
    public async Task Variables_decide_about_the_same_document_each_time()
    {
        var document = _documents.Build(
            "query ($more: Boolean!, $first: Int) { thing(first: $first) { id text @include(if: $more) ... @skip(if: $more) { mood } } thing(first: $first) { next { id } } }");

        var more = await RunAsync(_own, document, new() { ["more"] = true, ["first"] = 1 });
        var less = await RunAsync(_own, document, new() { ["more"] = false, ["first"] = 2 });

        Assert.Equal("""{"thing":{"id":1,"text":"text 1","next":{"id":2}}}""", more.Data);
        Assert.Equal("""{"thing":{"id":2,"mood":"GOOD","next":{"id":3}}}""", less.Data);
    }

    [Fact]
    public async Task Plain_document_takes_its_arguments_from_each_request()
    {
        var document = _documents.Build("query ($first: Int) { thing(first: $first) { id } ...F } fragment F on Query { thing(first: $first) { next { id } } }");

        for (var first = 1; first < 4; first++)
        {
            var answer = await RunAsync(_own, document, new() { ["first"] = first });

            Assert.Equal("{\"thing\":{\"id\":" + first + ",\"next\":{\"id\":" + (first + 1) + "}}}", answer.Data);
        }
    }

    [Fact]
    public async Task Operation_that_is_given_up_waits_for_what_it_began()
    {
        using var giveUp = new CancellationTokenSource();
        using var waits = new Waits();
        waits.Initialize();
        var own = new DocumentExecuter(_documents, new DocumentValidator(), new Always(new OperationExecution(new DocumentPlans(waits))), []);

        var running = own.ExecuteAsync(new ExecutionOptions { Schema = waits, Document = _documents.Build("{ stubborn giveUp: stubborn }"), CancellationToken = giveUp.Token });
        await waits.Begun.Task;
        await giveUp.CancelAsync();

        Assert.False(running.IsCompleted);
        waits.LetGo.SetResult();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    // The library loses the place of a field that it put together out of two; everything else is the same.
    private static void AssertSame(string[] library, string[] own, string text)
    {
        Assert.True(library.Length == own.Length, text);
        Assert.All(library.Zip(own), pair => Assert.True(pair.First == pair.Second || (pair.First.EndsWith(' ') && pair.Second.StartsWith(pair.First, StringComparison.Ordinal)), $"{pair}: {text}"));
    }

    private async Task<(string Data, string[] Errors)> RunAsync(DocumentExecuter executer, GraphQLDocument document, Dictionary<string, object?> variables)
    {
        var result = await executer.ExecuteAsync(new ExecutionOptions
        {
            Schema = _schema,
            Document = document,
            Variables = new Inputs(variables),
            CancellationToken = TestContext.Current.CancellationToken,
        });
        Assert.True(result.Executed, result.Errors?.FirstOrDefault()?.Message);
        var output = new ArrayBufferWriter<byte>();
        new ResultWriter(TimeProvider.System).Write(output, new OperationAnswer([], HasData: true, result.Data), new DefaultHttpContext());
        var errors = (result.Errors ?? []).Select(error => $"{string.Join('/', error.Path ?? [])} {error.InnerException?.GetType().Name} {string.Join(' ', error.Locations ?? [])}").Order(StringComparer.Ordinal).ToArray();
        return (JsonSerializer.Deserialize<JsonElement>(output.WrittenSpan).GetProperty("data").GetRawText(), errors);
    }

    private sealed class Always(IExecutionStrategy strategy) : IExecutionStrategySelector
    {
        public IExecutionStrategy Select(ExecutionContext context) => strategy;
    }

    /// <summary>A schema with a field that does not stop when it is told to.</summary>
    private sealed class Waits : global::GraphQL.Types.Schema
    {
        public Waits()
        {
            var query = new global::GraphQL.Types.ObjectGraphType { Name = "Query" };
            query.Field<global::GraphQL.Types.StringGraphType>("stubborn").ResolveAsync(async context =>
            {
                Begun.TrySetResult();
                await LetGo.Task;
                context.CancellationToken.ThrowIfCancellationRequested();
                return "done";
            });
            Query = query;
        }

        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource LetGo { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
