"""Pro-Oceanus CO2-Pro and Sunburst SAMI2-CO2: lines of loggers, and what they give."""

import csv

import numpy as np
import pytest
import xarray as xr
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.bits import TEST_BITS
from oceanco2.calibration import calibrate
from oceanco2.errors import DataWarning, PlatformError, ReadError
from oceanco2.physics import sami_pco2, sami_temperature
from oceanco2.pipeline import check, process
from oceanco2.platforms import FileDefinition, available, load, parse
from oceanco2.qc import flag
from oceanco2.readers import READERS
from oceanco2.readers.formats.sami import parse_record
from oceanco2.readers.sources import RawFile
from oceanco2.readers.table import RequiredColumns
from oceanco2.reduction import reduce
from oceanco2.vocabulary import RUN_TYPES

SET = "ooi_raw_pco2"


def cut(reader, content):
    definition = FileDefinition(reader=reader)
    raw = RawFile("x.log", content, "")
    return READERS[reader].read(definition, raw, RequiredColumns.of([], []))


def pco2a(data_set, name):
    return cut("pro_oceanus", (data_set(SET) / name).read_bytes())


def test_all_records_of_the_yaml(data_set):
    """216 records, equal to the parsed values that come with the file."""
    table = pco2a(data_set, "20140217.pco2a.log")
    message = (data_set(SET) / "rec_20140217_pco2a.yml").read_text()
    records = yaml.safe_load(message)["data"]
    assert len(records) == table.lines.size == 216
    keys = {
        "zero": "zero_a2d",
        "current": "current_a2d",
        "humidity": "humidity",
        "P gas": "gas_stream_pressure",
        "T irga": "avg_irga_temperature",
        "T source": "irga_source_temperature",
        "T detector": "irga_detector_temperature",
        "T humidity": "humidity_temperature",
    }
    for column, key in keys.items():
        assert table.column(column).tolist() == [r[key] for r in records]
    co2 = [r.get("measured_water_co2", r.get("measured_air_co2")) for r in records]
    assert table.column("CO2").tolist() == co2
    clocks = [str(r["date_time_string"]) for r in records]
    assert table.column("instrument time").tolist() == clocks


def test_water_and_air_of_the_second_file(data_set):
    state = pco2a(data_set, "20150302.pco2a.log").column("state")
    assert ((state == "W").sum(), (state == "A").sum()) == (216, 216)


def test_broken_lines_cost_themselves_and_are_reported(data_set):
    table = pco2a(data_set, "20140217.pco2a_failure.log")
    assert table.lines.size > 190
    assert "broken lines (1, 3, 5, 7, 9" in table.warnings[0]


def reduced(values, state):
    """One reading through the rooms."""
    platform = load("ooi_pco2a_2014")
    time = np.array(["2024-01-01"], dtype="datetime64[ns]")
    data = {name: ("time", np.array([float(v)])) for name, v in values.items()}
    data["run_type"] = ("time", np.array([RUN_TYPES[state]], dtype=np.int8))
    ds = xr.Dataset(data, coords={"time": time})
    return reduce(calibrate(ds, platform), platform)


def test_fugacity_gets_hpa(reference_data):
    """F4: 392.822, not 394.327 in water; 400.605, not 402.074 in air."""
    path = reference_data / "instruments" / "reduction_cases.csv"
    with path.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if r["case"].startswith("pro_oceanus")]
    names = {
        ("air", "xCO2_dry"): "xCO2_atm_dry_actual",
        ("air", "pCO2"): "pCO2_atm_wet_actual",
        ("air", "fCO2"): "fCO2_atm_wet_actual",
        ("water", "fCO2_SST"): "fCO2_water_SST_wet",
        ("water", "pCO2_SST"): "pCO2_water_SST_wet",
    }
    compared = 0
    for row in rows:
        given_ = dict(part.split("=") for part in row["inputs"].split(";"))
        state = "air" if "atm" in row["case"] else "water"
        values = {
            "xCO2": given_["xCO2_wet"],
            "P_analyser": given_["cell_gas_pressure_hPa"],
            "P_equ": given_["cell_gas_pressure_hPa"],
        }
        if state == "air":
            values |= {"T_atm": given_["air_temp_C"]}
            values |= {"P_vapour": given_["humidity_pressure_mbar"], "SST": 10.0}
        else:
            values |= {"SST": given_["water_temp_C"]}
        name = names.get((state, row["output"]))
        if name is None:
            continue
        result = float(reduced(values, state)[name][0])
        assert result == pytest.approx(float(row["required"]), abs=1e-4), row
        compared += 1
    assert compared >= 4


