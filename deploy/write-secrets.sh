#!/bin/sh
# Writes every secret that docker-compose.yml needs into deploy/secrets/, freshly generated, once.
#   PAGER_ROUTING_KEY=… sh deploy/write-secrets.sh [folder]
# Optional: CODEC_ENGINEER (who gets the codec token, by name; default the account that runs this), PAGER_URL (default PagerDuty's Events API v2), SMTP_URL (default the mail sink of the `dev` profile).
# What exists is never overwritten: to change one secret, delete its files and read docs/deploying.md first.
set -eu

folder="${1:-$(dirname "$0")/secrets}"
: "${PAGER_ROUTING_KEY:?give the integration key of a PagerDuty service (Events API v2)}"
pager_url="${PAGER_URL:-https://events.pagerduty.com/v2/enqueue}"
smtp_url="${SMTP_URL:-smtp://mail:1025}"
engineer="${CODEC_ENGINEER:-$(id -un)}"

if [ -e "$folder" ]; then
  echo "$folder exists already: nothing was written" >&2
  exit 1
fi

secret() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
database_url() { echo "postgresql://$1:$2@postgres:5432/$3?sslmode=disable"; }

# Compose mounts these files with the owner and the mode that they have here, and the containers run as different users.
# So the files are readable, and the folder is what keeps everybody else on this machine out.
umask 077
partial="$folder.partial"
rm -rf "$partial"
mkdir -p "$partial"
write() { cat > "$partial/$1"; chmod 0444 "$partial/$1"; }

superuser=$(secret) owner=$(secret) app=$(secret) auth=$(secret) relay=$(secret) sweeper=$(secret) support=$(secret) oncall=$(secret)
temporal=$(secret) store_root=$(secret) store_api=$(secret) store_scanner=$(secret) store_oncall=$(secret) store_rescan=$(secret) store_roster=$(secret) codec=$(secret)

printf %s "$superuser" | write postgres-superuser
printf %s "$temporal" | write temporal-database
write object-store-root.env <<EOF
ROOT_ACCESS_KEY=hallpass-root
ROOT_SECRET_KEY=$store_root
EOF
write object-store-users.env <<EOF
ADMIN_ACCESS_KEY=hallpass-root
ADMIN_SECRET_KEY=$store_root
S3_API_ACCESS_KEY=hallpass-api
S3_API_SECRET_KEY=$store_api
S3_SCANNER_ACCESS_KEY=hallpass-scanner
S3_SCANNER_SECRET_KEY=$store_scanner
S3_ONCALL_ACCESS_KEY=hallpass-oncall
S3_ONCALL_SECRET_KEY=$store_oncall
S3_RESCAN_ACCESS_KEY=hallpass-rescan
S3_RESCAN_SECRET_KEY=$store_rescan
S3_ROSTER_ACCESS_KEY=hallpass-roster
S3_ROSTER_SECRET_KEY=$store_roster
EOF
write object-store-buckets.env <<EOF
S3_ROOT_ACCESS_KEY=hallpass-root
S3_ROOT_SECRET_KEY=$store_root
S3_API_ACCESS_KEY=hallpass-api
S3_SCANNER_ACCESS_KEY=hallpass-scanner
S3_ONCALL_ACCESS_KEY=hallpass-oncall
S3_RESCAN_ACCESS_KEY=hallpass-rescan
S3_ROSTER_ACCESS_KEY=hallpass-roster
EOF
write database.env <<EOF
DATABASE_URL_SUPERUSER=$(database_url postgres "$superuser" postgres)
DATABASE_PASSWORD_OWNER=$owner
DATABASE_PASSWORD_APP=$app
DATABASE_PASSWORD_AUTH=$auth
DATABASE_PASSWORD_RELAY=$relay
DATABASE_PASSWORD_SWEEPER=$sweeper
DATABASE_PASSWORD_SUPPORT=$support
DATABASE_PASSWORD_ONCALL=$oncall
TEMPORAL_DATABASE_PASSWORD=$temporal
EOF
write migrate.env <<EOF
DATABASE_URL_OWNER=$(database_url hallpass_owner "$owner" hallpass)
EOF
write district.env <<EOF
DATABASE_URL_OWNER=$(database_url hallpass_owner "$owner" hallpass)
DATABASE_URL_SWEEPER=$(database_url hallpass_sweeper "$sweeper" hallpass)
EOF
write api.env <<EOF
DATABASE_URL_APP=$(database_url hallpass_app "$app" hallpass)
DATABASE_URL_AUTH=$(database_url hallpass_auth "$auth" hallpass)
S3_API_ACCESS_KEY=hallpass-api
S3_API_SECRET_KEY=$store_api
EOF
write worker.env <<EOF
DATABASE_URL_APP=$(database_url hallpass_app "$app" hallpass)
DATABASE_URL_RELAY=$(database_url hallpass_relay "$relay" hallpass)
DATABASE_URL_SWEEPER=$(database_url hallpass_sweeper "$sweeper" hallpass)
S3_SCANNER_ACCESS_KEY=hallpass-scanner
S3_SCANNER_SECRET_KEY=$store_scanner
S3_RESCAN_ACCESS_KEY=hallpass-rescan
S3_RESCAN_SECRET_KEY=$store_rescan
S3_ROSTER_ACCESS_KEY=hallpass-roster
S3_ROSTER_SECRET_KEY=$store_roster
SMTP_URL=$smtp_url
PAGER_URL=$pager_url
PAGER_ROUTING_KEY=$PAGER_ROUTING_KEY
CODEC_TOKENS=$engineer:$(printf %s "$codec" | sha256sum | cut -d ' ' -f 1)
EOF
write oncall.env <<EOF
DATABASE_URL_ONCALL=$(database_url hallpass_oncall "$oncall" hallpass)
S3_ONCALL_ACCESS_KEY=hallpass-oncall
S3_ONCALL_SECRET_KEY=$store_oncall
EOF
# For that engineer; no container gets it. Another one gets a token of their own: see CODEC_TOKENS in docs/configuration.md.
printf '%s\n' "$codec" > "$partial/codec-token"

mv "$partial" "$folder"
echo "wrote $folder; the codec token of $engineer is in $folder/codec-token"
