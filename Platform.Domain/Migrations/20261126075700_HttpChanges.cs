using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;
using Platform.EntityFrameworkCore.Conditional;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class HttpChanges : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_change",
                schema: "platform",
                columns: table => new
                {
                    transaction_id = table.Column<ulong>(type: "xid8", nullable: false, defaultValueSql: "pg_current_xact_id()"),
                    position = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityAlwaysColumn),
                    kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    resource_id = table.Column<Guid>(type: "uuid", nullable: false),
                    deleted = table.Column<bool>(type: "boolean", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_change", x => new { x.transaction_id, x.position });
                })
                .Annotation("Npgsql:StorageParameter:autovacuum_vacuum_insert_scale_factor", 0.050000000000000003);

            migrationBuilder.CreateTable(
                name: "core_idempotency_key",
                schema: "platform",
                columns: table => new
                {
                    client = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    key = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    fingerprint = table.Column<byte[]>(type: "bytea", nullable: false),
                    status = table.Column<short>(type: "smallint", nullable: false),
                    headers = table.Column<string>(type: "jsonb", nullable: false),
                    body = table.Column<byte[]>(type: "bytea", nullable: false),
                    answered_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "clock_timestamp()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_idempotency_key", x => new { x.client, x.key });
                })
                .Annotation("Npgsql:StorageParameter:autovacuum_vacuum_scale_factor", 0.02);

            migrationBuilder.CreateIndex(
                name: "ix_products_name_id",
                schema: "commerce",
                table: "products",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_customers_name_id",
                schema: "commerce",
                table: "customers",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_core_idempotency_key_answered_at",
                schema: "platform",
                table: "core_idempotency_key",
                column: "answered_at")
                .Annotation("Npgsql:IndexMethod", "brin");

            migrationBuilder.Sql(ChangeTriggers.Up);
            migrationBuilder.Sql(ChangeTriggers.On("commerce.customers", "customer"));
            migrationBuilder.Sql(ChangeTriggers.On("commerce.products", "product"));
            migrationBuilder.Sql(ChangeTriggers.On("commerce.orders", "order"));
            migrationBuilder.Sql(ChangeTriggers.On("commerce.payments", "payment", "order_id"));
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(ChangeTriggers.Down);

            migrationBuilder.DropTable(
                name: "core_change",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_idempotency_key",
                schema: "platform");

            migrationBuilder.DropIndex(
                name: "ix_products_name_id",
                schema: "commerce",
                table: "products");

            migrationBuilder.DropIndex(
                name: "ix_customers_name_id",
                schema: "commerce",
                table: "customers");

        }
    }
}
