"""Several processes as one: a thin door to Hugging Face Accelerate.

`accelerate launch` or `torchrun` start the processes; here they add up what each worked out. The
micro-batches of a step are dealt out among them and the gradients are summed before the
optimiser steps, so the loss of a step is the same for one process and for many.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path

import torch
from torch import Tensor, nn

from engine.errors import InputError

BUCKET = 25_000_000  # numbers that are added up in one message


class Together:
    """This process among those that train together; alone where nobody started more."""

    def __init__(self) -> None:
        try:
            from accelerate import PartialState
        except ImportError:
            raise InputError(
                "Training needs more packages than a kiosk; install them with: "
                "pip install 'ekphrasis[train]'"
            ) from None
        # Without a GPU the processes speak over gloo, which has to be asked for.
        self._state = PartialState(cpu=not torch.cuda.is_available())

    @property
    def device(self) -> torch.device:
        """Where this process computes."""
        device: torch.device = self._state.device
        return device

    @property
    def rank(self) -> int:
        """This process's number, from 0."""
        return int(self._state.process_index)

    @property
    def count(self) -> int:
        """How many processes there are."""
        return int(self._state.num_processes)

    @property
    def first(self) -> bool:
        """Whether this is the one that writes files and talks."""
        return bool(self._state.is_main_process)

    def wait(self) -> None:
        """Until all are here."""
        self._state.wait_for_everyone()

    def alike(self, digest: str) -> bool:
        """Whether all processes were given the same; `digest` in hexadecimal."""
        if self.count == 1:
            return True
        least = torch.tensor(int(digest[:15], 16), device=self.device)
        most = least.clone()
        torch.distributed.all_reduce(least, torch.distributed.ReduceOp.MIN)
        torch.distributed.all_reduce(most, torch.distributed.ReduceOp.MAX)
        return bool(least == most)

    def shares(self, folder: Path) -> bool:
        """Whether all processes see in this folder what the first one writes there."""
        if self.count == 1:
            return True
        mark = folder / ".together"
        self.wait()
        if self.first:
            folder.mkdir(parents=True, exist_ok=True)
            mark.touch()
        self.wait()
        seen = self.total(torch.tensor(int(mark.exists()), device=self.device))
        if self.first:
            mark.unlink()
        return int(seen) == self.count

    def in_turn(self) -> AbstractContextManager[None]:
        """The first process goes first, and the others then find what it wrote."""
        turn: AbstractContextManager[None] = self._state.main_process_first()
        return turn

    def total(self, values: Tensor) -> Tensor:
        """The sum over all processes, in place."""
        if self.count > 1:
            torch.distributed.all_reduce(values)
        return values

    def total_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Make every process hold the sum of all processes' gradients."""
        if self.count == 1:
            return
        waiting: list[Tensor] = []
        size = 0
        for parameter in parameters:
            if parameter.grad is None:  # another process may have one, and all must send alike
                parameter.grad = torch.zeros_like(parameter)
            waiting.append(parameter.grad)
            size += parameter.grad.numel()
            if size >= BUCKET:
                self._send(waiting)
                waiting, size = [], 0
        if waiting:
            self._send(waiting)

    def _send(self, gradients: list[Tensor]) -> None:
        flat = torch.cat([one.reshape(-1) for one in gradients])
        torch.distributed.all_reduce(flat)
        at = 0
        for one in gradients:
            one.copy_(flat[at : at + one.numel()].view_as(one))
            at += one.numel()
