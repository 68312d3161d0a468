using System.Text.Json;
using GraphQL;
using GraphQL.Types;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.Tests.Hosting;
using Platform.Identity;

namespace Platform.GraphQL.Tests.Authorization;

/// <summary>Asks for every field of the schema without each permission that it names: what the schema says is what execution does.</summary>
[Collection(SharedPlatform.Name)]
public sealed class AuthorizationWalkTests(PlatformHost host)
{
    [Fact]
    public async Task Every_field_is_refused_to_whoever_lacks_a_permission_of_it()
    {
        var order = (await host.FirstIdsAsync("orders", 1))[0];
        var product = (await host.FirstIdsAsync("products", 1))[0];
        var customer = (await host.FirstIdsAsync("customers", 1))[0];
        var walk = new Walk(host.Schema, field => field switch { "order" or "orderId" => order, "product" or "productId" => product, _ => customer });
        var asked = 0;

        foreach (var step in walk.Steps().Where(step => step.Policies.Length > 0))
        {
            foreach (var policy in step.Policies)
            {
                Assert.Contains(policy, ApiScopes.All.Keys);
                var token = host.Token([.. ApiScopes.All.Keys.Where(scope => scope != policy)]);

                var answer = await host.Http.AskAsync(host.Url, step.Query, token: token);

                Assert.True(answer.Errors.Count > 0, $"{step.Query} was answered without {policy}");
                Assert.All(answer.Errors, error => Assert.Equal("FORBIDDEN", error.GetProperty("extensions").GetProperty("code").GetString()));
                Assert.Contains(policy, answer.Errors[0].GetProperty("message").GetString(), StringComparison.Ordinal);
                Assert.False(IsThere(answer.Data, step.Path), $"{step.Query} gave data without {policy}");
                asked++;
            }
        }

        // As many as there are today, so that a walk that loses its way is noticed.
        Assert.InRange(asked, 28, int.MaxValue);
    }

    [Fact]
    public void Root_fields_name_one_permission_but_those_that_read_any_node()
    {
        var roots = new[] { host.Schema.Query, host.Schema.Mutation!, host.Schema.Subscription }.OfType<IObjectGraphType>();

        Assert.All(roots.SelectMany(root => root.Fields), field =>
        {
            if (field.ResolvedType!.GetNamedType() is IAbstractGraphType)
            {
                Assert.True(field.IsAnonymousAllowed());
                Assert.Empty(field.GetPolicies() ?? []);
            }
            else
            {
                Assert.Contains(Assert.Single(field.GetPolicies() ?? []), ApiScopes.All.Keys);
            }
        });
    }

    private static bool IsThere(JsonElement data, string[] path)
    {
        foreach (var name in path)
        {
            data = data.ValueKind is JsonValueKind.Array ? data.EnumerateArray().FirstOrDefault() : data;
            if (data.ValueKind is not JsonValueKind.Object || !data.TryGetProperty(name, out data) || data.ValueKind is JsonValueKind.Null)
            {
                return false;
            }
        }

        return true;
    }

    private sealed record Step(string Query, string[] Path, string[] Policies);

    private sealed class Walk(ISchema schema, Func<string, string> id)
    {
        // Below these the walk goes on: they succeed with made-up input. The payloads of the others are of the same class.
        private static readonly string[] Succeeding = ["registerCustomer", "addProduct", "placeOrder"];

        public IEnumerable<Step> Steps()
        {
            var seen = new HashSet<string>();
            var open = new Queue<(string Operation, IObjectGraphType Type, string[] Path, string[] Calls)>();
            open.Enqueue(("query", schema.Query, [], []));
            open.Enqueue(("mutation", schema.Mutation!, [], []));
            while (open.TryDequeue(out var place))
            {
                if (!seen.Add(place.Type.Name))
                {
                    continue;
                }

                foreach (var field in place.Type.Fields.Where(field => !field.Name.StartsWith("__", StringComparison.Ordinal) && field.Name != "orderSummary"))
                {
                    var (path, calls) = ((string[])[.. place.Path, field.Name], (string[])[.. place.Calls, field.Name + Arguments(field)]);
                    var type = field.ResolvedType!.GetNamedType();
                    var leaf = type is IObjectGraphType or IAbstractGraphType ? " { __typename }" : "";
                    var query = $"{place.Operation} {{ {string.Join(" { ", calls)}{leaf}{string.Concat(Enumerable.Repeat(" }", calls.Length))}";
                    yield return new(query, path, FieldGuards.PoliciesOf(field));
                    if (type is IObjectGraphType next && (place.Operation == "query" || Succeeding.Contains(field.Name)))
                    {
                        open.Enqueue((place.Operation, next, path, calls));
                    }
                }
            }
        }

        private string Arguments(FieldType field)
        {
            var required = (field.Arguments ?? []).Where(argument => argument.ResolvedType is NonNullGraphType)
                .Select(argument => $"{argument.Name}: {Literal(argument.ResolvedType!, argument.Name, field.Name)}").ToArray();
            return required.Length == 0 ? "" : $"({string.Join(", ", required)})";
        }

        private string Literal(IGraphType type, string name, string field) => type switch
        {
            NonNullGraphType required => Literal(required.ResolvedType!, name, field),
            ListGraphType list => $"[{Literal(list.ResolvedType!, name, field)}]",
            IInputObjectGraphType input => "{ " + string.Join(", ", input.Fields.Where(f => f.ResolvedType is NonNullGraphType)
                .Select(f => $"{f.Name}: {Literal(f.ResolvedType!, f.Name, field)}")) + " }",
            { Name: "ID" } => $"\"{id(name == "id" ? field : name)}\"",
            { Name: "String" } => name switch
            {
                "email" => $"\"{Guid.CreateVersion7():N}@example.com\"",
                "currency" => "\"EUR\"",
                _ => $"\"{Guid.CreateVersion7():N}\"",
            },
            _ => "1",
        };
    }
}
