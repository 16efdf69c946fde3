"""What each built-in reader says about itself: columns, run types, options."""

import pytest

from oceanco2.platforms import FileDefinition, Time
from oceanco2.readers import READERS
from oceanco2.readers.times import TIMESTAMP

BUOY = {
    "zero*": "zero",
    "span*": "span",
    "equil on": "ignored",
    "equil off": "water",
    "air on": "ignored",
    "air off": "air",
    "unplaced": "ignored",
}
#: Readers of tables in which the operator may have typed the gas standards.
WITH_STANDARDS = ("general_oceanics", "delimited", "netcdf", "spreadsheet")
SHORT = {"GO TO SLEEP", "FILTER", "SHUT DOWN", "WAKE UP", "IGN", "EMERGENCY STOP"}
STAMPED = ([], [TIMESTAMP])
#: Reader: proven on real files, columns of the time (texts, numbers).
READ = {
    "asvco2": (False, (["time", "state"], [])),
    "contros_ferrybox": (True, (["Timestamp"], [])),
    "contros_table": (False, ([], [])),
    "delimited": (True, ([], [])),
    "general_oceanics": (True, (["PC Date", "PC Time", "GPS date", "gps time"], [])),
    "mapco2": (True, (["run start", "minute", "fix date", "fix time"], [])),
    "mapco2_csv": (True, (["Date", "Time"], [])),
    "netcdf": (True, STAMPED),
    "pangaea": (True, (["Date/Time"], [])),
    "pro_oceanus": (True, (["instrument time"], [])),
    "saildrone_json": (False, STAMPED),
    "sami": (True, STAMPED),
    "seabird_cnv": (False, STAMPED),
    "socat": (True, ([], ["yr", "mon", "day", "hh", "mm", "ss"])),
    "spreadsheet": (True, ([], [])),
    "subctech": (True, (["DATE", "TIME"], ["FRAC", "GPS Time"])),
}
RUNS = {
    "asvco2": (("state",), BUOY | {"dry": "ignored"}),
    "general_oceanics": (
        ("Type",),
        {
            "EQU": "water",
            "ATM": "air",
            "STD*": "standard",
            "STD*z": "zero",
            "STD*s": "span",
            "*-DRAIN": "same",
            **dict.fromkeys(SHORT, "ignored"),
        },
    ),
    "mapco2": (
        ("state",),
        BUOY | dict.fromkeys(("DEPL *", "RECV *", "POSO *", "STSF *"), "ignored"),
    ),
    "pro_oceanus": (("state",), {"W": "water", "A": "air"}),
    "sami": (("kind",), {"measurement": "water", "blank": "zero"}),
    "subctech": (
        ("STATUS",),
        dict.fromkeys(("1", "15", "18"), "standard")
        | {"2": "zero", "5": "water", "22": "air", "*": "ignored"},
    ),
}
OPTIONS = {
    "general_oceanics": {"clock", "offset_seconds"},
    "mapco2": {"offset_seconds"},
    "netcdf": {"time"},
    "spreadsheet": {"sheet"},
}
PLAIN = {name: {"column": name} for name in ("latitude", "longitude")}
PACKED = {
    name.lower(): {"column": name, "format": "ddmm.mmmm"}
    for name in ("Latitude", "Longitude")
}
POSITION = {
    "general_oceanics": PLAIN,
    "mapco2": PLAIN,
    "mapco2_csv": PLAIN,
    "subctech": PACKED,
}
#: Variables of a published MAPCO2 table: units, other column, column of flags.
OFFERED = {
    "SST": ("degree_Celsius", None, None),
    "salinity": ("1", None, None),
    "sample_depth": ("m", None, None),
    "T_analyser": ("degree_Celsius", None, None),
    "oxygen_percent": ("percent", None, None),
    "P_atm": ("hPa", None, None),
    "P_equ": ("hPa", "P_atm", None),
    "xCO2_water_SST_wet": ("umol mol-1", None, None),
    "xCO2_atm_wet_actual": ("umol mol-1", None, None),
    "xH2O_water": ("mmol mol-1", None, None),
    "xH2O_atm": ("mmol mol-1", None, None),
    "xCO2_water_SST_dry": ("umol mol-1", None, "QF water"),
    "xCO2_atm_dry_actual": ("umol mol-1", None, "QF air"),
    "fCO2_water_SST_wet_delivered": ("uatm", "fCO2_water_SST_wet", None),
    "fCO2_atm_wet_actual_delivered": ("uatm", "fCO2_atm_wet_actual", None),
    "delta_fCO2_delivered": ("uatm", "delta_fCO2", None),
    "pCO2_water_SST_wet_delivered": ("uatm", "pCO2_water_SST_wet", None),
    "pCO2_atm_wet_actual_delivered": ("uatm", "pCO2_atm_wet_actual", None),
}
every = pytest.mark.parametrize("name", READ)


def described(sources):
    return {k: s.model_dump(exclude_defaults=True) for k, s in sources.items()}


@every
def test_columns_and_run_types(name):
    entry = READERS[name]
    columns, runs = RUNS.get(name, ((), {}))
    assert (entry.name, entry.proven) == (name, READ[name][0])
    assert (tuple(entry.run_columns), dict(entry.runs)) == (columns, runs)
    assert set(entry.short_runs) == (SHORT if name == "general_oceanics" else set())
    assert set(entry.options) == OPTIONS.get(name, set())
    more = ("std val",) if name in WITH_STANDARDS else ()
    assert tuple(entry.more_columns) == more


@every
def test_positions_and_variables_that_a_format_names_itself(name):
    entry = READERS[name]
    assert described(entry.position) == POSITION.get(name, {})
    offered = {
        key: {"column": column or key, "units": units}
        | ({"flag": flag} if flag else {})
        for key, (units, column, flag) in OFFERED.items()
    }
    assert described(entry.offers) == (offered if name == "mapco2_csv" else {})


@every
def test_what_a_reader_does_besides_reading(name):
    entry = READERS[name]
    assert (entry.together is not None) == (name == "asvco2")
    assert (entry.clocks is not None) == (name in ("mapco2", "subctech"))
    assert (entry.inspect is not None) == (name in WITH_STANDARDS)
    assert (entry.sniff is None) == (name == "delimited")
    assert (entry.texts is not None) == (name == "spreadsheet")
    plain = {"delimited", "pangaea", "netcdf", "mapco2_csv", "spreadsheet"}
    assert bool(entry.drafted) == (name not in plain)
    silent = {*plain, "socat", "saildrone_json"}
    assert (entry.draft_tables is None) == (name in silent)


@every
def test_columns_of_the_time(name):
    """Those of the format, unless the platform file describes the time."""
    entry = READERS[name]
    texts, numbers = entry.time_columns(FileDefinition(reader=name))
    assert (list(texts), list(numbers)) == READ[name][1]
    if name not in ("asvco2", "general_oceanics", "mapco2", "subctech"):
        time = Time(date="D", date_format="%Y%m%d", day_fraction="F")
        definition = FileDefinition(reader=name, time=time)
        texts, numbers = entry.time_columns(definition)
        assert (list(texts), list(numbers)) == (["D"], ["F"])
