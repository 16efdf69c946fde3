"""Parts of files are read anywhere and give the whole again."""

import pickle

import dask
import numpy as np
import pandas as pd
import pytest

from oceanco2.errors import DataWarning, OptionError
from oceanco2.socat.archive.reading import read_socat
from oceanco2.socat.grid.parts import delayed_socat, split_socat
from oceanco2.socat.grid.sources import accumulate


def joined(frames):
    return pd.concat([f.astype({"Expocode": str}) for f in frames], ignore_index=True)


@pytest.mark.parametrize("size", [50_000, 400_003, 10**8])
def test_parts_are_the_file(size, made):
    names = ["Expocode", "time", "SST", "fCO2rec_src"]
    whole = read_socat(made, names)
    parts = pickle.loads(pickle.dumps(split_socat(made, names, part_bytes=size)))
    found = joined([part.read() for part in parts])
    pd.testing.assert_frame_equal(found, whole.astype({"Expocode": str}))
    lazy = delayed_socat(made, names, part_bytes=size, src=[1, 6])
    with dask.config.set(scheduler="threads"):
        found = joined(dask.compute(*lazy))
    whole = read_socat(made, names, src=[1, 6])
    pd.testing.assert_frame_equal(found, whole.astype({"Expocode": str}))


def test_parts_with_a_preamble_and_packed_ones(excerpt_2026, made, tmp_path):
    import gzip

    packed = tmp_path / "made.tsv.gz"
    packed.write_bytes(gzip.compress(made.read_bytes()))
    parts = split_socat([excerpt_2026, packed], part_bytes=1000)
    assert len(parts) > 9
    assert sum(len(part.read()) for part in parts) == 6048


def test_lines_of_parts_have_the_numbers_of_the_file(few):
    path = few(lambda x: [*x[:30], b"broken", *x[30:]])
    problems = []
    for part in split_socat(path, part_bytes=700):
        if part.window[0] <= path.read_bytes().index(b"broken") < part.window[1]:
            with pytest.warns(DataWarning, match="line 31"):
                problems += part.read().attrs["socat"]["problems"]
        else:
            problems += part.read().attrs["socat"]["problems"]
    assert [problem["line"] for problem in problems] == [31]


def test_sums_of_parts_merge_to_those_of_the_file(made):
    parts = split_socat(made, part_bytes=300_000)
    sums = parts[-1].accumulate(recomputed=True)
    for part in parts[:-1]:
        sums.merge(part.accumulate(recomputed=True))
    whole, _ = accumulate(made, recomputed=True)
    year = slice("1990-01", "1990-03")
    ours, theirs = (x.result().sel(tmnth=year) for x in (sums, whole))
    np.testing.assert_array_equal(
        ours["fco2_ave_weighted"], theirs["fco2_ave_weighted"]
    )


def test_options_of_parts(made):
    with pytest.raises(OptionError, match="part_bytes"):
        split_socat(made, part_bytes=0)
    with pytest.raises(OptionError, match="no region"):
        split_socat(made, region="Q")


def test_a_dataset_has_units(excerpt_2026):
    ds = read_socat(excerpt_2026, kind="xarray")
    assert ds.sizes == {"obs": 48}
    assert ds["Tequ"].attrs["units"] == "degree_Celsius"
    assert ds["Expocode"].to_numpy()[0] == "06AQ19911114"
    assert ds["fCO2rec"].attrs["standard_name"].startswith("fugacity_of_carbon")
    with pytest.raises(OptionError, match="'pandas' or 'xarray'"):
        read_socat(excerpt_2026, kind="polars")
