using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Platform.EntityFrameworkCore.FeatureFlags;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class FeatureFlags : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "core_feature_flag",
                schema: "platform",
                columns: table => new
                {
                    kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    origin = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    document = table.Column<string>(type: "json", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_feature_flag", x => new { x.kind, x.origin, x.name });
                });

            migrationBuilder.CreateTable(
                name: "core_feature_flag_audit",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    change_id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    origin = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    action = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    actor = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    reason = table.Column<string>(type: "character varying(2000)", maxLength: 2000, nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    before = table.Column<string>(type: "json", nullable: true),
                    after = table.Column<string>(type: "json", nullable: true),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    undoes = table.Column<Guid>(type: "uuid", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_feature_flag_audit", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "core_feature_flag_metadata",
                schema: "platform",
                columns: table => new
                {
                    name = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    owner = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, defaultValue: ""),
                    description = table.Column<string>(type: "character varying(10000)", maxLength: 10000, nullable: false, defaultValue: ""),
                    ticket = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false, defaultValue: ""),
                    rollout_plan = table.Column<string>(type: "json", nullable: true),
                    rollout_status = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false, defaultValue: "idle"),
                    rollout_stage = table.Column<int>(type: "integer", nullable: true),
                    stage_started_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    next_check_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    rollout_state = table.Column<string>(type: "json", nullable: true),
                    deployment = table.Column<string>(type: "json", nullable: true),
                    impact = table.Column<string>(type: "json", nullable: true),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    last_evaluated_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    fully_on_since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true),
                    version = table.Column<long>(type: "bigint", nullable: false, defaultValue: 1L),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()"),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false, defaultValueSql: "now()")
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_feature_flag_metadata", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "core_feature_flag_state",
                schema: "platform",
                columns: table => new
                {
                    id = table.Column<short>(type: "smallint", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false),
                    next_position = table.Column<long>(type: "bigint", nullable: false),
                    visitor_key = table.Column<byte[]>(type: "bytea", nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_feature_flag_state", x => x.id);
                    table.CheckConstraint("ck_core_feature_flag_state_one", "id = 1");
                });

            migrationBuilder.CreateIndex(
                name: "ix_core_feature_flag_version",
                schema: "platform",
                table: "core_feature_flag",
                column: "version");

            migrationBuilder.CreateIndex(
                name: "ix_core_feature_flag_audit_change",
                schema: "platform",
                table: "core_feature_flag_audit",
                column: "change_id");

            migrationBuilder.CreateIndex(
                name: "ix_core_feature_flag_audit_name",
                schema: "platform",
                table: "core_feature_flag_audit",
                columns: new[] { "name", "version" });

            migrationBuilder.CreateIndex(
                name: "ix_core_feature_flag_audit_version",
                schema: "platform",
                table: "core_feature_flag_audit",
                columns: new[] { "version", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_core_feature_flag_metadata_next_check",
                schema: "platform",
                table: "core_feature_flag_metadata",
                column: "next_check_at",
                filter: "next_check_at IS NOT NULL");

            migrationBuilder.Sql(FlagSchema.Up);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql(FlagSchema.Down);

            migrationBuilder.DropTable(
                name: "core_feature_flag",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_feature_flag_audit",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_feature_flag_metadata",
                schema: "platform");

            migrationBuilder.DropTable(
                name: "core_feature_flag_state",
                schema: "platform");
        }
    }
}
