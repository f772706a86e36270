#!/usr/bin/env bash
# Optional part of the set-up: start the kiosk when this user logs in.
#   packaging/setup/50-autostart.sh            a systemd user unit (desktops that start graphical-session.target)
#   packaging/setup/50-autostart.sh --desktop  an autostart entry instead (any other desktop)
#   packaging/setup/50-autostart.sh --remove   neither
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

config="${XDG_CONFIG_HOME:-$HOME/.config}"
unit="$config/systemd/user/ekphrasis-kiosk.service"
entry="$config/autostart/ekphrasis-kiosk.desktop"
[ -x "$VENV/bin/ekphrasis" ] || die "the kiosk is not set up yet; run packaging/setup/all.sh first"

fill() { # FROM TO: puts this folder's own path in
    mkdir -p "$(dirname "$2")"
    sed "s|@VENV@|$VENV|g" "$1" > "$2.new"
    mv "$2.new" "$2"
    say "Written: $2"
}
enable() { systemctl --user daemon-reload && systemctl --user "$@" ekphrasis-kiosk.service; }

case "${1:-}" in
    --remove)
        if [ -e "$unit" ]; then enable disable >&2 || warn "no user session of systemd is running; the unit is removed all the same"; fi
        rm -f "$unit" "$entry"
        say "The kiosk no longer starts at login."
        ;;
    --desktop)
        rm -f "$unit"
        fill "$ROOT/packaging/desktop/ekphrasis-kiosk.desktop" "$entry"
        ;;
    '')
        rm -f "$entry"
        fill "$ROOT/packaging/systemd/ekphrasis-kiosk.service" "$unit"
        enable enable >&2 || warn "no user session of systemd is running here; after the next login: systemctl --user enable ekphrasis-kiosk"
        ;;
    *) die "unknown option $1; see the head of this file" ;;
esac
