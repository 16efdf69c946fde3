"""MAPCO2: what the system printed, and zero, span and humidity on made-up frames."""

import numpy as np
import pytest

from oceanco2.alignment import align
from oceanco2.bits import TEST_BITS
from oceanco2.calibration import calibrate
from oceanco2.errors import PlatformError
from oceanco2.physics import (
    fco2_from_xco2,
    mapco2_dry_mole_fraction,
    vapour_of_humidity,
)
from oceanco2.pipeline import check, process
from oceanco2.platforms import available, parse
from oceanco2.qc import flag
from oceanco2.reduction import reduce
from oceanco2.vocabulary import GOOD, QUESTIONABLE, RUN_TYPES
from tests.readers.mapco2_raw import PLATFORM, frame, read_bytes, text_of

#: Their span gas is far from its readings on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:.*run 'span' is")

WATER, AIR = "xCO2_water_SST_dry", "xCO2_atm_dry_actual"
SPAN = '\n[[standards]]\nrun = "span"\nxCO2 = {}\nuncertainty = 0.1\n'
ZERO_SPAN = '\n[mapco2]\nrecalibration = "zero_span"\n'


@pytest.fixture(scope="module")
def crimp(data_set):
    return process("crimp2_2016", data_set("mapco2_raw_crimp2016"))


def calibrated(text, more=""):
    platform = parse((PLATFORM + more).encode(), "test.toml")
    check_free = {"buoy": read_bytes(text, PLATFORM + more)[0]}
    return calibrate(align(check_free, platform), platform)


def flagged(text, more=""):
    platform = parse((PLATFORM + more).encode(), "test.toml")
    return flag(reduce(calibrated(text, more), platform), platform)


def rows(ds, word):
    return ds["run_type"].to_numpy() == RUN_TYPES[word]


# ---- the real system ----------------------------------------------------------------


@pytest.mark.parametrize(("name", "word"), [(WATER, "water"), (AIR, "air")])
def test_dry_values_are_those_the_system_printed(crimp, name, word):
    """Humidity is printed to 1 %: half of it is 0.15 umol/mol here."""
    here = rows(crimp, word)
    off = (crimp[name] - crimp[f"{name}_delivered"]).to_numpy()[here]
    assert off.size == 8
    assert np.abs(off).max() < 0.2
    assert abs(np.median(off)) < 0.06
    assert np.isnan(crimp[name].to_numpy()[~here]).all()


def test_other_humidities_do_not_give_what_was_printed(crimp):
    """The span flow-off line it is: post-cal is 1.2 to 2.0 low, full RH 5 to 8 up."""
    water = rows(crimp, "water")
    labels = crimp["run_label"].attrs["flag_meanings"].split()
    states = np.array(labels)[crimp["run_label"].to_numpy()]
    humidity = crimp["RH"].to_numpy()
    names = ("xCO2", "RH", "T_RH", "P_analyser")
    x, rh, t, p = (crimp[n].to_numpy()[water] for n in names)
    printed = crimp[f"{WATER}_delivered"].to_numpy()[water]
    postcal = mapco2_dry_mole_fraction(x, p, rh, t, humidity[states == "span_postcal"])
    assert -2.1 < (postcal - printed).min() < (postcal - printed).max() < -1.0
    full = mapco2_dry_mole_fraction(x, p, rh, t, 0.0)
    assert 4.5 < (full - printed).min() < (full - printed).max() < 9.0


def test_pressure_is_that_of_the_pump_off_in_hpa(crimp):
    water = rows(crimp, "water")
    np.testing.assert_array_equal(
        crimp["P_equ"].to_numpy()[water],
        np.array([101.23, 101.15, 101.32, 101.35, 101.2, 101.19, 101.35, 101.32]) * 10,
    )
    assert float(crimp["P_pump"][7]) == pytest.approx(61.7)  # 101.23 - 95.06 kPa
    assert float(crimp["oxygen_ratio"][7]) == pytest.approx(100 * 20.85 / 20.73)


