#!/usr/bin/env bash
# Part 1 of the set-up: Debian's own packages. Installs only what is missing; safe to run again.
#   packaging/setup/10-system.sh [LIST...]     the lists default to packaging/debian-packages.txt
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

lists=("$@")
[ ${#lists[@]} -gt 0 ] || lists=("$ROOT/packaging/debian-packages.txt")

if ! command -v dpkg-query >/dev/null; then
    warn "this is not Debian, so nothing was installed for the system; docs/technicians.md lists what the kiosk needs."
    exit 0
fi

missing=()
while read -r package why; do
    case "$package" in ''|'#'*) continue ;; esac
    if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]; then
        [ ${#missing[@]} -gt 0 ] || say "Debian has to provide what is not here yet:"
        printf '    %-22s %s\n' "$package" "$why" >&2
        missing+=("$package")
    fi
done < <(cat "${lists[@]}")
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        warn "these need an administrator, and there is no sudo here; ask for:  apt-get install ${missing[*]}"
        warn "going on without them: what depends on them (the voice, the window) will say so."
        exit 0
    fi
    as_root=(sudo)
    say "Installing them needs your password, for:  sudo apt-get install ${missing[*]}"
fi
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -q "$@"; }
"${as_root[@]}" dpkg --configure -a || true # finishes what an interrupted installation left
if ! { apt update && apt install -y --no-install-recommends "${missing[@]}"; } >&2; then
    warn "Debian could not provide ${missing[*]}; check the network, then run this again."
    warn "going on without them: what depends on them (the voice, the window) will say so."
fi
