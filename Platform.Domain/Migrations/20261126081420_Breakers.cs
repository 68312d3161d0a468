using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class Breakers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_breaker_command",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    breaker = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    verb = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    options = table.Column<string>(type: "jsonb", nullable: true),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    reason = table.Column<string>(type: "character varying(1000)", maxLength: 1000, nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_breaker_command", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "core_breaker_order",
                schema: "platform",
                columns: table => new
                {
                    breaker = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    obeys = table.Column<short>(type: "smallint", nullable: false),
                    options = table.Column<string>(type: "jsonb", nullable: true),
                    epoch = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_breaker_order", x => x.breaker);
                });

            migrationBuilder.CreateTable(
                name: "core_breaker_state",
                schema: "platform",
                columns: table => new
                {
                    replica = table.Column<Guid>(type: "uuid", nullable: false),
                    breaker = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    service = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    obeys = table.Column<short>(type: "smallint", nullable: false),
                    failures = table.Column<int>(type: "integer", nullable: false),
                    opened_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    retry_after = table.Column<TimeSpan>(type: "interval", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_breaker_state", x => new { x.replica, x.breaker });
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 50);

            migrationBuilder.CreateIndex(
                name: "ix_core_breaker_command_at",
                schema: "platform",
                table: "core_breaker_command",
                column: "at");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "core_breaker_command",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_breaker_order",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_breaker_state",
                schema: "platform");
        }
    }
}