def test_fco2_where_there_is_temperature_and_salinity(crimp):
    """Recipe M: dry mole fraction, pressure of the analyser, SST."""
    water = rows(crimp, "water")
    fco2 = crimp["fCO2_water_SST_wet"].to_numpy()[water]
    assert np.isfinite(fco2).tolist() == [False] * 2 + [True] + [False] * 5
    again = fco2_from_xco2(585.846648, 27.0662, 36.9284, 1013.2)
    assert fco2[2] == pytest.approx(again, abs=1e-5)
    assert crimp["fCO2_water_SST_wet_flag"].to_numpy()[water].tolist() == [
        9 if np.isnan(v) else GOOD for v in fco2
    ]
    air = rows(crimp, "air")
    assert crimp["fCO2_atm_wet_actual_flag"].to_numpy()[air][2] == GOOD


def test_every_value_can_say_what_made_it(crimp):
    row = crimp.isel(time=7)
    assert float(row["cycle"]) == 20160815000000
    assert float(row["RH_span"]) == 36
    assert float(row["zero_reading"]) == 0.74
    assert float(row["span_reading"]) == 648.34
    assert float(row["zero_coefficient"]) == 0.877898
    assert "humidity above that of the span gas" in crimp[WATER].attrs["method"]
    assert '"recalibration": "none"' in crimp.attrs["options"]


def test_a_span_gas_gives_the_residual(data_set, tmp_path):
    path = tmp_path / "own.toml"
    path.write_text(available()["crimp2_2016"].read_text() + SPAN.format(648.0))
    ds = process(path, data_set("mapco2_raw_crimp2016"))
    assert float(ds["span_residual"][7]) == pytest.approx(0.34)


# ---- made-up cycles -----------------------------------------------------------------


def cycle(minutes=None, start="2016/08/15 00:00:00", **values):
    """Ten readings; per state (co2, humidity) and kPa."""
    readings_by_state = {
        "zero postcal": (0.7, 60),
        "span off": (500.0, 30),
        "span postcal": (502.0, 40),
        "equil off": (400.0, 70),
        "air off": (390.0, 65),
    } | values
    states = ("zero on", "zero off", "zero postcal", "span on", "span off")
    states += ("span postcal", "equil on", "equil off", "air on", "air off")
    lines = []
    for number, state in enumerate(states):
        co2, humidity = readings_by_state.get(state, (300.0, 55))
        lines.append(
            f"{number:02d} 28.00 0.020 101.20 00.00 {co2:08.3f} 00.30 20.80 0.0"
            f" {humidity:02d} 0.1 25.0 0.03 03746535 00239 03287995 00325"
        )
    return frame(start, readings=lines)


def test_zero_and_span_of_the_cycle_set_the_readings_right():
    """True = gas (x - zero)/(span - zero): here 500 (x - 0.7)/501.3."""
    more = SPAN.format(500.0) + ZERO_SPAN
    ds = calibrated(text_of(cycle()), more)
    humid = 500.0 * (400.0 - 0.7) / 501.3
    expected = mapco2_dry_mole_fraction(humid, 1012.0, 70.0, 25.0, 30.0)
    assert float(ds[WATER][7]) == pytest.approx(expected, abs=1e-9)
    assert float(ds["span_residual"][7]) == pytest.approx(2.0)
    assert "set to the zero and span of its cycle" in ds[WATER].attrs["method"]
    without = calibrated(text_of(cycle()))
    assert float(without[WATER][7]) == pytest.approx(expected * 400 / humid)


def test_each_cycle_has_its_own_humidity_zero_and_span():
    other = cycle(
        start="2016/08/15 03:00:00",
        **{"span off": (500.0, 20), "span postcal": (501.0, 40)},
    )
    ds = calibrated(text_of(cycle(), other), SPAN.format(500.0) + ZERO_SPAN)
    assert ds["RH_span"].to_numpy().tolist() == [30.0] * 10 + [20.0] * 10
    assert ds["span_reading"].to_numpy()[[7, 17]].tolist() == [502.0, 501.0]


def test_span_gas_changes_on_its_date():
    more = SPAN.format(500.0) + SPAN.format(510.0) + "valid_from = 2016-08-15T02:00:00Z"
    text = text_of(cycle(), cycle(start="2016/08/15 03:00:00"))
    ds = calibrated(text, more + ZERO_SPAN)
    assert ds["span_residual"].to_numpy()[[7, 17]].tolist() == [2.0, -8.0]


