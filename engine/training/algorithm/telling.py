"""What a training says after each epoch, so that a log without bars still tells how it goes."""

from __future__ import annotations


def epoch_told(
    stage: str,
    epoch: int,
    most: int,
    accuracy: float,
    loss: float,
    stale: int,
    seconds: float,
) -> str:
    """One sentence. `epoch` of at most `most` is over, `seconds` is what one takes.

    `stale`: epochs since the best one; 0 where this is it.
    """
    best = "the best so far" if not stale else f"the best was {_count(stale, 'epoch')} before"
    left = most - epoch
    rest = f"at most {span(left * seconds)} to the end of the stage" if left else "the last"
    return (
        f"{stage}, epoch {epoch} of at most {most}: validation {100 * accuracy:.1f} % "
        f"(loss {loss:.4f}), {best}; {rest}."
    )


def span(seconds: float) -> str:
    """A stretch of time in the two largest units that it fills."""
    minutes, rest = divmod(round(seconds), 60)
    if not minutes:
        return f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min {rest} s"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours} h" if days else f"{hours} h {minutes} min"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")
