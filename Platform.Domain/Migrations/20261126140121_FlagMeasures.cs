using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Platform.Domain.Migrations
{
    /// <inheritdoc />
    public partial class FlagMeasures : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "evaluations",
                schema: "platform",
                table: "core_feature_flag_metadata",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.CreateTable(
                name: "core_feature_flag_caller",
                schema: "platform",
                columns: table => new
                {
                    flag = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    since = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    caller = table.Column<long>(type: "bigint", nullable: false),
                    arm = table.Column<string>(type: "character varying(203)", maxLength: 203, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_core_feature_flag_caller", x => new { x.flag, x.since, x.caller });
                });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "core_feature_flag_caller",
                schema: "platform");

            migrationBuilder.DropColumn(
                name: "evaluations",
                schema: "platform",
                table: "core_feature_flag_metadata");
        }
    }
}
