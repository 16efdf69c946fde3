"""Every variable that a step adds has the attributes that files promise."""

import re
import warnings
from pathlib import Path

import numpy as np
import pytest

from oceanco2 import platforms
from oceanco2.alignment import align
from oceanco2.calibration import calibrate
from oceanco2.platforms import Alignment
from oceanco2.qc import flag
from oceanco2.readers import read
from oceanco2.reduction import reduce
from oceanco2.simulation import simulate
from oceanco2.uncertainty import add_uncertainty
from oceanco2.vocabulary import FLAG_VALUES, VARIABLES, flag_attrs

SAMPLES = Path(__file__).parents[1] / "readers" / "samples"
STEPS = (calibrate, reduce, flag, add_uncertainty)
#: All attributes of variables; CF, or explained in docs and README.
KEYS = {
    *("units", "long_name", "standard_name", "axis", "ancillary_variables"),
    *("flag_values", "flag_meanings", "flag_masks", "tests_applied", "value_type"),
    *("source_column", "sensor", "sensor_group", "smoothing", "method", "calibration"),
    *("lag_seconds", "lag_source", "lag_uncertainty_seconds", "uncertainty_source"),
    *("comment", "calibration_coefficients", "interpolated_in", "scale_factor_F"),
}
CODED = re.compile(
    r"(run_type|run_label|damaged|flushing|calibration_status|cycle_complete"
    r"|standard_run_used|.*_type|.*_flag(_automatic|_manual|_delivered)?)"
)


def check(ds):
    """Check names, dimensions and attributes of all variables."""
    for name, variable in ds.variables.items():
        attrs = variable.attrs
        assert set(attrs) <= KEYS, (name, set(attrs) - KEYS)
        own = re.match("standard_run|zero_group|", str(name))[0] or "time"
        assert variable.dims == (own,), name
        if name == "time":
            assert attrs == {"standard_name": "time", "axis": "T"}
            continue
        assert attrs["long_name"], name
        if name in VARIABLES:
            assert attrs["units"] == VARIABLES[name].units
        if "flag_masks" in attrs:
            assert len(attrs["flag_masks"]) == len(attrs["flag_meanings"].split())
            assert variable.dtype == attrs["flag_masks"].dtype == np.int64
        elif CODED.fullmatch(str(name)):
            codes = attrs["flag_values"]
            assert len(codes) == len(attrs["flag_meanings"].split()), name
            assert variable.dtype == codes.dtype, name
            assert set(np.unique(variable)) <= set(codes.tolist()), name
            if re.search(r"_flag(_\w+)?$", str(name)):
                assert codes.tolist() == list(FLAG_VALUES.values())
        if str(name) in ("run_type", "run_label"):
            assert ("standard_name" in attrs) == (name == "run_type")
        for other in attrs.get("ancillary_variables", "").split():
            assert other in ds.variables


def complete(text):
    """A sample whose variables suffice for fCO2: what it lacks is absent."""
    platform = platforms.parse(text.encode(), "sample.toml")
    needed = ("SST", "T_equ", "salinity", "P_equ", "latitude", "longitude")
    lacking = [name for name in needed if name not in platform.variables]
    lines = "".join(f"{name} = {{ absent = true }}\n" for name in lacking)
    text = text.replace("dry = false", "dry = true")  # as if a dryer came before
    return text.replace("[variables]\n", f"[variables]\n{lines}", 1)


