"""Faults of today's systems (docs/instruments.md#faults-of-other-programs).

The right number appears, the wrong one does not.

F4 and F10 of membrane sensors stand in readers/test_read_buoys.py, F6, F8 and F9 in qc,
F12 and F13 in export, F17 and F18 in alignment, F19 in readers/test_read_mapco2.py, the
gas temperature of the public HydroC code in calibration/test_hydroc.py.
"""

import numpy as np
import pytest
import xarray as xr

from oceanco2.calibration import calibrate
from oceanco2.calibration.drying import water_offset
from oceanco2.errors import OceanCO2Error, PlatformError
from oceanco2.pipeline import check, process
from oceanco2.platforms import parse
from oceanco2.simulation import simulate
from oceanco2.units import conversion
from oceanco2.vocabulary import CALIBRATION_STATUS, RUN_TYPES

HEAD = """
schema = 1
name = "Ship"
kind = "ship"
platform_code = "99ZZ"
[files.log]
reader = "general_oceanics"
[variables]
T_equ = { column = "equ temp", units = "degree_Celsius" }
SST = { column = "equ temp", units = "degree_Celsius" }
salinity = { value = 35.0, units = "1" }
P_equ = { column = "licor press", units = "hPa" }
xCO2 = { column = "CO2 um/m", units = "umol mol-1" }
xH2O = { column = "H2O mm/m", units = "mmol mol-1" }
"""
STANDARDS = "".join(
    f'[[standards]]\nrun = "STD{i + 1}"\nxCO2 = {x}\n'
    for i, x in enumerate((250.0, 400.0, 550.0))
)
#: The worked case of Pierrot et al. (2009) as standards read it: hours, run, reading.
READINGS = [
    *((0.1, 0, 248.2), (0.2, 1, 398.1), (0.3, 2, 549.0)),
    *((1.5, -1, 380.0),),
    *((3.1, 0, 249.1), (3.2, 1, 398.9), (3.3, 2, 549.9)),
]


def platform(more=""):
    return parse((HEAD + more + STANDARDS).encode(), "ship.toml")


def dataset(readings=READINGS, water=0.0):
    hours = np.array([h for h, _, _ in readings])
    which = np.array([w for _, w, _ in readings], dtype=np.int8)
    start = np.datetime64("2024-01-01", "ns")
    time = start + np.rint(hours * 3600e3).astype("timedelta64[ms]")
    kinds = np.where(which >= 0, RUN_TYPES["standard"], RUN_TYPES["water"])
    size = hours.size
    data = {
        "xCO2": ("time", np.array([x for _, _, x in readings])),
        "xH2O": ("time", np.where(which >= 0, 0.3, 0.3 + water)),
        "run_type": ("time", kinds.astype(np.int8)),
        "standard": ("time", which),
        "T_equ": ("time", np.full(size, 15.0)),
        "SST": ("time", np.full(size, 15.0)),
    }
    return xr.Dataset(data, coords={"time": time})


def sample(ds, name):
    return float(ds[name].to_numpy()[ds["standard"].to_numpy() < 0][0])


def test_f01_true_is_fitted_on_measured():
    """381.237474; the offset regressed on true would give 381.24044."""
    value = sample(calibrate(dataset(), platform()), "xCO2_calibrated")
    assert value == pytest.approx(381.237474, abs=1e-6)
    assert abs(value - 381.24044) > 0.002


def test_f02_standards_on_one_side_never_pass_uncalibrated():
    """One-sided within the age limit is used and marked; too old is missing."""
    early = dataset(READINGS[:4])
    out = calibrate(early, platform())
    value = sample(out, "xCO2_calibrated")
    assert value != 380.0
    assert sample(out, "calibration_status") == CALIBRATION_STATUS["one_sided"]
    late = dataset([*READINGS[:3], (20.0, -1, 380.0)])
    with pytest.warns(Warning, match="not"):
        out = calibrate(late, platform())
    assert np.isnan(sample(out, "xCO2_calibrated"))
    assert sample(out, "calibration_status") == CALIBRATION_STATUS["not_calibrated"]


def test_f03_equal_standards_give_an_offset():
    """All standards hold no water: 0.3 mmol/mol is taken off, not NaN and not kept."""
    more = "[calibration]\nmoisture_correction = true\nwater_zero = true\n"
    out = calibrate(dataset(water=2.0), platform(more))
    assert sample(out, "xH2O_calibrated") == pytest.approx(2.0)
    dry = sample(out, "xCO2_water_Tequ_dry")
    assert dry == pytest.approx(381.237474 / (1 - 2.0e-3), abs=1e-5)
    far = water_offset(
        np.array([0.3, 2.0]), np.array([0.0, 1e6]), np.array([True, False]), 12.0
    )
    assert np.isnan(far[1])


def test_f05_and_f15_limits_act_or_are_refused():
    for wrong, word in (
        ("[qc.SST]\nrange = { limits_Q = [0, 1] }\n", "limits_Q"),
        ("[qc.SST]\nrange = { questionable = [30.0, -2.0] }\n", "range"),
        ("[qc.SST]\nrnge = { bad = [0, 1] }\n", "range"),
    ):
        with pytest.raises(OceanCO2Error, match=word):
            check(platform(wrong))


def test_f07_digits_are_kept(tmp_path):
    """Positions keep more than three decimals, pH2O is never rounded."""
    cruise = simulate("demo_ship", days=0.2, seed=5, folder=tmp_path)
    ds = process("demo_ship", [tmp_path])
    assert cruise.files
    latitude = ds["latitude"].to_numpy()
    assert (np.abs(latitude * 1000 - np.rint(latitude * 1000)) > 1e-4).mean() > 0.9


def test_f11_a_time_belongs_to_the_last_run_that_began(tmp_path):
    """Rows between two run labels belong to the earlier one."""
    simulate("demo_ship", days=0.3, seed=6, folder=tmp_path)
    ds = process("demo_ship", [tmp_path])
    run = ds["run_type"].to_numpy()
    assert {RUN_TYPES["water"], RUN_TYPES["air"]} <= set(run.tolist())
    assert np.isfinite(ds["xCO2_water_Tequ_dry"].to_numpy()[run == 1]).all()
    assert np.isnan(ds["xCO2_water_Tequ_dry"].to_numpy()[run != 1]).all()


def test_f14_units_are_declared_once_and_checked():
    """xH2O is mmol/mol; believing its old label would be a factor of 1000."""
    assert conversion("umol/mol", "mmol mol-1")[0] == pytest.approx(1e-3)
    wrong = HEAD.replace(
        '"H2O mm/m", units = "mmol mol-1"', '"H2O mm/m", units = "m/s"'
    )
    with pytest.raises(PlatformError, match="m/s"):
        parse((wrong + STANDARDS).encode(), "ship.toml")


def test_f20_the_product_says_what_made_it(tmp_path):
    simulate("demo_ship", days=0.2, seed=7, folder=tmp_path)
    ds = process("demo_ship", [tmp_path])
    assert len(ds.attrs["source_files_sha256"]) == len(ds.attrs["source_files"])
    assert all(len(sha) == 64 for sha in ds.attrs["source_files_sha256"])
    assert len(ds.attrs["platform_file_sha256"]) == 64
    assert "oceanco2" in ds.attrs["versions"]
