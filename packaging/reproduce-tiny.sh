#!/usr/bin/env bash
# The whole walk of the paper in minutes: data, Algorithm 1, baselines, tables, a bundle that answers.
# Tiny seeded networks and coloured shapes go through the very code that runs at full size.
#   packaging/reproduce-tiny.sh [FOLDER]       default: build/reproduce-tiny; what is there is replaced
source "$(dirname "${BASH_SOURCE[0]}")/setup/common.sh"
PYTHON="${PYTHON:-$VENV/bin/python}"
OUT="${1:-$ROOT/build/reproduce-tiny}"
export EKPHRASIS_DATA_DIR="$OUT/data" EKPHRASIS_CONFIG="$ROOT/packaging/test-config.toml"
export OMP_NUM_THREADS=1 # networks this small are slower on several threads; runs share the cores
RUNS="$OUT/data/runs"
ekphrasis() { "$PYTHON" -m kiosk "$@"; }
cd "$ROOT"

say "1. A set with a known structure, a tiny CLIP, a tiny MPNet"
rm -rf "$OUT"
"$PYTHON" -m engine.training.algorithm.tiny "$OUT"

train() { # RECIPE RUN FIELD=VALUE...
    local recipe="$1" run="$2" fields=() field
    shift 2
    for field in "$@"; do fields+=(--set "$field"); done
    ekphrasis train "$OUT/pairs" --recipe "$recipe" --out "$RUNS/$run" --alone \
        --clip "local-dir:$OUT/clip" --mpnet "$OUT/mpnet" "${fields[@]}" > /dev/null
}

say "2. CE-CLIP by Algorithm 1; beside it the baselines (a log of each in $OUT)"
TOWERS=(fine-tune.rate=1e-3 fine-tune.epochs=20 data.validation=0.05)
{
    train clip-supervised clip-zero-shot fine-tune.epochs=0 name=clip-zero-shot
    train clip-few-shot clip-few-shot "${TOWERS[@]}"
    train clip-supervised clip-supervised "${TOWERS[@]}"
} 2> "$OUT/baselines.log" &
baselines=$!
train tiny paper 2> >(tee "$OUT/ce-clip.log" >&2)
wait "$baselines" || { cat "$OUT/baselines.log" >&2; die "a baseline could not be trained"; }

say "3. What must be true of it"
"$PYTHON" -m engine.training.algorithm.proof "$OUT/pairs" "$RUNS/paper" "$OUT/clip" \
    --supervised "$RUNS/clip-supervised"

say "4. The bundle goes to a kiosk, and answers"
ekphrasis bundles import "$RUNS/paper/bundle"
export EKPHRASIS_BUNDLE=tiny
ekphrasis poems import "$OUT/poems.jsonl" > /dev/null
ekphrasis match "$OUT/pairs/images/0000.png" --k 3
ekphrasis bundles verify tiny

say "5. The tables, beside the published numbers (which are of MultiM-Poem, not of shapes)"
ekphrasis evaluate --table 1 2 --data "$OUT/pairs" --runs "$RUNS" \
    --zero-shot "$RUNS/clip-zero-shot" --no-alternatives --out "$OUT/tables"
say "Done in $SECONDS seconds; everything lies in $OUT"
