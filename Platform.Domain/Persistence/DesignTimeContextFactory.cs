using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Platform.Domain.Persistence;

// For `dotnet ef migrations add`, which compares models and asks no server.
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<PlatformDbContext>
{
    public PlatformDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<PlatformDbContext>();
        options.UseNpgsql(Environment.GetEnvironmentVariable("ConnectionStrings__platformdb") ?? "Host=localhost;Database=platformdb");
        options.UsePlatformConventions();
        return new PlatformDbContext(options.Options);
    }
}
