using GraphQL;
using GraphQL.Execution;
using GraphQL.MicrosoftDI;
using GraphQL.Types;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Domain.Persistence;
using Platform.EntityFrameworkCore.Idempotency;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.PersistedDocuments;
using Platform.GraphQL.Authorization;
using Platform.GraphQL.DataLoaders;
using Platform.GraphQL.Errors;
using Platform.GraphQL.Gates;
using Platform.GraphQL.Ide;
using Platform.GraphQL.Limits.Budgets;
using Platform.GraphQL.Limits.Cost;
using Platform.GraphQL.PersistedDocuments;
using Platform.GraphQL.Schema;
using Platform.GraphQL.Subscriptions;
using Platform.GraphQL.Tracing;
using Platform.GraphQL.Transport;
using Platform.ServiceDefaults.FeatureFlags;
using Platform.ServiceDefaults.RateLimiting;

namespace Platform.GraphQL;

/// <summary>Puts GraphQL into a host.</summary>
internal static class GraphQLExtensions
{
    /// <summary>
    /// Adds the schema over the domain, with its loaders and the transport. The host adds the domain, its context, errors and
    /// authentication.
    /// </summary>
    public static IHostApplicationBuilder AddPlatformGraphQL(this IHostApplicationBuilder builder)
    {
        builder.Services.AddDataLoaders();
        builder.Services.AddPersistedDocumentStore<PlatformDbContext>();
        builder.Services.AddEventFeed();
        builder.Services.AddIde();
        builder.Services.AddIdempotencyStore<PlatformDbContext>();
        builder.Services.TryAddSingleton<RedisDocuments>();
        builder.Services.AddGraphQLTransport<PlatformSchema>();
        return builder;
    }

    /// <summary>Adds the transport with its limits, over a schema.</summary>
    /// <typeparam name="TSchema">The schema; one for the life of the host.</typeparam>
    public static IServiceCollection AddGraphQLTransport<TSchema>(this IServiceCollection services)
        where TSchema : class, ISchema
    {
        services.AddOptions<GraphQLOptions>().BindConfiguration(GraphQLOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<PersistedDocumentOptions>().BindConfiguration(PersistedDocumentOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<CostOptions>().BindConfiguration(CostOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddRates();
        services.TryAddSingleton<Payers>();
        services.TryAddSingleton<CostBudgets>();
        services.TryAddSingleton<RefusalFee>();
        services.TryAddSingleton<PriceList>();
        services.TryAddSingleton<IntrospectionAccess>();
        services.TryAddSingleton<DocumentLibrary>();
        services.TryAddSingleton<UsageLedger>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageLedger>());

        // The schema's types are made for it alone, and take what they need from the container.
        services.TryAddSingleton<ISchema>(provider =>
            ActivatorUtilities.CreateInstance<TSchema>(provider, new SelfActivatingServiceProvider(provider)));
        services.TryAddSingleton<DocumentPlans>();
        services.TryAddSingleton<IDocumentExecuter>(provider => new DocumentExecuter(
            new GraphQLDocumentBuilder(), ActivatorUtilities.CreateInstance<PlannedValidation>(provider), ActivatorUtilities.CreateInstance<ExecutionStrategies>(provider), []));
        services.TryAddSingleton<ResolverTracing>();
        services.TryAddSingleton<OperationNames>();
        services.TryAddScoped<CallerAccess>();
        services.AddFlagEdge();
        services.TryAddSingleton<FieldGates>();
        services.TryAddSingleton<ErrorTaxonomy>();
        services.TryAddSingleton<ResultWriter>();
        services.TryAddSingleton<OperationRunner>();
        services.TryAddSingleton<GraphQLEndpoint>();
        services.AddSubscriptions();
        return services.AddTransportSteps();
    }

    /// <summary>Puts the gates into the schema and builds it, once for a host or a command.</summary>
    public static ISchema InitializeSchema(this IServiceProvider services)
    {
        var schema = services.GetRequiredService<ISchema>();
        schema.Directives.Register(new CostDirective(), new ListSizeDirective());
        services.GetRequiredService<FieldGates>().Guard(schema);
        schema.Initialize();
        schema.TypeMetaFieldType.Resolver = new NamedTypeResolver(schema.TypeMetaFieldType.Resolver!);
        return schema;
    }

    /// <summary>Serves GraphQL at <c>/api/graphql</c>, with and without a slash behind it; WebSockets where the host has <c>UseWebSockets()</c>.</summary>
    /// <remarks>The schema is built here: one that does not hold together stops the start instead of the first request.</remarks>
    public static IEndpointConventionBuilder MapGraphQL(this IEndpointRouteBuilder endpoints)
    {
        endpoints.ServiceProvider.InitializeSchema();
        var endpoint = endpoints.ServiceProvider.GetRequiredService<GraphQLEndpoint>();
        return endpoints.Map("/api/graphql", endpoint.HandleAsync).WithDisplayName("GraphQL");
    }
}
