#!/usr/bin/env bash
# The whole set-up, part by part. Each part can be read and run by itself.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
"$ROOT/packaging/setup/10-system.sh"
"$ROOT/packaging/setup/20-python.sh"
"$ROOT/packaging/setup/30-collection.sh"
