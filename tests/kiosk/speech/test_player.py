"""Stop, pause and volume, measured at the samples; cues as heard."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from engine.errors import KnownError
from kiosk.speech.player import FADE_S, Player, Steer
from kiosk.speech.recorder import RATE, RecorderSink
from kiosk.speech.sink import LEAD_S
from kiosk.speech.synthesiser import Samples


class Time:
    """A clock that moves when the sink naps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class ClockedSink(RecorderSink):
    """The recorder, its naps made of the clock above."""

    def __init__(self, path: Path) -> None:
        self.time = Time()
        super().__init__(path, paced=True, clock=self.time)

    def nap(self) -> None:
        self.time.now += 0.004


class DeepSink(ClockedSink):
    """Holds more than half a second and can throw it away, as Qt's does; keeps what was heard."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.sound = np.zeros(0, np.float32)
        self.volume = 1.0

    def room(self) -> int:
        return max(0, round(0.6 * self.rate) - (self._written - self.heard()))

    def write(self, samples: Samples) -> None:
        super().write(samples)
        self.sound = np.concatenate([self.sound, samples])

    def hush(self) -> int:
        waiting = self._written - self.heard()
        self._written -= waiting
        self.sound = self.sound[: self._written]
        return waiting

    def set_volume(self, volume: float) -> bool:
        self.volume = volume
        return True


def hum(seconds: float) -> Samples:
    return np.full(round(seconds * RATE), 0.5, np.float32)


def recorded(path: Path) -> Samples:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getframerate()) == (1, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2") / np.float32(32768)


def test_a_stop_is_silence_within_a_tenth_of_a_second_and_does_not_click(tmp_path: Path) -> None:
    for number, after in enumerate((0.2, 0.337, 1.0)):
        path = tmp_path / f"{number}.wav"
        sink = ClockedSink(path)
        player = Player(lambda s=sink: s)  # type: ignore[misc]
        begin = sink.time.now

        def steering(sink: ClockedSink = sink, at: float = begin + after) -> Steer:
            return Steer.STOP if sink.time.now >= at else Steer.PLAY

        assert not player.play(hum(3), steering)
        player.close()
        sound = recorded(path)
        silent_from = np.flatnonzero(sound)[-1] / RATE
        assert silent_from - after < 0.1
        assert silent_from - after < LEAD_S + FADE_S + 0.015
        assert np.max(np.abs(np.diff(sound))) < 0.02  # 0.5 to 0 in small steps


def test_a_pause_goes_on_where_it_was_left(tmp_path: Path) -> None:
    sink = ClockedSink(tmp_path / "p.wav")
    player = Player(lambda: sink)
    begin = sink.time.now

    def steering() -> Steer:
        return Steer.PAUSE if 0.3 < sink.time.now - begin < 0.9 else Steer.PLAY

    ramp = np.linspace(0.1, 0.9, RATE, dtype=np.float32)
    assert player.play(ramp, steering)
    assert player.drain(steering)
    player.close()
    sound = recorded(tmp_path / "p.wav")
    assert sound.size / RATE == pytest.approx(1.6, abs=0.06)  # a second of sound, 0.6 s of pause
    loud = sound[sound > 0.05]
    assert loud.size / RATE > 0.97  # nothing was lost but the fades
    plain = loud[np.concatenate([[True], np.abs(np.diff(loud)) < 0.001])]
    assert np.all(np.diff(plain[:100]) >= -0.001)
    assert np.max(np.abs(np.diff(sound))) < 0.03


def test_a_deep_sink_throws_away_what_it_holds_when_stopped(tmp_path: Path) -> None:
    sink = DeepSink(tmp_path / "d.wav")
    player = Player(lambda: sink)
    begin = sink.time.now
    stop = lambda: Steer.STOP if sink.time.now - begin > 0.5 else Steer.PLAY  # noqa: E731
    assert not player.play(hum(3), stop)
    assert sink.sound.size / RATE == pytest.approx(0.5, abs=0.02)
    assert sink.room() == round(0.6 * RATE)
    # Also when all was handed over and only waits to be heard.
    begin = sink.time.now - 0.2
    before = sink.sound.size
    assert player.play(hum(0.5), lambda: Steer.PLAY)
    assert not player.drain(stop)
    assert (sink.sound.size - before) / RATE < 0.55
    player.close()


def test_a_pause_of_a_deep_sink_loses_and_repeats_nothing(tmp_path: Path) -> None:
    sink = DeepSink(tmp_path / "d.wav")
    player = Player(lambda: sink)
    begin = sink.time.now

    def steering() -> Steer:
        passed = sink.time.now - begin
        paused = 0.3 < passed < 0.9 or 1.5 < passed < 2.0
        return Steer.PAUSE if paused else Steer.PLAY

    told: list[float] = []
    count = np.arange(1, RATE + 1, dtype=np.float32) / RATE
    assert player.play(count[: RATE // 2], steering)
    player.cue(lambda: told.append(sink.time.now - begin))
    assert player.play(count[RATE // 2 :], steering)
    assert player.drain(steering)
    player.close()
    # But for the fades in, every sample once and in order.
    plain = np.isclose(sink.sound, count)
    assert sink.sound.size == RATE
    assert np.count_nonzero(~plain) < 3 * FADE_S * RATE
    assert told == [pytest.approx(0.5 + 0.6, abs=0.03)]


def test_volume_reaches_a_deep_sink_at_once(tmp_path: Path) -> None:
    sink = DeepSink(tmp_path / "d.wav")
    player = Player(lambda: sink, volume=0.8)
    player.play(hum(0.5), lambda: Steer.PLAY)
    assert sink.volume == 0.8
    player.set_volume(0.3)
    begin = sink.time.now
    heard: list[float] = []

    def steering() -> Steer:
        if sink.volume == 0.3:
            heard.append(sink.time.now - begin)
        return Steer.PLAY

    player.drain(steering)
    assert heard[0] < 0.02
    assert sink.sound[-1] == 0.5  # not scaled twice
    player.close()


def test_volume_changes_at_once_and_smoothly(tmp_path: Path) -> None:
    sink = ClockedSink(tmp_path / "v.wav")
    player = Player(lambda: sink, volume=0.2)
    changed: list[float] = []

    def steering() -> Steer:
        if sink.time.now > 100.5 and not changed:
            changed.append(sink.time.now - 100.0)
            player.set_volume(1.0)
        return Steer.PLAY

    player.play(hum(1), steering)
    player.close()
    sound = recorded(tmp_path / "v.wav")
    assert sound[RATE // 10] == pytest.approx(0.1, abs=0.001)
    assert sound[-10] == pytest.approx(0.5, abs=0.001)
    full = np.flatnonzero(sound > 0.49)[0] / RATE
    assert full - changed[0] < 0.1
    assert np.max(np.abs(np.diff(sound))) < 0.01


def test_cues_come_in_order_when_their_sound_was_heard(tmp_path: Path) -> None:
    sink = ClockedSink(tmp_path / "c.wav")
    player = Player(lambda: sink)
    told: list[tuple[str, float]] = []
    go = lambda: Steer.PLAY  # noqa: E731
    for name in ("one", "two", "three"):
        player.cue(lambda n=name: told.append((n, sink.time.now - 100.0)))  # type: ignore[misc]
        player.play(hum(0.5), go)
    player.cue(lambda: told.append(("end", sink.time.now - 100.0)))
    player.drain(go)
    player.close()
    assert [name for name, _ in told] == ["one", "two", "three", "end"]
    for (_, at), meant in zip(told, (0.0, 0.5, 1.0, 1.5), strict=True):
        assert at == pytest.approx(meant, abs=0.01)


def test_a_start_is_told_with_its_first_sample_and_not_before(tmp_path: Path) -> None:
    sink = ClockedSink(tmp_path / "f.wav")
    player = Player(lambda: sink)
    told: list[int] = []
    player.cue_first_sample(lambda: told.append(sink.heard()))
    player.pump()
    assert told == []
    player.play(hum(0.2), lambda: Steer.PLAY)
    assert 1 <= told[0] <= 0.03 * RATE
    player.cue_first_sample(lambda: told.append(-1))  # nothing follows
    player.drain(lambda: Steer.PLAY)
    assert told[1:] == [-1]
    player.close()


def test_idle_time_is_silence_in_the_recording_but_not_for_hours(tmp_path: Path) -> None:
    sink = ClockedSink(tmp_path / "i.wav")
    player = Player(lambda: sink)
    for idle in (1.0, 3600.0):
        player.play(hum(0.1), lambda: Steer.PLAY)
        player.drain(lambda: Steer.PLAY)
        sink.time.now += idle
    player.play(hum(0.1), lambda: Steer.PLAY)
    player.close()
    assert recorded(tmp_path / "i.wav").size / RATE == pytest.approx(0.3 + 1 + 5, abs=0.05)


def test_the_recording_is_whole_at_every_moment(tmp_path: Path) -> None:
    sink = RecorderSink(tmp_path / "w.wav", paced=False)
    player = Player(lambda: sink)
    player.play(hum(0.5), lambda: Steer.PLAY)
    assert recorded(tmp_path / "w.wav").size == RATE // 2  # not closed yet
    player.close()


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.wav").mkdir()
    with pytest.raises(KnownError, match=r"folder\.wav"):
        RecorderSink(tmp_path / "folder.wav", paced=False)


def test_a_full_disk_is_said() -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(KnownError, match="No space left"):
        RecorderSink(full, paced=False).write(hum(0.1))
