"""Two processes that speak over gloo come to the losses of one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

from engine.training.algorithm.curves import read_curve

SCRIPT = Path(__file__).with_name("train_in_processes.py")
ROOT = Path(__file__).parents[4]
LAUNCHERS = {
    "alone": [],
    "torchrun": ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"],
    "accelerate": [
        *("-m", "accelerate.commands.launch", "--cpu", "--num_processes=2", "--num_machines=1"),
        *("--mixed_precision=no", "--dynamo_backend=no", "--main_process_port=0"),
    ],
}


@pytest.mark.slow
@pytest.mark.parametrize("launcher", ["torchrun", "accelerate"])
def test_two_processes_come_to_the_losses_of_one(tiny: Path, tmp_path: Path, launcher: str) -> None:
    changes = {
        "weights.clip": f"local-dir:{tiny / 'clip'}",
        "weights.mpnet": str(tiny / "mpnet"),
        "batch": 16,
        "micro-batch": 4,
        "warm-up.epochs": 1,
        "fine-tune.epochs": 1,
        "network.dropout": 0.1,  # it follows from the place in the training, not from the process
    }
    for who in ("alone", launcher):
        command = [sys.executable, *LAUNCHERS[who], str(SCRIPT), str(tiny), str(tmp_path / who)]
        done = subprocess.run(
            [*command, json.dumps(changes)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=250,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        # One process talks.
        assert done.stdout.count("Stage 1") == 1
    one, two = (read_curve(tmp_path / who / "steps.csv") for who in ("alone", launcher))
    assert len(one) == len(two) == 6
    for name in ("loss", "ranking", "scores", "towers"):
        told, again = ([float(row[name]) for row in rows] for rows in (one, two))
        assert np.allclose(told, again, rtol=1e-4), name
    checks = [read_curve(tmp_path / who / "validation.csv") for who in ("alone", launcher)]
    assert [row["accuracy"] for row in checks[0]] == [row["accuracy"] for row in checks[1]]
    weights = [
        load_file(tmp_path / who / "best-fine-tune.safetensors") for who in ("alone", launcher)
    ]
    for name, value in weights[0].items():
        assert np.allclose(value, weights[1][name], atol=2e-3), name


@pytest.mark.slow
@pytest.mark.parametrize("apart", ["folders", "recipes"])
def test_machines_that_do_not_have_the_same_before_them_are_refused(
    tiny: Path, tmp_path: Path, apart: str
) -> None:
    """Each would go on from a checkpoint of its own, or take other steps, and nobody would see."""
    changes = {
        "weights.clip": f"local-dir:{tiny / 'clip'}",
        "weights.mpnet": str(tiny / "mpnet"),
        "batch": 16,
        "micro-batch": 4,
        "warm-up.epochs": 1,
        "fine-tune.epochs": 0,
    }
    told, out = json.dumps(changes), str(tmp_path / "out")
    if apart == "folders":
        out += "-{rank}"
    else:
        told = told.removesuffix("}") + ', "seed": 1{rank}}'
    done = subprocess.run(
        [sys.executable, *LAUNCHERS["torchrun"], str(SCRIPT), str(tiny), out, told],
        env={**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )
    assert done.returncode != 0
    assert "must be one folder that all of them share" in done.stderr
    assert not list(tmp_path.rglob("*.csv"))
    assert not list(tmp_path.rglob(".together"))
