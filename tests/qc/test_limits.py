"""Default limits of quality control: a change is a decision, not an accident."""

import csv

from oceanco2.qc.limits import PROFILES


def written(value):
    if isinstance(value, tuple):
        return " ".join(map(repr, value))
    return value if isinstance(value, str) else repr(value)


def rows_of(profile, variable, check, options):
    if not options:
        return [(profile, variable, check, "", "")]
    return [(profile, variable, check, k, written(v)) for k, v in options.items()]


def test_limits_of_every_profile_are_those_of_the_table(reference):
    with (reference / "limits.csv").open(newline="", encoding="utf-8") as file:
        expected = [tuple(row) for row in csv.reader(file)][1:]
    found = []
    for name, profile in PROFILES.items():
        for variable, checks in profile.checks.items():
            for check, options in checks.items():
                found += rows_of(name, variable, check, options)
        for kind, options in profile.by_kind["speed"].items():
            found += rows_of(name, kind, "speed", options)
    assert set(expected) <= set(found)  # there may be new ones
