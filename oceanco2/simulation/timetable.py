"""Timetable of the analyser, with the labels of the log."""

from fnmatch import fnmatchcase

import numpy as np

from oceanco2.platforms import Platform
from oceanco2.vocabulary import RUN_TYPES

SET_SECONDS = 3 * 3600  # from one set of standards to the next
_STANDARD, _AIR, _WATER = 300, 120, 103  # seconds between readings
_DAY = 86400
_MIDNIGHT_RUNS = ((5, "SHUT DOWN"), (10, "WAKE UP"), (40, "FILTER"))
_AIR_ROWS, _DRAIN_INTERVAL = 5, 35


def timetable(platform: Platform, begin: float, end: float, last: float) -> tuple:
    """List times and labels of the readings of the analyser."""
    runs = list(dict.fromkeys(s.run for s in platform.standards))
    labels_of = run_labels(platform)
    drain_suffix = (
        "-DRAIN"
        if is_known_run(platform, f"{labels_of['water']}-DRAIN", "same")
        else ""
    )
    seconds: list[int] = []
    labels: list[str] = []
    first = int(begin // SET_SECONDS) * SET_SECONDS
    for start in range(first, int(end) + 1, SET_SECONDS):
        t = start + 60
        if start % _DAY == 0:  # the system restarts at midnight
            restart = _MIDNIGHT_RUNS if start else _MIDNIGHT_RUNS[1:]
            seconds += [start + s for s, _ in restart]
            labels += [label for _, label in restart]
        for run in runs:
            t += _STANDARD
            seconds.append(t)
            labels.append(run)
        if start + SET_SECONDS > last:
            break
        for _ in range(_AIR_ROWS):
            t += _AIR
            seconds.append(t)
            labels.append(labels_of["air"])
        number = 0
        t += 2 * _WATER
        while t + _WATER < start + SET_SECONDS:
            drain = number % _DRAIN_INTERVAL == _DRAIN_INTERVAL - 1
            seconds.append(t)
            labels.append(labels_of["water"] + (drain_suffix if drain else ""))
            t, number = t + _WATER, number + 1
    times = np.array(seconds, dtype=float)
    # The last day includes the complete closing set of standards.
    selected = (times >= begin) & ((times < end) | (end >= last))
    for _, event in _MIDNIGHT_RUNS:
        if not is_known_run(platform, event, "ignored"):
            selected &= np.array([label != event for label in labels])
    return times[selected], np.array(labels, dtype=object)[selected]


def is_known_run(platform: Platform, label: str, wanted_type: str) -> bool:
    """Whether the platform file knows a label with this run type."""
    if platform.files[platform.main_file()].reader == "general_oceanics":
        return True
    runs = platform.runs
    if runs is None:
        return False
    run_types = (
        run_type for text, run_type in runs.labels.items() if _matches(label, text)
    )
    return wanted_type in run_types or (
        wanted_type == "ignored" and runs.unknown == "ignored"
    )


def _matches(label: str, pattern: str) -> bool:
    return fnmatchcase(label.upper(), pattern.strip().upper())


def run_labels(platform: Platform) -> dict[str, str]:
    """Labels of water and air of the platform."""
    labels = platform.runs.labels if platform.runs else {}
    result = {}
    for kind, default in (("water", "EQU"), ("air", "ATM")):
        patterns = [
            label.strip() for label, run_type in labels.items() if run_type == kind
        ]
        exact = [label for label in patterns if "*" not in label]
        matches = any(_matches(default, label) for label in patterns)
        without_stars = [
            label.replace("*", "") for label in patterns if label.replace("*", "")
        ]
        result[kind] = (
            exact or ([default] if matches else without_stars) or [default]
        )[0]
    return result


def run_type_of(label: str, platform: Platform) -> int:
    """Run type of a logged label."""
    base = label.removesuffix("-DRAIN")
    if base in {s.run for s in platform.standards}:
        return RUN_TYPES["standard"]
    label_of = run_labels(platform)
    for kind in ("water", "air"):
        if base == label_of[kind]:
            return RUN_TYPES[kind]
    return RUN_TYPES["ignored"]
