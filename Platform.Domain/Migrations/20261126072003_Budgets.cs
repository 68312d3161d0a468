using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class Budgets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_budget_change",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    route = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    before = table.Column<string>(type: "jsonb", nullable: true),
                    after = table.Column<string>(type: "jsonb", nullable: true),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_budget_change", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "core_budget_limit",
                schema: "platform",
                columns: table => new
                {
                    route = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    p50_ms = table.Column<double>(type: "double precision", nullable: false),
                    p95_ms = table.Column<double>(type: "double precision", nullable: false),
                    p99_ms = table.Column<double>(type: "double precision", nullable: false),
                    objective = table.Column<double>(type: "double precision", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_budget_limit", x => x.route);
                });

            migrationBuilder.CreateTable(
                name: "core_budget_slice",
                schema: "platform",
                columns: table => new
                {
                    route = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    start = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    minutes = table.Column<short>(type: "smallint", nullable: false),
                    replica = table.Column<Guid>(type: "uuid", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    slow = table.Column<long>(type: "bigint", nullable: false),
                    sketch = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_budget_slice", x => new { x.start, x.route, x.minutes, x.replica });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 70);

            migrationBuilder.CreateTable(
                name: "core_budget_violation",
                schema: "platform",
                columns: table => new
                {
                    route = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: false),
                    percentile = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    window_start = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    measured_ms = table.Column<double>(type: "double precision", nullable: false),
                    limit_ms = table.Column<double>(type: "double precision", nullable: false),
                    requests = table.Column<long>(type: "bigint", nullable: false),
                    trace_id = table.Column<string>(type: "character varying(32)", maxLength: 32, nullable: true),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_budget_violation", x => new { x.window_start, x.route, x.percentile });
                });

            migrationBuilder.CreateIndex(
                name: "ix_core_budget_change_at",
                schema: "platform",
                table: "core_budget_change",
                column: "at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "core_budget_change",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_budget_limit",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_budget_slice",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_budget_violation",
                schema: "platform");
        }
    }
}
