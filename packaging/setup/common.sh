# shellcheck shell=bash disable=SC2034
# Shared by the set-up's parts: where things are, and how they speak. Sourced, never run.
set -euo pipefail
export LC_ALL="${LC_ALL:-C.UTF-8}"
ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
VENV="$ROOT/.venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
warn() { printf 'note: %s\n' "$*" >&2; }
die() { printf 'stopped: %s\n' "$*" >&2; exit 1; }
