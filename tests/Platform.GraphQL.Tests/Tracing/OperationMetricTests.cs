using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Platform.EntityFrameworkCore.PersistedDocuments;
using Platform.GraphQL.Tests.Hosting;
using Platform.GraphQL.Tests.PersistedDocuments;
using Platform.GraphQL.Tracing;

namespace Platform.GraphQL.Tests.Tracing;

[Collection(SharedPlatform.Name)]
public sealed class OperationMetricTests(PlatformHost host)
{
    [Fact]
    public void Names_that_callers_make_up_are_counted_as_one_beyond_the_first_hundred_and_those_of_trusted_documents_by_themselves()
    {
        var names = new OperationNames();

        var made = Enumerable.Range(0, 10_000).Select(i => names.Admit($"Made{i}", trusted: false)).Distinct().ToArray();

        Assert.Equal(101, made.Length);
        Assert.Contains(OperationNames.Other, made);
        Assert.Equal("Checkout", names.Admit("Checkout", trusted: true));
        Assert.Equal("Checkout", names.Admit("Checkout", trusted: false));
        Assert.Equal("Made5", names.Admit("Made5", trusted: false));
        Assert.Null(names.Admit(null, trusted: false));
    }

    [Fact]
    public async Task Requests_are_timed_by_operation_and_trusted_documents_by_the_client_whose_manifest_holds_them()
    {
        const string Document = "query Storefront { products(first: 1) { edges { cursor } } }";
        var id = "sha256:" + PersistedRequests.Sha256(Document);
        await host.Services.GetRequiredService<PersistedDocumentStore>()
            .ImportAsync("shop", [new ManifestDocument(id, Document, "Storefront")], replace: false, TestContext.Current.CancellationToken);
        var measured = new ConcurrentQueue<Dictionary<string, object?>>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, owner) =>
        {
            if (instrument.Name == "platform.graphql.request.duration")
            {
                owner.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => measured.Enqueue(tags.ToArray().ToDictionary(tag => tag.Key, tag => tag.Value)));
        listener.Start();

        await host.PostAsync(new { documentId = id }, client: "somebody-else");
        await host.PostAsync(new { query = "query Loose { products(first: 0) { edges { cursor } } }" }, client: "somebody");

        var trusted = Assert.Single(measured, tags => tags.GetValueOrDefault("graphql.operation.name") is "Storefront");
        Assert.Equal("shop", trusted["platform.graphql.client"]);
        var loose = Assert.Single(measured, tags => tags.GetValueOrDefault("graphql.operation.name") is "Loose");
        Assert.Equal("VALIDATION_ERROR", loose["error.type"]);
        Assert.False(loose.ContainsKey("platform.graphql.client"));
    }
}
