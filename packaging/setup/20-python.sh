#!/usr/bin/env bash
# Part 2 of the set-up: .venv with the locked, hashed Python packages. Safe to interrupt and run again.
#   packaging/setup/20-python.sh [--dev]       --dev adds what tests and checks need
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

LOCKS="$ROOT/packaging/requirements"
UNFINISHED="$VENV/.unfinished" # there while packages are being installed
stamp() { cat "$ROOT/pyproject.toml" "$LOCKS"/{torch-cpu,torch,torch-cuda,base}.txt "$@" | sha256sum | cut -d' ' -f1; }
done_already() { [ -e "$VENV/$1" ] && [ "$(cat "$VENV/$1")" = "$2" ] && [ ! -e "$UNFINISHED" ]; }
pip_install() { "$VENV/bin/python" -m pip install --no-deps --no-warn-script-location "$@" >&2; }

find_python() {
    local candidate
    for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13; do
        [ -n "$candidate" ] && command -v "$candidate" >/dev/null || continue
        "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] < (3, 11))' 2>/dev/null || continue
        command -v "$candidate"
        return
    done
    die "Python 3.11 or newer is needed; on Debian 12: apt-get install python3 python3-venv"
}

runtime="$(stamp)"
if ! done_already .runtime "$runtime"; then
    if [ -e "$UNFINISHED" ] || [ ! -e "$VENV/.runtime" ] || [ ! -x "$VENV/bin/python" ]; then
        # A package that was being unpacked when the machine went down looks installed to pip. What
        # is removed is no whole one from the first file on, even if the removal is interrupted.
        rm -f "$VENV/.runtime"
        rm -rf "$VENV"
        python="$(find_python)"
        say "Making $VENV with $("$python" --version)"
        mkdir "$VENV"
        touch "$UNFINISHED" # first of all: an interrupted venv looks like a whole one
        "$python" -m venv "$VENV" || die "python3-venv is missing; on Debian: apt-get install python3-venv"
    fi
    touch "$UNFINISHED"
    say "Installing torch (the build without CUDA, where one is offered)"
    if pip_install --dry-run -q --require-hashes -r "$LOCKS/torch-cpu.txt" 2>/dev/null; then
        pip_install --require-hashes -r "$LOCKS/torch-cpu.txt"
    else
        # A lock with both builds' hashes would not do: pip prefers the one whose hash the index tells.
        say "No build without CUDA is offered here; installing the common one and what it needs (large)"
        pip_install --require-hashes -r "$LOCKS/torch.txt"
        pip_install --require-hashes -r "$LOCKS/torch-cuda.txt"
    fi
    say "Installing the other packages"
    pip_install --require-hashes -r "$LOCKS/base.txt"
    say "Installing ekphrasis itself, from this folder"
    pip_install --no-build-isolation -q -e "$ROOT"
    rm -f "$VENV/.dev"
    "$VENV/bin/python" -m pip check >&2 || die "the installed packages do not fit each other; delete $VENV and run this again"
    printf %s "$runtime" > "$VENV/.runtime"
    rm -f "$UNFINISHED"
fi

[ "${1:-}" = --dev ] || exit 0
dev="$(stamp "$LOCKS/dev.txt")"
if ! done_already .dev "$dev"; then
    touch "$UNFINISHED"
    say "Installing what tests and checks need"
    pip_install --require-hashes -r "$LOCKS/dev.txt"
    printf %s "$dev" > "$VENV/.dev"
    rm -f "$UNFINISHED"
fi
