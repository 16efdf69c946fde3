"""Whole tracks and whole columns that are wrong while every step is plausible."""

import numpy as np
import pytest

from tests.cases.conftest import matches


def rows_of_upload(case):
    lines = (case / "x.tsv").read_text(encoding="utf-8").splitlines()
    start = next(i for i, x in enumerate(lines) if "latitude" in x.lower())
    names = [name.lower() for name in lines[start].split("\t")]
    rows = [line.split("\t") for line in lines[start + 1 :] if line]
    at = [next(i for i, n in enumerate(names) if n.startswith(key)) for key in AT]
    return [tuple(float(row[i]) for i in at) for row in rows]


AT = ("latitude", "longitude")


def test_gps_zero_zero(case):
    """0 N 0 E is what a logger prints without a fix."""
    options = ("--socat", "x.tsv")
    case.process("zero.csv", platform="zero.toml", options=options).succeeds()
    ds = case.dataset()
    nowhere = np.arange(ds.sizes["time"]) < 30
    assert set(ds.position_flag.to_numpy()[nowhere]) <= {3, 4, 9}
    assert set(ds.fCO2_water_SST_wet_flag.to_numpy()[nowhere]) <= {3, 4, 9}
    good = ds.position_flag.to_numpy()[~nowhere] == 2
    assert good.mean() > 0.98
    rows = rows_of_upload(case)
    assert len(rows) > 100
    assert (0.0, 0.0) not in rows


def test_gps_zero_zero__mooring_on_the_equator(case):
    """A position that the platform file declares is one, also 0 N 0 E."""
    case.edit(
        "zero.toml",
        ('kind = "ship"', 'kind = "mooring"'),
        ('{ column = "Longitude" }', "{ value = 0.0 }"),
        ('{ column = "Latitude" }', "{ value = 0.0 }"),
    )
    case.process("zero.csv", platform="zero.toml").succeeds()
    assert set(case.dataset().position_flag.to_numpy()) == {2}


def test_western_longitudes_without_sign(case):
    """From Serbia to Italy by ship: told, and flagged."""
    case.process("*.csv").succeeds().warns(r"\bland\b")
    ds = case.dataset()
    assert int((ds.position_flag >= 3).sum()) >= 49
    assert int((ds.fCO2_water_SST_wet_flag >= 3).sum()) >= 49


def test_western_longitudes_without_sign__with_sign(case):
    head, rows = case.table()
    at = head.index("lon")
    for cells in rows:
        cells[at] = f"-{cells[at]}"
    case.write_table(head, rows)
    assert not matches(case.process("*.csv").succeeds().warnings, "land")


def test_absolute_salinity_g_per_kg(case):
    """g kg-1 may be absolute or practical: the warning asks; or it is refused."""
    outcome = case.process("*.csv")
    if outcome.code:
        outcome.fails("salinity", "g kg-1", "absolute")
        return
    outcome.warns("salinity", "absolute")


def test_absolute_salinity_g_per_kg__said_to_be_absolute(case):
    """35.16504 g kg-1 at 45 N 20 W are 34.9997 of practical salinity."""
    case.edit("a.csv", (",sal,", ",absolute_salinity,"))
    case.edit("platform.toml", ('column = "sal"', 'column = "absolute_salinity"'))
    case.process("*.csv").succeeds()
    salinity = case.dataset().salinity
    assert float(salinity[0]) == pytest.approx(34.9997, abs=1e-4)


@pytest.mark.parametrize("units", ["permil", "ppt", "1e-3"])
def test_absolute_salinity_g_per_kg__practical_salinity_of_old_files(case, units):
    case.edit("platform.toml", ('"g kg-1"', f'"{units}"'))
    assert not matches(case.process("*.csv").succeeds().warnings, "salinity")
    assert float(case.dataset().salinity[0]) == pytest.approx(35.16504)
