"""Makes a synthesiser's samples fit to be heard: trimmed, equally loud, at the sink's rate.

Silence at the ends is cut, so that the pauses of a poem are those that its narration asks for.
Loudness is measured as in ITU-R BS.1770 (K-weighted, gated), so that two voices, and a short line
beside a long one, sound equally loud. The ends are faded, so that nothing clicks.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from kiosk.speech.synthesiser import Samples, Utterance, WordTiming

TARGET_LUFS = -20.0  # of every line, at volume 1
CEILING = 10 ** (-1.0 / 20)  # no sample beyond -1 dBFS
EDGE_S = 0.004  # fade in and out; too short to be heard, long enough not to click

_QUIET = 10 ** (-55 / 20)  # below this, the ends of an utterance are silence
_MARGIN_S = 0.012  # kept before the first and after the last sound
_MOST_GAIN = 10 ** (18 / 20)  # a whisper is not blown up into hiss


def dress(utterance: Utterance, rate: int) -> Utterance:
    """The utterance trimmed, levelled, faded, at `rate` samples per second."""
    samples, cut = _trim(utterance.samples, utterance.rate)
    samples = resample(level(samples, utterance.rate), utterance.rate, rate)
    words = tuple(
        WordTiming(word.start, word.length, max(0.0, word.at_s - cut / utterance.rate))
        for word in utterance.words
    )
    return Utterance(_fade_ends(samples, rate), rate, words)


def resample(samples: Samples, rate: int, wanted: int) -> Samples:
    """The same sound at another rate, band-limited; float32 in, float32 out."""
    if rate == wanted or not samples.size:
        return samples
    common = math.gcd(rate, wanted)
    # The transform takes the sound to be a circle: keep its ends apart, and the length one that
    # divides into small primes, exactly, at both rates.
    steps = _smooth(-(-(samples.size + rate // 50) // (rate // common)))
    padded, frames = steps * (rate // common), steps * (wanted // common)
    spectrum = np.fft.rfft(samples, padded)
    fitted = np.zeros(frames // 2 + 1, np.complex128)
    kept = min(fitted.size, spectrum.size)
    fitted[:kept] = spectrum[:kept]
    sound = np.fft.irfft(fitted, frames) * (frames / padded)
    return sound[: round(samples.size * wanted / rate)].astype(np.float32)


def level(samples: Samples, rate: int) -> Samples:
    """The samples at `TARGET_LUFS`, or as near as the ceiling lets them; silence stays silence."""
    loudness = loudness_lufs(samples, rate)
    if loudness == -np.inf:
        return samples
    gain = min(10 ** ((TARGET_LUFS - loudness) / 20), _MOST_GAIN)
    peak = float(np.max(np.abs(samples)))
    return (samples * min(gain, CEILING / peak)).astype(np.float32)


def loudness_lufs(samples: Samples, rate: int) -> float:
    """Gated loudness of mono samples in LUFS; minus infinity for silence (BS.1770, mono)."""
    if not samples.size or not np.any(samples):
        return float("-inf")
    length = _smooth(samples.size + rate // 50)
    spectrum = np.fft.rfft(samples, length) * _k_weighting(length, rate)
    weighted = np.fft.irfft(spectrum, length)[: samples.size]
    block = min(round(0.4 * rate), samples.size)
    energy = np.concatenate([[0.0], np.cumsum(weighted**2)])
    starts = np.arange(0, samples.size - block + 1, max(1, block // 4))
    power = (energy[starts + block] - energy[starts]) / block
    lufs = -0.691 + 10 * np.log10(np.maximum(power, 1e-12))
    loud = power[lufs > -70]
    if not loud.size:
        return float("-inf")
    gate = -0.691 + 10 * np.log10(loud.mean()) - 10
    gated = loud[-0.691 + 10 * np.log10(loud) > gate]
    return float(-0.691 + 10 * np.log10(gated.mean()))


def _k_weighting(frames: int, rate: int) -> NDArray[np.float64]:
    """The magnitude of BS.1770's two filters (a shelf above 1.7 kHz, a high pass at 38 Hz)."""
    s = 2j * np.pi * np.fft.rfftfreq(frames, 1 / rate)
    shelf_w, shelf_q, gain = 2 * np.pi * 1681.97, 0.7072, 10 ** (3.99984 / 20)
    shelf = (gain * s**2 + np.sqrt(gain) * shelf_w / shelf_q * s + shelf_w**2) / (
        s**2 + shelf_w / shelf_q * s + shelf_w**2
    )
    pass_w, pass_q = 2 * np.pi * 38.135, 0.5003
    high = s**2 / (s**2 + pass_w / pass_q * s + pass_w**2)
    weights: NDArray[np.float64] = np.abs(shelf * high)
    return weights


def _smooth(least: int) -> int:
    """The next number without a prime factor above 5: transforms of such lengths are fast."""
    number = least
    while True:
        rest = number
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return number
        number += 1


def _trim(samples: Samples, rate: int) -> tuple[Samples, int]:
    """The samples without silence at their ends, and how many were cut from the start."""
    loud = np.flatnonzero(np.abs(samples) > _QUIET)
    if not loud.size:
        return samples, 0  # silence on purpose keeps its length
    margin = round(_MARGIN_S * rate)
    start = max(0, int(loud[0]) - margin)
    return samples[start : int(loud[-1]) + margin], start


def _fade_ends(samples: Samples, rate: int) -> Samples:
    edge = min(round(EDGE_S * rate), samples.size // 2)
    if not edge:
        return samples
    faded = samples.copy()
    ramp = np.linspace(0.0, 1.0, edge, endpoint=False, dtype=np.float32)
    faded[:edge] *= ramp
    faded[-edge:] *= ramp[::-1]
    return faded
