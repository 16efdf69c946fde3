"""When the analyser reads what, and what it calls it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from oceanco2.errors import OptionError
from oceanco2.platforms import Platform
from oceanco2.readers import READERS
from oceanco2.readers.runs import resolve

SET_SECONDS = 3 * 3600  # from one set of standards to the next
_STANDARD, _AIR, _WATER = 300, 120, 103  # seconds between readings
_FIRST = 60  # from the begin of a set to the first flushing
_AIR_ROWS, _DRAIN_EVERY = 5, 35
_PAUSES = ("WAKE UP", "FILTER", "GO TO SLEEP", "SHUT DOWN")
_FILTER_EVERY = 6  # sets: every 18 hours, with zero and span of the analyser


@dataclass(frozen=True, slots=True)
class Words:
    """Run types as a platform's files write them.

    Attributes
    ----------
    water, air : str
        Labels; no label of air: no air is measured.
    drain : str
        Label of a water reading while water is drained; empty if there is none.
    standards : tuple of str
        Runs of the standards in their order.
    meaning : dict of str to str
        Every label to its run type, a word of `RUN_TYPES`.
    """

    water: str
    air: str
    drain: str
    standards: tuple[str, ...]
    meaning: dict[str, str]

    def known(self, *labels: str) -> list[str]:
        """Keep the labels that the platform knows.

        Parameters
        ----------
        *labels : str
            What a General Oceanics system may log.

        Returns
        -------
        list of str
            Those of them that reading will understand.
        """
        return [label for label in labels if label in self.meaning]


def words_of(platform: Platform) -> Words:
    """Find out what a platform's files call its run types.

    Parameters
    ----------
    platform : Platform
        Its ``runs`` and ``standards``, and the presets of its reader.

    Returns
    -------
    Words
        Labels and meanings.

    Raises
    ------
    OptionError
        If water or a standard has no label.
    """
    definition = platform.files[platform.main_file()]
    own = platform.runs.labels if platform.runs else {}
    preset = READERS[definition.reader].runs
    patterns = {k.strip().upper(): v for k, v in (dict(preset) | own).items()}
    first = {word: _label(word, own, preset) for word in ("water", "air")}
    standards = tuple(dict.fromkeys(s.run for s in platform.standards))
    plain = [x for x in (*first.values(), *standards) if x]
    meaning = {label: resolve(label, patterns)[1] or "" for label in plain}
    _check(platform, first["water"], standards, meaning)
    drain = f"{first['water']}-DRAIN"
    special = {f"{standards[0]}z": "zero", f"{standards[-1]}s": "span"}
    special |= {drain: "water"} | dict.fromkeys(_PAUSES, "ignored")
    for label, word in special.items():
        if label not in meaning and resolve(label, patterns)[1] == word:
            meaning[label] = word
    drain = drain if drain in meaning else ""
    return Words(first["water"], first["air"], drain, standards, meaning)


def _label(word: str, own: Mapping[str, str], preset: Mapping[str, str]) -> str:
    """Label of a run type: plain ones before patterns, the platform's own first."""
    labels = [*own.items(), *preset.items()]
    mine = [label for label, meant in labels if meant == word]
    plain = [label for label in mine if not set(label) & set("*?[")]
    patterned = [label.replace("*", "").replace("?", "1") for label in mine]
    return next(iter([*plain, *patterned]), "")


def _check(
    platform: Platform,
    water: str,
    standards: tuple[str, ...],
    meaning: dict[str, str],
) -> None:
    if not water or meaning[water] != "water":
        raise OptionError(
            f"{platform.path}: [runs] has no label of water; the simulator needs one"
        )
    wrong = [run for run in standards if meaning[run] != "standard"]
    if wrong:
        raise OptionError(
            f"{platform.path}: [runs] does not say that {wrong[0]!r}, which has a"
            ' concentration, is a "standard"'
        )


def shortest(words: Words) -> float:
    """Return how long a cruise must be to have some water between its standards.

    Parameters
    ----------
    words : Words
        Labels of the platform.

    Returns
    -------
    float
        Seconds.
    """
    extra = len(words.known(f"{words.standards[0]}z", f"{words.standards[-1]}s"))
    length = _FIRST + _STANDARD * (len(words.standards) + extra) + 2 * _WATER
    return float(length + (_AIR * _AIR_ROWS if words.air else 0) + 10 * _WATER)


def timetable(
    words: Words, begin: float, end: float, last: float
) -> tuple[np.ndarray, np.ndarray]:
    """List when the analyser reads what.

    Parameters
    ----------
    words : Words
        Labels of the platform.
    begin, end : float
        Part of the cruise that is wanted [s].
    last : float
        End of the cruise [s]; a set of standards closes it.

    Returns
    -------
    seconds : ndarray
        Whole seconds.
    labels : ndarray of object
        Run types as logged.
    """
    rows: list[tuple[int, str]] = []
    first = int(begin // SET_SECONDS) * SET_SECONDS
    for start in range(first, int(np.ceil(min(end, last))), SET_SECONDS):
        stop = min(float(start + SET_SECONDS), last)
        rows += _one_set(words, start, stop)
    if end >= last:
        rows += _closing(words, int(np.ceil(last)))
    # The last day keeps the closing set of standards whole.
    here = [(t, x) for t, x in rows if t >= begin and (t < end or end >= last)]
    seconds = np.array([t for t, _ in here], dtype=float)
    return seconds, np.array([label for _, label in here], dtype=object)


def _one_set(words: Words, start: int, stop: float) -> list[tuple[int, str]]:
    rows: list[tuple[int, str]] = []
    t, runs = start + _FIRST, [*words.standards]
    if start % (_FILTER_EVERY * SET_SECONDS) == 0:
        early = (
            words.known("WAKE UP", "FILTER") if start == 0 else words.known("FILTER")
        )
        rows += [(start + 10 + 30 * i, label) for i, label in enumerate(early)]
        runs = words.known(f"{runs[0]}z", f"{runs[-1]}s") + runs
    for run in runs:
        t += _STANDARD
        rows.append((t, run))
    for _ in range(_AIR_ROWS if words.air else 0):
        t += _AIR
        rows.append((t, words.air))
    t += 2 * _WATER
    number = 0
    while t + _WATER < stop:
        drain = words.drain and number % _DRAIN_EVERY == _DRAIN_EVERY - 1
        rows.append((t, words.drain if drain else words.water))
        t, number = t + _WATER, number + 1
    return rows


def _closing(words: Words, start: int) -> list[tuple[int, str]]:
    rows = [
        (start + _FIRST + _STANDARD * (i + 1), run)
        for i, run in enumerate(words.standards)
    ]
    late = words.known("GO TO SLEEP", "SHUT DOWN")
    return rows + [(rows[-1][0] + 60 * (i + 1), x) for i, x in enumerate(late)]
