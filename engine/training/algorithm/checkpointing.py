"""Gradient checkpointing: activations are worked out again instead of being kept."""

from __future__ import annotations

from functools import partial
from typing import Any

from torch.utils.checkpoint import checkpoint

from engine.model.ceclip import CEClip


def checkpoint_layers(network: CEClip) -> None:
    """From now on every transformer layer keeps its input only; a third more time, in place."""
    network.image_tower.net.set_grad_checkpointing(True)
    text: Any = network.text_tower.net
    text.transformer.grad_checkpointing = True
    if network.architecture.cross is not None:
        for layer in network.cross_encoder.net.encoder.layer:
            again: Any = partial(checkpoint, layer.forward, use_reentrant=False)
            layer.forward = again
