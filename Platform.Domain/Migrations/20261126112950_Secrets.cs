using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class Secrets : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_secret",
                schema: "platform",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    generation = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    rotated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    notified_for = table.Column<Guid>(type: "uuid", nullable: true),
                    orphans = table.Column<int>(type: "integer", nullable: false),
                    lease_owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    lease_token = table.Column<long>(type: "bigint", nullable: false),
                    lease_expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_secret", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "core_secret_reader",
                schema: "platform",
                columns: table => new
                {
                    replica = table.Column<Guid>(type: "uuid", nullable: false),
                    service = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    generations = table.Column<string>(type: "jsonb", nullable: false),
                    seen_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_secret_reader", x => x.replica);
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 50);

            migrationBuilder.CreateTable(
                name: "core_secret_rotation",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    version = table.Column<Guid>(type: "uuid", nullable: false),
                    state = table.Column<short>(type: "smallint", nullable: false),
                    step = table.Column<short>(type: "smallint", nullable: false),
                    trigger = table.Column<short>(type: "smallint", nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    reason = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    attempts = table.Column<int>(type: "integer", nullable: false),
                    error = table.Column<string>(type: "character varying(500)", maxLength: 500, nullable: true),
                    started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    step_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    next_try_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    finished_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    retire_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_secret_rotation", x => x.id);
                    table.ForeignKey(
                        name: "fk_core_secret_rotation_secret",
                        column: x => x.name,
                        principalSchema: "platform",
                        principalTable: "core_secret",
                        principalColumn: "name",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "core_secret_version",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(60)", maxLength: 60, nullable: false),
                    stage = table.Column<short>(type: "smallint", nullable: false),
                    key_id = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    wrapped_key = table.Column<byte[]>(type: "bytea", nullable: true),
                    box = table.Column<byte[]>(type: "bytea", nullable: true),
                    reference = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    promoted_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    retired_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_secret_version", x => x.id);
                    table.ForeignKey(
                        name: "fk_core_secret_version_secret",
                        column: x => x.name,
                        principalSchema: "platform",
                        principalTable: "core_secret",
                        principalColumn: "name",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_core_secret_rotation_name",
                schema: "platform",
                table: "core_secret_rotation",
                columns: new[] { "name", "id" });

            migrationBuilder.CreateIndex(
                name: "ux_core_secret_rotation_unfinished",
                schema: "platform",
                table: "core_secret_rotation",
                column: "name",
                unique: true,
                filter: "state < 4");

            migrationBuilder.CreateIndex(
                name: "ux_core_secret_version_stage",
                schema: "platform",
                table: "core_secret_version",
                columns: new[] { "name", "stage" },
                unique: true,
                filter: "stage < 3");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "core_secret_reader",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_secret_rotation",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_secret_version",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_secret",
                schema: "platform");
        }
    }
}
