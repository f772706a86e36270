#!/usr/bin/env bash
# Prints where Debian's file of paintings is; where it is not installed, it is unpacked into FOLDER.
#   packaging/setup/paintings.sh FOLDER
# EKPHRASIS_GCOMPRIS_RCC names a file to be taken instead. Ends with 1 where none can be had.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

inside=usr/share/gcompris-qt/rcc/paintings.rcc
rcc="${EKPHRASIS_GCOMPRIS_RCC:-/$inside}"
if [ ! -r "$rcc" ] && command -v apt-get >/dev/null; then
    say "Getting the starter paintings from Debian's package gcompris-qt-data (44 MB, not installed, only unpacked)"
    mkdir -p "$1/deb"
    chmod 755 "$1" "$1/deb" # apt may fetch as a user of its own
    (cd "$1/deb" && apt-get -q -o APT::Sandbox::User=root download gcompris-qt-data) >&2 || exit 1
    dpkg-deb -x "$1"/deb/*.deb "$1/unpacked"
    rcc="$1/unpacked/$inside"
fi
[ -r "$rcc" ] || exit 1
printf '%s\n' "$rcc"
