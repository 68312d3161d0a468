// The topology, in Aspire's model. UseAspire (Directory.Build.props) chooses what runs it: Aspire with containers, or
// Platform.Embedded with this machine's own servers. See docs/run.md.
if (!Console.IsOutputRedirected)
{
    // People read the log: the hosts write text rather than JSON.
    Environment.SetEnvironmentVariable("Platform__Logging__Format", "Text");
}

var builder = DistributedApplication.CreateBuilder(args);

var postgres = builder.AddPostgres("postgres")
    .WithDataVolume()
    .WithLifetime(ContainerLifetime.Persistent);
var platformdb = postgres.AddDatabase("platformdb");

var redis = builder.AddRedis("redis")
    .WithPersistence();

// Stands in for the provider that takes customers' money.
var paymentGateway = builder.AddProject<Projects.PaymentGateway>("payment-gateway");

// Brings the database to the present schema, and ends. Hosts never migrate by themselves.
var migrations = builder.AddProject<Projects.Platform_Worker>("migrations", launchProfileName: null)
    .WithArgs("migrate")
    .WithEnvironment("DOTNET_ENVIRONMENT", builder.Environment.EnvironmentName)
    .WithReference(platformdb)
    .WaitFor(platformdb);

var api = builder.AddProject<Projects.Platform_Api>("api")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/readyz")
    .WithReference(platformdb)
    .WithReference(redis)
    .WaitFor(redis)
    .WaitForCompletion(migrations);

builder.AddProject<Projects.Platform_GraphQL>("graphql")
    .WithExternalHttpEndpoints()
    .WithHttpHealthCheck("/readyz")
    .WithReference(platformdb)
    .WithReference(redis)
    .WithReference(api)
    .WithEnvironment("Platform__Identity__Issuer", api.GetEndpoint("http"))
    .WaitFor(redis)
    .WaitForCompletion(migrations);

builder.AddProject<Projects.Platform_Worker>("worker")
    .WithHttpHealthCheck("/readyz")
    .WithReference(platformdb)
    .WithReference(redis)
    .WithReference(paymentGateway)
    .WaitFor(redis)
    .WaitForCompletion(migrations);

// Tokens name the api as their issuer, by the address that clients know it under.
api.WithEnvironment("Platform__Identity__Issuer", api.GetEndpoint("http"));

// The gateway tells what happens to charges by itself, signed with a secret that both know.
var webhookSecret = builder.AddParameter(
    "payment-webhook-secret", new GenerateParameterDefault { MinLength = 32 }, secret: true, persist: true);
api.WithEnvironment("Platform__Payments__Webhook__Secrets__0", webhookSecret);
paymentGateway
    .WithEnvironment("WEBHOOK_URL", api.GetEndpoint("http"))
    .WithEnvironment("WEBHOOK_PATH", "/api/v1/webhooks/payments")
    .WithEnvironment("WEBHOOK_SECRET", webhookSecret);

builder.Build().Run();
