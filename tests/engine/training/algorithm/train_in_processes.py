"""A training for `torchrun` and `accelerate launch`: TINY OUT CHANGES-AS-JSON.

"{rank}" in OUT and in the changes becomes the process's number, as if each were on a machine that
shares nothing with the others.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import torch

from engine.training.algorithm.recipe import load_recipe
from engine.training.algorithm.run import train

if __name__ == "__main__":
    torch.set_num_threads(1)
    tiny, out, changes = (
        one.replace("{rank}", os.environ.get("RANK", "0")) for one in sys.argv[1:]
    )
    train(load_recipe("tiny", json.loads(changes)), Path(tiny) / "pairs", Path(out))
