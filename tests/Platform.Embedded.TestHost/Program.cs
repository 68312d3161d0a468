// Topologies for the tests of Platform.Embedded, chosen by the variable TOPOLOGY.
using Service = Projects.Platform_Embedded_TestService;

var builder = DistributedApplication.CreateBuilder(args);
switch (Environment.GetEnvironmentVariable("TOPOLOGY"))
{
    case "chain":
        var migrations = builder.AddProject<Service>("migrations").WithArgs("job", "0");
        var back = builder.AddProject<Service>("back").WithHttpEndpoint().WithHttpHealthCheck("/health").WaitForCompletion(migrations);
        builder.AddProject<Service>("front").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReference(back).WaitFor(back);
        break;
    case "failing job":
        var job = builder.AddProject<Service>("migrations").WithArgs("job", "3");
        builder.AddProject<Service>("front").WithHttpEndpoint().WaitForCompletion(job);
        break;
    case "one":
        int? port = int.TryParse(Environment.GetEnvironmentVariable("SERVICE_PORT"), out var chosen) ? chosen : null;
        builder.AddProject<Service>("service").WithHttpEndpoint(port).WithHttpHealthCheck("/health");
        break;
    case "never ready":
        builder.AddProject<Service>("service").WithArgs("job", "4").WithHttpEndpoint().WithHttpHealthCheck("/health");
        break;
    case "deaf":
        builder.AddProject<Service>("service").WithArgs("deaf").WithHttpEndpoint();
        break;
    case "replicas":
        builder.AddProject<Service>("service").WithHttpEndpoint().WithHttpHealthCheck("/health").WithReplicas(3);
        break;
    case "servers":
        var database = builder.AddPostgres("postgres").WithDataVolume().AddDatabase("shop-db", "shop");
        var redis = builder.AddRedis("redis").WithPersistence();
        var secret = builder.AddParameter("api-key", secret: true);
        builder.AddProject<Service>("service").WithHttpEndpoint()
            .WithReference(database)
            .WithReference(redis)
            .WithEnvironment("API_KEY", secret)
            .WaitFor(database)
            .WaitFor(redis);
        break;
}
builder.Build().Run();
