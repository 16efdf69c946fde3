"""Manual flags are kept as they were given."""

import numpy as np


def test_flags_of_people_in_windows_1252(case):
    """A spreadsheet in a Nordic setting writes Windows-1252."""
    case.process("a.csv", options=("--manual", "man.csv")).succeeds()
    ds = case.dataset()
    start, end = np.datetime64("2024-03-01T03:00"), np.datetime64("2024-03-01T04:00")
    inside = ((ds.time >= start) & (ds.time <= end)).to_numpy()
    assert inside.sum() == 7
    assert set(ds.SST_flag.to_numpy()[inside]) == {4}
    assert set(ds.SST_flag.to_numpy()[~inside]) == {2}
    assert "Luftblåsor" in case.run("flags", "audit", "out.nc").succeeds().out
