using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

[assembly: AssemblyFixture(typeof(Platform.Testing.PostgresFixture))]
[assembly: AssemblyFixture(typeof(Platform.Testing.RedisFixture))]

namespace Platform.ServiceDefaults.Tests.AspireClients;

internal sealed class ShopContext(DbContextOptions<ShopContext> options) : DbContext(options);

[DbContext(typeof(ShopContext))]
[Migration("20260101000000_First")]
internal sealed class First : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => migrationBuilder.Sql("CREATE TABLE things (id int)");
}
