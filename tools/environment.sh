#!/bin/sh
# An environment from a lock file, every package checked by its hash: ENVIRONMENT LOCKFILE
set -eu
[ -x "$1/bin/python" ] || "${PYTHON:-python3}" -m venv "$1"
"$1/bin/python" -m pip install --quiet --require-hashes -r tools/uv.txt || true
if [ -x "$1/bin/uv" ]; then
    "$1/bin/uv" pip sync --quiet --python "$1/bin/python" --require-hashes "$2" tools/uv.txt
    "$1/bin/uv" pip install --quiet --python "$1/bin/python" --no-deps --no-build-isolation --editable .
else
    "$1/bin/python" -m pip install --quiet --require-hashes -r "$2"
    "$1/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
fi