def test_counting_more_than_at_the_zero_is_bad(data_set):
    platform = load("ooi_pco2a_2014")
    ds = process(platform, [data_set(SET) / "20140217.pco2a.log"])
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    bit = TEST_BITS["zero_current"]
    tests = ds["pCO2_water_SST_wet_tests"].to_numpy()
    assert not (tests & bit).any()
    high = ds["zero_count"].to_numpy() + 1.0
    simple = [n for n in ds.data_vars if "_flag" in str(n) or "_tests" in str(n)]
    spoilt = ds.drop_vars(simple).assign(current_count=("time", high))
    again = flag(spoilt, platform)
    assert ((again["pCO2_water_SST_wet_tests"].to_numpy() & bit) > 0)[water].all()
    assert (again["pCO2_water_SST_wet_flag"].to_numpy()[water] == 4).all()


def test_mambo_joins_sensors_that_take_turns(data_set):
    """At most 3293 CO2 records, gaps stay empty, stray positions are flagged.

    Two positions of the published file are of 2080.
    """
    with pytest.warns(DataWarning) as caught:
        ds = process("mambo_2017", [data_set("mooring_mambo_2017_procv_raw")])
    assert [str(warning.message) for warning in caught] == [
        "2.5.chosen_cols_mambo_2017_raw.txt:3096: 2 of 8524 rows, 2080-01-06 00:02 to"
        " 2080-01-06 00:02, are in the future, not good"
    ]
    assert ds.sizes["time"] == 3293
    assert np.nanmin(ds["salinity"].to_numpy()) > 20.0
    assert np.isnan(ds["salinity"].to_numpy()).sum() > 100
    stray = ds["latitude"].to_numpy() < 44.0
    position = ds["position_flag"].to_numpy()
    assert stray.sum() + (position > 2).sum() >= 3
    assert (position[stray] > 2).all()


def test_tsg_salinity_follows_from_conductivity(data_set):
    """17323 rows; the printed salinity within its digits; no intake temperature."""
    ds = process("tsg_dfo_2024", [data_set("tsg_dfo_2024")])
    assert ds.sizes["time"] == 17323
    apart = ds["salinity"].to_numpy() - ds["salinity_delivered"].to_numpy()
    assert np.abs(apart).max() < 0.002
    assert "SST" not in ds


# ---- SAMI2-CO2 -----------------------------------------------------------------------

RECORD = (
    "C22704CF8F37A30044004C0D0F024307B001FB09C80E7D0044004B0D0E024207B201FB0C5B07E357"
)


def test_the_check_record():
    """Id 194, type 4, 2014-05-07T01:06:43, its light values, checksum 0x57."""
    result = parse_record(RECORD)
    assert result[-1] == 194
    assert result[1] == 4
    when = np.datetime64("1904-01-01") + np.timedelta64(int(result[0]), "s")
    assert str(when) == "2014-05-07T01:06:43"
    lights = [68, 76, 3343, 579, 1968, 507, 2504, 3709, 68, 75, 3342, 578, 1970, 507]
    assert result[2:16] == lights
    assert result[16:18] == [3163, 2019]


def test_a_wrong_checksum_is_no_record():
    assert parse_record(RECORD[:-2] + "58") is None
    assert parse_record(RECORD[:-4]) is None


def test_all_measurements_of_the_yaml(data_set):
    folder = data_set(SET)
    table = cut("sami", (folder / "20140507.pco2w1.log").read_bytes())
    records = yaml.safe_load((folder / "20140507.pco2w1.yml").read_text())["data"]
    measured = [r for r in records if r["record_type"] in (4, 5)]
    assert table.lines.size == len(measured)
    assert table.column("seconds").tolist() == [r["record_time"] for r in measured]
    assert table.column("thermistor").tolist() == [
        r["thermistor_raw"] for r in measured
    ]
    for i in range(14):
        result = table.column(f"light {i + 1}").tolist()
        lights = [
            r.get("light_measurements", r.get("blank_light_measurements"))
            for r in measured
        ]
        assert result == [light[i] for light in lights]


