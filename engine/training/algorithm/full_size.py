"""The published network at full size with random weights: parameters, one step, memory.

    python -m engine.training.algorithm.full_size [--micro-batch 4] [--steps 1] [--checkpointing]

No weights are fetched. A step is one of fine-tuning, the costlier stage: 64 pairs with three wrong
poems each, all of both towers and of the cross-encoder learning, AdamW's state included.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Iterable

import torch
from torch import nn
from torch.amp.grad_scaler import GradScaler

from engine.model.ceclip import CEClip
from engine.model.open_clip_towers import build
from engine.training.algorithm.checkpointing import checkpoint_layers
from engine.training.algorithm.finishing import machine
from engine.training.algorithm.objective import MicroBatch, Objective
from engine.training.algorithm.parallel import Together
from engine.training.algorithm.recipe import PRECISIONS, load_recipe
from engine.training.algorithm.sources import Inputs
from engine.training.algorithm.starting import describe

CLIP = "ViT-B-32-quickgelu"  # ViT-B/32 with the activation of OpenAI's weights
MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)
CONTEXT, WORDS = 77, 49408
GIBI = 1 << 30


def full_network() -> CEClip:
    """CE-CLIP as published (Sections 3.2 and 4.3), weights random."""
    import open_clip
    from transformers import MPNetConfig

    recipe = load_recipe("paper")
    mpnet = MPNetConfig(layer_norm_eps=1e-5).to_dict()
    square = {"mean": MEAN, "std": STD}
    return CEClip(describe(open_clip.get_model_config(CLIP), square, mpnet, recipe.network))


def parameter_counts() -> dict[str, int]:
    """Of CLIP, of MPNet as it comes, and of the whole as it is trained; needs no memory."""
    import open_clip
    from transformers import MPNetConfig, MPNetModel

    config = open_clip.get_model_config(CLIP)
    with torch.device("meta"):
        clip, mpnet = build(config), MPNetModel(MPNetConfig())
    return {"CLIP": _count(clip.parameters()), "MPNet": _count(mpnet.parameters())}


def made_up(pairs: int, negatives: int, size: int, draw: torch.Generator) -> Inputs:
    """Pictures and poems of the longest length, out of noise."""
    texts = pairs * (1 + negatives)
    ids = torch.randint(1, WORDS - 2, (texts, CONTEXT), generator=draw)
    ids[:, 0], ids[:, -1] = WORDS - 2, WORDS - 1
    pixels = torch.randn(pairs, 3, size, size, generator=draw)
    return Inputs(pixels, (ids, torch.ones_like(ids)))


def main() -> None:
    """Build, take steps, tell."""
    parser = argparse.ArgumentParser(description="One step of the published network.")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--micro-batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=1)
    parser.add_argument("--precision", choices=PRECISIONS, default="full")
    parser.add_argument("--checkpointing", action="store_true")
    options = parser.parse_args()
    recipe, together = load_recipe("paper"), Together()
    for name, count in parameter_counts().items():
        print(f"{name}: {count:,} parameters ({count / 1e6:.1f} M)", flush=True)
    network = full_network().to(together.device).train()
    network.thaw()
    if options.checkpointing:
        checkpoint_layers(network)
    learning = [one for one in network.parameters() if one.requires_grad]
    print(f"CE-CLIP: {_count(learning):,} learn ({_count(learning) / 1e6:.1f} M)", flush=True)
    optimiser = torch.optim.AdamW(learning, lr=recipe.fine_tune.rate)
    scaler = GradScaler(together.device.type, enabled=options.precision == "fp16")
    objective = Objective(network, recipe.loss, options.precision, True, together)
    draw = torch.Generator().manual_seed(recipe.seed)
    size, same = network.architecture.image.size, torch.eye(options.batch, dtype=torch.bool)
    for number in range(options.steps):
        started = time.monotonic()
        batches = [
            MicroBatch(
                made_up(options.micro_batch, recipe.data.negatives, size, draw),
                at,
                options.micro_batch,
                (number, at),
            )
            for at in range(0, options.batch, options.micro_batch)
        ]
        losses = objective.backward(batches, options.batch, same, scaler)
        scaler.step(optimiser)
        scaler.update()
        optimiser.zero_grad()
        seconds = time.monotonic() - started
        print(f"step {number + 1}: loss {losses.total:.4f}, {seconds:.1f} s", flush=True)
    print(f"{machine()}; largest memory {_memory(together.device):.1f} GiB")


def _count(parameters: Iterable[nn.Parameter]) -> int:
    return sum(one.numel() for one in parameters)


def _memory(device: torch.device) -> float:
    """The most that was in use, in GiB: the GPU's, or this process's."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / GIBI
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / GIBI


if __name__ == "__main__":
    main()
