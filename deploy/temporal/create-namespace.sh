#!/bin/sh
# The namespace with 90 days of retention (law 7) and the search attributes of workflows/contract.ts. Safe to run again.
set -eu
namespace=hallpass
retention=2160h

# A namespace that was created just now is not known to every part of the server for some seconds.
insist() {
  tries=0
  until "$@"; do
    tries=$((tries + 1))
    [ "$tries" -le 30 ] || { echo "gave up: $*" >&2; exit 1; }
    sleep 2
  done
}

has_attribute() { temporal operator search-attribute list --namespace "$namespace" | grep -q "^ *$1 "; }
add_attribute() {
  has_attribute "$1" || temporal operator search-attribute create --namespace "$namespace" --name "$1" --type Keyword || return 1
  has_attribute "$1"
}

temporal operator namespace describe --namespace "$namespace" > /dev/null 2>&1 ||
  temporal operator namespace create --namespace "$namespace" --retention "$retention"
insist temporal operator namespace update --namespace "$namespace" --retention "$retention"
for attribute in DistrictId AttachmentId SyncId TranslationId Stage; do
  insist add_attribute "$attribute"
done
echo "namespace $namespace is ready"
