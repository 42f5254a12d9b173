#!/bin/sh
# What the tests need from the system's packages. Not root, or no apt: one line, and those tests are skipped by name.
set -u
missing=""
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing="$missing chromium fonts-wqy-microhei"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # a list of names is meant
    { apt-get update -q && apt-get install -q -y --no-install-recommends $missing; } >/dev/null 2>&1 && exit 0
fi
echo "check: not installed:$missing - the tests that need them are skipped" >&2