@pytest.mark.parametrize("sample", sorted(p.stem for p in SAMPLES.glob("*.toml")))
def test_variables_of_every_format(sample):
    text = complete((SAMPLES / f"{sample}.toml").read_text(encoding="utf-8"))
    platform = platforms.parse(text.encode(), f"{sample}.toml")
    files = [p for p in SAMPLES.glob(f"{sample}.*") if p.suffix != ".toml"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        streams = read(platform, files)
        for ds in streams.values():
            check(ds)
        ds = align(streams, platform)
        check(ds)
        for step in STEPS:
            ds = step(ds, platform)
            check(ds)
    assert {"time"} <= set(ds.coords) <= {"time", "latitude", "longitude"}


#: Variables of each demonstration but for flags and masks.
ADDED = {
    "demo_ship": """
        P_atm P_atm_raw P_atm_uncertainty P_equ P_equ_uncertainty SST
        SST_interpolation_uncertainty SST_type SST_uncertainty T_equ T_equ_uncertainty
        calibration_age calibration_intercept calibration_residual calibration_slope
        calibration_span_distance calibration_standards calibration_status
        calibration_uncertainty damaged delta_fCO2 delta_fCO2_uncertainty
        fCO2_atm_wet_actual fCO2_atm_wet_actual_uncertainty fCO2_atm_wet_interp
        fCO2_atm_wet_interp_uncertainty fCO2_water_SST_wet
        fCO2_water_SST_wet_uncertainty fCO2_water_Tequ_wet
        fCO2_water_Tequ_wet_uncertainty flushing gas_flow latitude longitude
        pCO2_atm_wet_actual pCO2_atm_wet_actual_uncertainty pCO2_atm_wet_interp
        pCO2_atm_wet_interp_uncertainty pCO2_water_SST_wet
        pCO2_water_SST_wet_uncertainty pCO2_water_Tequ_wet
        pCO2_water_Tequ_wet_uncertainty run_label run_type salinity
        salinity_interpolation_uncertainty salinity_type salinity_uncertainty
        source_file source_row standard standard_run_count standard_run_measured
        standard_run_residual standard_run_standard standard_run_std standard_run_time
        standard_run_true standard_run_used time warming water_flow wind_speed
        wind_speed_interpolation_uncertainty wind_speed_type xCO2 xCO2_atm_dry_actual
        xCO2_atm_dry_actual_uncertainty xCO2_atm_dry_interp
        xCO2_atm_dry_interp_uncertainty xCO2_calibrated xCO2_calibrated_uncertainty
        xCO2_water_Tequ_dry xCO2_water_Tequ_dry_uncertainty xH2O
    """,
    "demo_hydroc": """
        P_analyser P_equ P_equ_uncertainty SST SST_type SST_uncertainty T_gas
        calibration_k1 calibration_k2 calibration_k3 calibration_status damaged
        fCO2_water_SST_wet fCO2_water_SST_wet_uncertainty flushing latitude longitude
        pCO2_water_SST_wet pCO2_water_SST_wet_uncertainty run_type runtime salinity
        salinity_type salinity_uncertainty signal_detector signal_reference
        signal_zero source_file source_row state_flush state_zero time
        xCO2_water_SST_wet zero_group_count zero_group_position zero_group_signal
        zero_group_std zero_group_time
    """,
    "demo_mapco2": """
        P_analyser P_atm P_atm_uncertainty P_equ P_equ_uncertainty P_pump RH RH_span
        RH_span_type SST SST_uncertainty T_RH T_analyser calibration_status clock_fix
        cycle damaged delta_fCO2 delta_fCO2_uncertainty fCO2_atm_wet_actual
        fCO2_atm_wet_actual_uncertainty fCO2_atm_wet_interp
        fCO2_atm_wet_interp_uncertainty fCO2_water_SST_wet
        fCO2_water_SST_wet_uncertainty latitude longitude oxygen_percent oxygen_ratio
        pCO2_atm_wet_actual pCO2_atm_wet_actual_uncertainty pCO2_atm_wet_interp
        pCO2_atm_wet_interp_uncertainty pCO2_water_SST_wet
        pCO2_water_SST_wet_uncertainty run_label run_type salinity
        salinity_uncertainty source_file source_row span_coefficient span_reading
        span_residual span_status standard time xCO2 xCO2_atm_dry_actual
        xCO2_atm_dry_actual_delivered xCO2_atm_dry_actual_uncertainty
        xCO2_atm_dry_interp xCO2_atm_dry_interp_uncertainty xCO2_calibrated xCO2_std
        xCO2_water_SST_dry xCO2_water_SST_dry_delivered xCO2_water_SST_dry_uncertainty
        xH2O_gas zero_coefficient zero_reading zero_status
    """,
}


@pytest.mark.parametrize("name", ADDED)
def test_variables_of_every_instrument(name, tmp_path):
    simulate(name, days=1.0, folder=tmp_path)
    platform = platforms.load(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = align(read(platform, [tmp_path]), platform)
        check(ds)
        for step in STEPS:
            ds = step(ds, platform)
            check(ds)
    assert set(ADDED[name].split()) <= set(ds.variables)
    for variable in ds.data_vars:
        if str(variable).endswith("_flag"):
            base = str(variable).removesuffix("_flag")
            assert f"{base}_tests" in ds
            assert f"{base}_flag_automatic" in ds or base == "standard_run"


@pytest.fixture(scope="module")
def streams(tmp_path_factory):
    """Streams of a cruise whose thermometer at the intake has flags of its own."""
    folder = tmp_path_factory.mktemp("raw")
    simulate("demo_ship", days=0.5, folder=folder)
    out = dict(read(platforms.load("demo_ship"), [folder]))
    (name,) = [n for n, ds in out.items() if "SST" in ds and "T_equ_raw" not in ds][:1]
    codes = np.full(out[name].sizes["time"], 2, dtype=np.int8)
    codes[::7] = 4
    attrs = flag_attrs("SST", "delivered")
    out[name] = out[name].assign(SST_flag_delivered=("time", codes, attrs))
    return out


@pytest.mark.parametrize(
    ("changes", "keys"),
    [
        ({"lag_seconds": 0.0}, set()),
        ({"lag_seconds": 60.0}, {"lag_seconds"}),
        ({"lag_seconds": "auto"}, {"lag_seconds", "lag_source"}),
        ({"lag_seconds": 0.0, "group": "intake"}, {"sensor_group"}),
    ],
)
def test_variables_of_another_stream(streams, changes, keys):
    platform = platforms.load("demo_ship")
    groups = Alignment(groups=["intake", "analyser"])
    source = platform.variables["SST"].model_copy(update=changes)
    update = {"variables": platform.variables | {"SST": source}}
    if "group" in changes:
        update["alignment"] = groups
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ds = align(streams, platform.model_copy(update=update))
    check(ds)
    attrs = set(ds["SST"].attrs)
    possible = {"lag_seconds", "lag_source", "lag_uncertainty_seconds", "sensor_group"}
    assert keys <= attrs
    assert attrs & possible <= {*keys, "lag_uncertainty_seconds"}
    new = {"SST_type", "SST_around_flags", "SST_flag_delivered"}
    assert new | {"SST_interpolation_uncertainty"} <= set(ds.data_vars)
    assert set(np.unique(ds["SST_around_flags"])) == {0, 1}
