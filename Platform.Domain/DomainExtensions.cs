using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Platform.Domain.Customers;
using Platform.Domain.DemoData;
using Platform.Domain.Orders;
using Platform.Domain.Payments;
using Platform.Domain.Persistence;
using Platform.Domain.Products;
using Platform.Domain.Subjects;
using Platform.EntityFrameworkCore.Audit;
using Platform.EntityFrameworkCore.Budgets;
using Platform.EntityFrameworkCore.Conditional;
using Platform.EntityFrameworkCore.FeatureFlags.Plans;
using Platform.EntityFrameworkCore.Logging;
using Platform.EntityFrameworkCore.Messaging;
using Platform.EntityFrameworkCore.Redaction;
using Platform.EntityFrameworkCore.Resilience;
using Platform.EntityFrameworkCore.Secrets;
using Platform.EntityFrameworkCore.Telemetry;
using Platform.EntityFrameworkCore.TokenBinding;
using Platform.Interception;
using Platform.Redaction.Subjects;
using Platform.Resilience;

namespace Platform.Domain;

/// <summary>Registers the business.</summary>
public static class DomainExtensions
{
    // A charge and a look for it are well within the time that a handler has.
    private static readonly TimeSpan PaymentTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PaymentReadTimeout = TimeSpan.FromSeconds(3);
    private const int MaxGatewayAnswer = 64 * 1024;

    /// <summary>
    /// Adds the use cases, queries and events, scoped like the context that they work on. The host adds the context itself:
    /// <c>builder.AddNpgsqlDbContext&lt;PlatformDbContext&gt;("platformdb", configureDbContextOptions: options => options.UsePlatformConventions())</c>.
    /// </summary>
    public static IServiceCollection AddDomain(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton(TimeProvider.System);

        services.AddScoped<RegisterCustomer>();
        services.AddScoped<UpdateCustomer>();
        services.AddScoped<DeleteCustomer>();
        services.AddScoped<CustomerQueries>();
        services.AddScoped<ISubjectDirectory, CustomerSubject>();
        services.AddScoped<ISubjectData, CustomerSubject>();
        services.AddScoped<ISubjectRequests, SubjectRequests>();
        services.AddSubjectCopies<PlatformDbContext>();
        services.AddColumnSeal<PlatformDbContext>();

        services.AddScoped<AddProduct>();
        services.AddScoped<UpdateProduct>();
        services.AddScoped<DeleteProduct>();
        services.AddScoped<ProductQueries>();

        services.AddScoped<PlaceOrder>();
        services.AddScoped<UpdateOrder>();
        services.AddScoped<ShipOrder>();
        services.AddScoped<CancelOrder>();
        services.AddScoped<OrderQueries>();

        services.AddScoped<PaymentQueries>();
        services.AddScoped<RecordGatewayRefund>();
        services.AddScoped<DemoDataSeed>();

        services.AddDomainEvents();
        services.AddMessaging<PlatformDbContext>();
        services.AddChanges<PlatformDbContext>();
        services.AddStatementTime<PlatformDbContext>();
        services.AddBudgetStore<PlatformDbContext>();
        services.AddBreakerBoard<PlatformDbContext>();
        services.AddLogLevelStore<PlatformDbContext>();
        services.AddAudit<PlatformDbContext>();
        services.AddTokenBindingStore<PlatformDbContext>();
        services.AddFlagPlans<PlatformDbContext>();
        services.AddSecretStore<PlatformDbContext>();
        services.AddDomainSecrets();
        return services;
    }

    /// <summary>
    /// Adds the client of the payment gateway, with the resilience that the host gives every client and the breakers <c>payment_gateway</c> and
    /// <c>payment_gateway_reads</c> around it.
    /// </summary>
    /// <param name="services">Where to.</param>
    /// <param name="address">Where the gateway is; by default the service of this name, found by service discovery.</param>
    /// <returns>The client, for what the host adds to it: hedged reads.</returns>
    public static IHttpClientBuilder AddPaymentGateway(this IServiceCollection services, string address = "https+http://payment-gateway")
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddCircuitBreaker(HttpPaymentGateway.Breaker, breaker => breaker.Timeout = PaymentTimeout);
        services.AddCircuitBreaker(HttpPaymentGateway.ReadsBreaker, breaker => breaker.Timeout = PaymentReadTimeout);
        var client = services.AddHttpClient<IPaymentGateway, HttpPaymentGateway>(http =>
        {
            http.BaseAddress = new Uri(address);
            http.MaxResponseContentBufferSize = MaxGatewayAnswer;
        });
        services.Intercept<IPaymentGateway>();
        return client;
    }

    /// <summary>Names tables and columns in snake case, as PostgreSQL's own do. Values of parameters get into no log and no exception.</summary>
    public static void UsePlatformConventions(this DbContextOptionsBuilder options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.UseSnakeCaseNamingConvention();
        options.EnableSensitiveDataLogging(false);
    }
}