def test_results_only_behind_a_blank(data_set):
    ds = process("ooi_pco2w_2014", [data_set(SET) / "20140507.pco2w1.log"])
    blank = ds["run_type"].to_numpy() == RUN_TYPES["zero"]
    behind = np.cumsum(blank) > 0
    water = ds["run_type"].to_numpy() == RUN_TYPES["water"]
    pco2 = ds["pCO2_water_Tequ_wet"].to_numpy()
    assert blank.sum() == 1
    assert np.isnan(ds["blank_434"].to_numpy()[~behind]).all()
    assert set(ds["blank_434"].to_numpy()[behind]) == {2439.0}
    # More light at 434 nm than in the blank: there was no dye, and there is no pCO2.
    assert (ds["light_434"].to_numpy()[water & behind] > 2439.0).all()
    assert np.isnan(pco2).all()
    spoilt = ds[["light_434", "light_620", "thermistor", "run_type"]].copy()
    dyed = np.where(water, 0.5, 1.0) * ds["light_434"].to_numpy()
    spoilt["light_434"] = ("time", dyed)
    spoilt["light_620"] = (
        "time",
        np.where(water, 0.6, 1.0) * ds["light_620"].to_numpy(),
    )
    again = calibrate(spoilt, load("ooi_pco2w_2014"))["pCO2_water_Tequ_wet"].to_numpy()
    assert np.isfinite(again[water & behind]).all()
    assert np.isnan(again[~(water & behind)]).all()


def test_client_text_file():
    light = "\t".join(str(v) for v in range(100, 114))
    text = f":SAMIinfo\nCal1 1\n:Data\n5\t3482269603\t{light}\t3163\t2019\n"
    text += f"4\t3482269903\t{light}\t3163\t2019\nbroken line\n"
    table = cut("sami", text.encode())
    assert table.column("kind").tolist() == ["blank", "measurement"]
    assert table.column("light 7").tolist() == [106, 106]
    assert "line" in table.warnings[0]


@given(pco2=st.floats(150, 900), t=st.floats(0, 30))
def test_sami_formula_and_its_inverse(pco2, t):
    """Absorbances that a pCO2 would give come back as that pCO2."""
    at, a, b, c = 16.5, 0.0422, 0.6761, -1.5798
    x = np.log10(pco2)
    response = c + b * x + a * x * x  # the quadratic that the sensor solves
    required = response
    start = required
    for _ in range(60):
        warm = start + 0.008 * (t - at)
        slope = 0.0075778 - 0.0012389 * warm - 0.00048757 * warm**2
        start = required - slope * (t - at)
    y = 10.0**-start
    ratio = (2.136 * y + 0.0043) / (1.0 + 0.2105 * y)
    back = sami_pco2(0.5, 0.5 * ratio, t, (at, a, b, c))
    assert back == pytest.approx(pco2, rel=1e-6)


def test_thermistor_is_monotonous():
    counts = np.arange(500.0, 3500.0, 10.0)
    assert (np.diff(sami_temperature(counts)) < 0).all() or (
        np.diff(sami_temperature(counts)) > 0
    ).all()


@pytest.mark.parametrize(
    ("name", "old", "new", "word"),
    [
        ("ooi_pco2w_2014", "[sami]", "[metadata.attributes]", "CalT"),
        ("ooi_pco2a_2014", "P_analyser", "T_atm", "P_analyser"),
    ],
)
def test_missing_inputs_of_a_model_are_reported(name, old, new, word):
    text = available()[name].read_text(encoding="utf-8")
    if "P_analyser" in old:
        text = "\n".join(s for s in text.split("\n") if not s.startswith(old))
    else:
        text = text[: text.index(old)]
    with pytest.raises(PlatformError, match=word):
        check(parse(text.encode(), "x.toml"))


@pytest.mark.parametrize(
    ("reader", "name"),
    [("pro_oceanus", "20140217.pco2a.log"), ("sami", "20140507.pco2w1.log")],
)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_damage_costs_only_itself(data_set, reader, name, data):
    whole = (data_set(SET) / name).read_bytes()
    rows = cut(reader, whole).lines.size
    at = data.draw(st.integers(0, len(whole)), label="at")
    to = data.draw(st.integers(at, len(whole)), label="to")
    kind = data.draw(st.sampled_from(["cut", "again", "bytes"]), label="kind")
    noise = data.draw(st.binary(max_size=12), label="noise")
    spoilt = {
        "cut": whole[:at],
        "again": whole[:to] + whole[at:to] + whole[to:],
        "bytes": whole[:at] + noise + whole[at:],
    }[kind]
    try:
        table = cut(reader, spoilt)
    except ReadError:  # one clear line; anything else fails
        return
    if kind != "cut":
        assert table.lines.size >= rows - 2
