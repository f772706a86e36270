"""`make fuzz`: each parser of our own against atheris, a minute each.

    make fuzz                                  all of them
    make fuzz ARGS="--only tei --seconds 600"  one, for longer

Nothing is kept but what broke a parser: build/fuzz/TARGET-crash-… (or -timeout-, -oom-), which
`python -m tests.fuzz --replay FILE` runs again. Exits with 1 when there is such a file.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

OUT = Path("build/fuzz")
SLOWEST = 10  # seconds for one input; longer is a finding
MEMORY = 2048  # MB


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", help="a target; again for more")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="run one finding again")
    parser.add_argument("--one", help=argparse.SUPPRESS)  # within the process of one target
    args, rest = parser.parse_known_args()
    if args.replay is not None:
        return _replay(args.replay)
    if args.one is not None:
        _fuzz(args.one, rest)
        return 0
    from tests.fuzz.targets import TARGETS

    OUT.mkdir(parents=True, exist_ok=True)
    broken = [name for name in args.only or TARGETS if not _sound(name, args.seconds)]
    if broken:
        found = ", ".join(str(path) for path in sorted(OUT.iterdir()))
        print(f"Broken: {', '.join(broken)}. See {found or 'what is said above'}")
    return 1 if broken else 0


def _sound(name: str, seconds: int) -> bool:
    """Fuzz one target in a process of its own; whether nothing was found."""
    from tests.fuzz.targets import MOST, TARGETS

    with tempfile.TemporaryDirectory(prefix="corpus-") as corpus:
        inputs = Path(corpus, "inputs")
        inputs.mkdir()
        for number, seed in enumerate(TARGETS[name].seeds()):
            (inputs / f"seed{number}").write_bytes(seed)
        command = [sys.executable, "-m", "tests.fuzz", "--one", name]
        options = {
            "max_total_time": seconds,
            "max_len": MOST,
            "timeout": SLOWEST,
            "rss_limit_mb": MEMORY,
            "artifact_prefix": f"{OUT}/{name}-",
            "print_final_stats": 1,
            "verbosity": 0,
        }
        options_said = [f"-{option}={value}" for option, value in options.items()]
        scratch = {**os.environ, "TMPDIR": corpus}  # what the targets write goes with the corpus
        done = subprocess.run(
            [*command, *options_said, str(inputs)],
            check=False,
            capture_output=True,
            text=True,
            errors="replace",
            env=scratch,
        )
    lines = done.stderr.splitlines()
    runs = next((line.split()[-1] for line in lines if "number_of_executed_units" in line), "?")
    print(f"{name}: {runs} inputs in {seconds} s, {'sound' if done.returncode == 0 else 'BROKEN'}")
    if done.returncode != 0:
        print("\n".join(lines[-40:]))
    sys.stdout.flush()
    return done.returncode == 0


def _fuzz(name: str, options: list[str]) -> None:
    """Never returns: atheris ends the process."""
    import atheris

    with atheris.instrument_imports(include=["kiosk.collections"]):
        from tests.fuzz.targets import TARGETS

    atheris.Setup([sys.argv[0], *options], TARGETS[name].parse)
    atheris.Fuzz()


def _replay(path: Path) -> int:
    """Run what was found through its parser, without atheris; a traceback says what is wrong."""
    from tests.fuzz.targets import TARGETS

    name = next(name for name in TARGETS if path.name.startswith(f"{name}-"))
    TARGETS[name].parse(path.read_bytes())
    print(f"{path} is understood, or refused in words.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
