#!/bin/sh
# Temporal's own tables, by Temporal's own tool. Safe to run again: what is up to date stays.
set -eu
SQL_PASSWORD=$(cat /run/secrets/temporal-database)
export SQL_PASSWORD

# $1: database, $2: folder of its schema in the image
bring_up_to_date() {
  temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database "$1" setup-schema -v 0.0
  temporal-sql-tool --plugin postgres12 --endpoint postgres --port 5432 --user temporal --database "$1" \
    update-schema --schema-dir "/etc/temporal/schema/postgresql/v12/$2/versioned"
}
bring_up_to_date temporal temporal
bring_up_to_date temporal_visibility visibility
