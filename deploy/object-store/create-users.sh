#!/bin/sh
# The five users of the object store; what each may do is in deploy/bucketPolicy.ts. Sets the secret of a user that exists.
set -eu
set -a
. /run/secrets/object-store-users.env
set +a

# Within two minutes the store forgets what it remembers of a user whose secret was changed (--iam-cache-ttl).
ensure() {
  versitygw admin create-user --access "$1" --secret "$2" --role user > /dev/null 2>&1 ||
    versitygw admin update-user --access "$1" --secret "$2" --role user
}
ensure "$S3_API_ACCESS_KEY" "$S3_API_SECRET_KEY"
ensure "$S3_SCANNER_ACCESS_KEY" "$S3_SCANNER_SECRET_KEY"
ensure "$S3_ONCALL_ACCESS_KEY" "$S3_ONCALL_SECRET_KEY"
ensure "$S3_RESCAN_ACCESS_KEY" "$S3_RESCAN_SECRET_KEY"
ensure "$S3_ROSTER_ACCESS_KEY" "$S3_ROSTER_SECRET_KEY"
echo "users are ready"
