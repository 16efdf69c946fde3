"""Accidents to real files of every common format: rows, told doubts or one error."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.platforms import load
from tests.readers.mutations import mutants, survives

#: Platform, file, and how much of its beginning.
FILES = [
    ("go_workshop_2019", "icos_otc_workshop_go2019/part4_input_raw_cruise_dat.txt"),
    ("ronald_h_brown_2010", "cruise_33RO20100308_a13.5_aoml_ronbrown"),
    ("tao_140w_2004", "mooring_TAO140W_2004/TAO140W_0_May_Sep_2004.csv"),
    ("nuka_arctica_2005_socat", "socatv3_pangaea_26NA20050107"),
    ("mambo_2017", "mooring_mambo_2017_procv_raw"),
    ("tsg_dfo_2024", "tsg_dfo_2024/TSGdata_20240412.csv"),
]


@pytest.mark.parametrize(("platform", "file"), FILES)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_accidents(data_set, tmp_path_factory, platform, file, data):
    path = data_set(file)
    if path.is_dir():
        path = next(p for p in sorted(path.iterdir()) if p.name != "README.md")
    whole = path.read_bytes()[:12000]
    spoilt = data.draw(mutants(whole), label="spoilt")
    folder = tmp_path_factory.mktemp("raw")
    result = survives(load(platform), folder, spoilt, path.name)
    if result is not None:
        streams, _ = result
        for stream in streams.values():
            assert stream["damaged"].size == stream.sizes["time"]
