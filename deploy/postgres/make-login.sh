#!/bin/sh
# Run once, by the image of PostgreSQL, when the database is made: the login of the apps, which owns nothing.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --set password="$LONGHAUL_PASSWORD" <<'SQL'
CREATE ROLE longhaul LOGIN PASSWORD :'password';
SQL
