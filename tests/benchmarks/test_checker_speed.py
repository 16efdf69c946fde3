"""Checking an upload file costs some ten times what it takes to parse it.

OCEANCO2_BENCHMARK=strict asks for the full size: 100,000 rows of 20 columns in 3 s, and
memory that hardly grows with the length of the file.
"""

import os
import time
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from oceanco2.socat.checker import check_file
from tests.benchmarks.timing import seconds

STRICT = os.environ.get("OCEANCO2_BENCHMARK", "") == "strict"
N = 100_000 if STRICT else 10_000
HEAD = "Expocode: ZZ9920100101\nVessel Name: X\nPIs: A, B\n"
NAMES = (
    *("Expocode", "Year", "Month", "Day", "Hour", "Minute", "Second"),
    *("Longitude [deg E]", "Latitude [deg N]", "Sample_depth [m]", "Salinity [PSU]"),
    *("SST [deg C]", "T_equ [deg C]", "P_atm [hPa]", "P_equ [hPa]"),
    *("xCO2_water_Tequ_dry [umol/mol]", "fCO2_water_SST_wet [uatm]"),
    *("xCO2_atm_interp [umol/mol]", "WOCE_CO2_water", "comment_WOCE_CO2_water"),
)


def write(path, n):
    moments = np.datetime64("2010-01-01", "m") + np.arange(n)
    with path.open("w") as file:
        file.write(HEAD + "\t".join(NAMES) + "\n")
        for i, moment in enumerate(moments.astype(object)):
            k = i % 1000
            file.write(
                f"ZZ9920100101\t{moment:%Y\t%m\t%d\t%H\t%M}\t0\t{10 + i * 1e-5:.5f}\t"
                f"-30.00000\t5\t35.{k:03d}\t18.{k:03d}\t18.{k:03d}\t1012.{k}\t1011.{k}\t"
                f"380.{k:03d}\t366.{k:03d}\t-999\t2\t\n"
            )
    return path


def test_a_check_takes_some_ten_times_the_parsing(tmp_path):
    path = write(tmp_path / "a.tsv", N)
    found = []
    for _ in range(4):
        check, parse = seconds(
            lambda: check_file(path),
            lambda: pd.read_csv(path, sep="\t", skiprows=3),
            turns=1,
        )
        found.append(check / parse)
        if found[-1] < 15:
            break
    print(f"check {check:.3f} s, parse {parse:.3f} s, ratio {min(found):.1f}")
    assert min(found) < 40


@pytest.mark.skipif(not STRICT, reason="the full size: OCEANCO2_BENCHMARK=strict")
def test_hundred_thousand_rows_in_three_seconds(tmp_path):
    path = write(tmp_path / "a.tsv", 100_000)
    start = time.process_time()
    assert check_file(path).messages == ()
    assert time.process_time() - start < 3


def test_memory_is_bounded(tmp_path, monkeypatch):
    """Beyond its blocks a file costs some 60 bytes a row, a third of its text."""
    monkeypatch.setattr("oceanco2.socat.checker._BLOCK", 1000)
    sizes = (40_000, 120_000) if STRICT else (3000, 6000)
    peaks = []
    for n in sizes:
        path = write(tmp_path / "a.tsv", n)
        tracemalloc.start()
        check_file(path)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / (sizes[1] - sizes[0]) < 150
