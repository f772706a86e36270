"""The voice of the kiosk. Importing this package loads nothing; take what you need by module.

1. `speaker.Speaker` takes a `Narration` and owns the speech thread.
2. A `synthesiser.Synthesiser` turns each segment into samples (`pyttsx3_synthesiser` in a child
   process; `silence_synthesiser` where there is no voice), the next lines while this one plays.
3. `dressing` trims, levels and fades the samples so that no line is louder than another or clicks.
4. `player.Player` feeds a sink a few hundredths of a second ahead: `qt_player` where there is a
   sound card, `recorder` where there is none or a file is wanted. `sound_out` chooses.
5. `Speaker` reports what was started and finished *as heard*, so that a screen can mark the line.

The invariant: only the speech thread touches the player and calls the listener; everything that
other threads ask for (say, stop, volume) is a note that it reads every hundredth of a second.
"""
