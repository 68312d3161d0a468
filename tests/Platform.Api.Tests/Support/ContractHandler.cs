using System.Collections.Concurrent;
using Platform.Contracts.Answers;

namespace Platform.Api.Tests.Support;

/// <summary>Holds every answer that a test gets from a documented operation against the committed document: status, header fields, body.</summary>
internal sealed class ContractHandler : DelegatingHandler
{
    /// <summary>Which operations were answered, and how: operation id and status.</summary>
    public ConcurrentDictionary<(string Operation, int Status), bool> Seen { get; } = new();

    /// <summary>The address that each operation with an entity tag was read at last.</summary>
    public ConcurrentDictionary<string, Uri> Read { get; } = new(StringComparer.Ordinal);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        var method = request.Method == HttpMethod.Head ? "GET" : request.Method.Method;
        if (CommittedContract.Update is null && CommittedContract.Document.Find(method, request.RequestUri!.PathAndQuery) is { } operation)
        {
            response.RequestMessage ??= request;
            Seen[(operation.Id, (int)response.StatusCode)] = true;
            if (request.Method == HttpMethod.Get && response is { StatusCode: System.Net.HttpStatusCode.OK, Headers.ETag: not null })
            {
                Read[operation.Id] = request.RequestUri;
            }

            var findings = await AnswerCheck.CheckAsync(operation, response, cancellationToken);
            Assert.True(findings.Count == 0, $"{operation.Id} answered {(int)response.StatusCode} outside the committed document:\n{string.Join('\n', findings)}");
        }

        return response;
    }
}
