"""When the analyser reads what, and what the log calls it."""

from fnmatch import fnmatchcase

import numpy as np

from oceanco2.platforms import Platform
from oceanco2.vocabulary import RUN_TYPES

SET_SECONDS = 3 * 3600  # from one set of standards to the next
_STANDARD, _AIR, _WATER = 300, 120, 103  # seconds between readings
_DAY = 86400
_RESTART = ((5, "SHUT DOWN"), (10, "WAKE UP"), (40, "FILTER"))
_AIR_ROWS, _DRAIN_EVERY = 5, 35


def timetable(platform: Platform, begin: float, end: float, last: float) -> tuple:
    """List when the analyser reads what."""
    runs = list(dict.fromkeys(s.run for s in platform.standards))
    words = run_words(platform)
    drained = "-DRAIN" if allowed(platform, f"{words['water']}-DRAIN", "same") else ""
    seconds: list[int] = []
    labels: list[str] = []
    first = int(begin // SET_SECONDS) * SET_SECONDS
    for start in range(first, int(end) + 1, SET_SECONDS):
        t = start + 60
        if start % _DAY == 0:  # the system starts anew every midnight
            rest = _RESTART if start else _RESTART[1:]
            seconds += [start + s for s, _ in rest]
            labels += [word for _, word in rest]
        for run in runs:
            t += _STANDARD
            seconds.append(t)
            labels.append(run)
        if start + SET_SECONDS > last:
            break
        for _ in range(_AIR_ROWS):
            t += _AIR
            seconds.append(t)
            labels.append(words["air"])
        number = 0
        t += 2 * _WATER
        while t + _WATER < start + SET_SECONDS:
            drain = number % _DRAIN_EVERY == _DRAIN_EVERY - 1
            seconds.append(t)
            labels.append(words["water"] + (drained if drain else ""))
            t, number = t + _WATER, number + 1
    at = np.array(seconds, dtype=float)
    # The last day keeps the closing set of standards whole.
    here = (at >= begin) & ((at < end) | (end >= last))
    for _, word in _RESTART:
        if not allowed(platform, word, "ignored"):
            here &= np.array([label != word for label in labels])
    return at[here], np.array(labels, dtype=object)[here]


def allowed(platform: Platform, label: str, word: str) -> bool:
    """Tell whether a reader of the platform understands a run type."""
    if platform.files[platform.main_file()].reader == "general_oceanics":
        return True
    runs = platform.runs
    if runs is None:
        return False
    fits = (said for text, said in runs.labels.items() if _fits(label, text))
    return word in fits or (word == "ignored" and runs.unknown == "ignored")


def _fits(label: str, pattern: str) -> bool:
    return fnmatchcase(label.upper(), pattern.strip().upper())


def run_words(platform: Platform) -> dict[str, str]:
    """Find what the platform calls water and air."""
    labels = platform.runs.labels if platform.runs else {}
    found = {}
    for word, usual in (("water", "EQU"), ("air", "ATM")):
        mine = [label.strip() for label, said in labels.items() if said == word]
        plain = [label for label in mine if "*" not in label]
        fits = any(_fits(usual, label) for label in mine)
        bare = [label.replace("*", "") for label in mine if label.replace("*", "")]
        found[word] = (plain or ([usual] if fits else bare) or [usual])[0]
    return found


def run_type_of(label: str, platform: Platform) -> int:
    """Tell what a logged label is."""
    plain = label.removesuffix("-DRAIN")
    if plain in {s.run for s in platform.standards}:
        return RUN_TYPES["standard"]
    words = run_words(platform)
    for word in ("water", "air"):
        if plain == words[word]:
            return RUN_TYPES[word]
    return RUN_TYPES["ignored"]