@pytest.mark.parametrize(
    ("flags", "test"),
    [
        ("FF00", "span_failed"),
        ("00FF", "zero_failed"),
        ("0100", "diagnostic"),
        ("0002", "diagnostic"),
        ("0008", "zero_failed"),
        ("1000", "span_failed"),
    ],
)
def test_what_the_system_says_of_itself_becomes_a_flag(flags, test):
    bad = cycle()
    bad[2] = bad[2].replace("0000 27", f"{flags} 27")
    ds = flagged(text_of(bad, cycle(start="2016/08/15 03:00:00")))
    for name, row in ((WATER, 7), (AIR, 9)):
        assert int(ds[f"{name}_flag"][row]) == QUESTIONABLE
        assert int(ds[f"{name}_tests"][row]) == TEST_BITS[test]
        assert int(ds[f"{name}_flag"][row + 10]) == GOOD
    assert int(ds["fCO2_water_SST_wet_flag"][7]) == QUESTIONABLE


def test_after_a_lost_span_the_humidity_of_the_others_is_used():
    """As its makers do; and the value says so."""
    lost = cycle(**{"span off": (395.0, 66)})
    lost[2] = lost[2].replace("0000 27", "FF00 27")
    others = [cycle(start=f"2016/08/15 0{h}:00:00") for h in (3, 6)]
    ds = flagged(text_of(lost, *others))
    assert float(ds["RH_span"][7]) == 30
    assert int(ds[f"{WATER}_tests"][7]) == TEST_BITS["span_failed"]
    # Brought to a span that was none, it would be wrong without a sign of it.
    ds = flagged(text_of(lost, *others), SPAN.format(500.0) + ZERO_SPAN)
    assert np.isnan(ds[WATER][7])
    assert int(ds[f"{WATER}_tests"][7]) & TEST_BITS["not_calibrated"]
    assert int(ds[f"{WATER}_flag"][17]) == GOOD


def test_a_cycle_without_its_span_line_borrows_the_humidity():
    short = cycle()
    short[7] = short[7][:30]
    ds = flagged(text_of(short, cycle(start="2016/08/15 03:00:00")))
    assert float(ds["RH_span"][7]) == 30
    assert int(ds[f"{WATER}_flag"][7]) == QUESTIONABLE
    assert int(ds[f"{WATER}_tests"][7]) == TEST_BITS["span_failed"]


def test_no_span_at_all_leaves_nothing_to_dry_with():
    lines = cycle()
    lines[7] = lines[7][:30]
    ds = flagged(text_of(lines))
    assert np.isnan(ds[WATER]).all()


def test_the_stated_noise_is_propagated():
    text = PLATFORM.replace('"umol mol-1", dry', '"umol mol-1", uncertainty = 0.5, dry')
    text = text.replace(
        '"RH", units = "percent"', '"RH", units = "percent", uncertainty = 0.3'
    )
    platform = parse((text + SPAN.format(500.0) + ZERO_SPAN).encode(), "test.toml")
    raw = {"buoy": read_bytes(text_of(cycle()), text)[0]}
    ds = calibrate(align(raw, platform), platform)
    share = (400.0 - 0.7) / 501.3
    drying = float(ds[WATER][7]) / (500 * share)
    one = vapour_of_humidity(1.0, 0.0, 25.0) / 1012.0
    gain = 500 / 501.3
    noise = (0.5 * gain) ** 2 * (1 + (1 - share) ** 2 + share**2)
    humidity = 2 * (0.3 * one * float(ds[WATER][7]) * drying) ** 2
    expected = np.sqrt((noise + (share * 0.1) ** 2) * drying**2 + humidity)
    assert float(ds[f"{WATER}_uncertainty"][7]) == pytest.approx(expected, rel=1e-9)
    assert 0.6 < expected < 0.9


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('RH = { column = "RH", units = "percent" }\n', "", "lacks RH"),
        ("[calibration]", f"{ZERO_SPAN}[calibration]", 'run = "span"'),
        ("[calibration]", "[mapco2]\nrecalibraton = 1\n[calibration]", "recalibration"),
    ],
)
def test_missing_inputs_of_the_model_are_reported_before_data_are_read(old, new, words):
    text = PLATFORM.replace(old, new)
    assert text != PLATFORM
    with pytest.raises(PlatformError) as caught:
        check(parse(text.encode(), "buoy.toml"))
    assert words in str(caught.value)
    assert str(caught.value).startswith("buoy.toml: ")
