"""Each line of the summary, written by hand for numbers made by hand."""

import pytest

from oceanco2.summary import text


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, ""),
        (0.0, "0"),
        (999.94, "999.9"),
        (1000, "1000.0"),
        (-1000.04, "-1000.0"),
        (1234.56, "1234.6"),
        (0.000123456, "0.0001235"),
    ],
)
def test_numbers(value, written):
    assert text._format_number(value) == written


def test_degrees():
    assert text._degrees(0.0, "NS") == "0.000 N"
    assert text._degrees(-0.5, "NS") == "0.500 S"
    assert text._degrees(12.3456, "EW") == "12.346 E"
    assert text._degrees(-12.3456, "EW") == "12.346 W"


def test_table():
    rows = [("a", "bb", "c"), ("long", "x", "123")]
    assert text._table(rows, left=1).split("\n") == [
        "a     bb    c",
        "----  --  ---",
        "long   x  123",
    ]
    assert text._table(rows, left=2).split("\n")[2] == "long  x   123"


def test_header():
    numbers = {
        "platform": "Ship",
        "period": ("2020-01-01", "2020-01-02"),
        "rows": 1234,
        "run_types": {"water": 1000, "air": 234},
    }
    assert text._header_text(numbers) == (
        "Ship, 2020-01-01 to 2020-01-02\n1,234 rows: 1,000 water, 234 air"
    )
    numbers |= {"platform": "", "run_types": {}}
    assert text._header_text(numbers) == (
        "dataset, 2020-01-01 to 2020-01-02\n1,234 rows"
    )


def test_variables():
    made = text._variables_text(
        {
            "SST": {
                "values": 2,
                "units": "degC",
                "minimum": 1.0,
                "median": 2.0,
                "maximum": 3.0,
                "uncertainty": 0.05,
                "flags": {"good": 2000, "not_evaluated": 1},
            },
            "empty": {"values": 0},
            "other": {
                "values": 1,
                "units": "1",
                "minimum": 4.0,
                "median": 4.0,
                "maximum": 4.0,
            },
        }
    )
    head, _, first, second = made.split("\n")
    assert head.split("  ")[-1] == "not evaluated"
    assert "questionable" not in head
    assert first.split() == ["SST", "degC", "1", "2", "3", "0.05", "2,000", "1"]
    assert second.split() == ["other", "1", "4", "4", "4"]
    assert text._variables_text({"empty": {"values": 0}}) == ""
    assert text._variables_text({}) == ""


def test_flagged_rows_by_test():
    variables = {
        "SST": {"tests": {"range_check": 1200, "missing": 3, "input": 2}},
        "P_equ": {"tests": {"range_check": 1}},
        "no_tests": {},
        **{
            name: {"tests": {"spike": 5}}
            for name in (
                *("solubility", "transfer_velocity", "fCO2_atm_wet_flux"),
                *("pCO2_water_SST_wet", "xCO2_atm_dry", "fCO2_water_Tequ_wet"),
            )
        },
    }
    assert text._tests_text(variables).split("\n") == [
        "test         flagged rows",
        "-----------  ------------------",
        "range check  SST 1,200, P_equ 1",
    ]
    assert text._tests_text({"SST": {"tests": {"missing": 3}}}) == ""
    many = {f"variable_{i:02}": {"tests": {"spike": 1}} for i in range(20)}
    lines = text._tests_text(many).split("\n")
    assert all(len(line) <= 118 for line in lines)
    assert lines[3].startswith(" " * 7 + "variable")


def test_standards():
    gas = {
        "xCO2": 400.0,
        "runs": 5,
        "used": 4,
        "mean_difference": 0.5,
        "drift": 0.25,
        "drift_per_day": None,
        "residual": 0.1,
        "longest_gap_hours": 12.345,
    }
    lines = text._standards_text([gas]).split("\n")
    assert lines[2].split() == [
        "400",
        "umol",
        "mol-1",
        "5",
        "4",
        "0.5",
        "0.25",
        *("0.1", "12.3", "h"),
    ]
    assert lines[0].split("  ")[0] == "standard"
    assert text._standards_text([gas | {"longest_gap_hours": None}]).endswith("0.1")
    assert text._standards_text([]) == ""


def test_coverage():
    coverage = {"samples": 0, "days": 1.0}
    assert text._coverage_text(coverage) == ""
    coverage |= {"samples": 1000}
    assert text._coverage_text(coverage) == "1,000 water samples in 1.00 days"
    coverage |= {
        "interval_minutes": 2.5,
        "share_of_time": 0.876,
        "gaps": {"number": 0, "longest": []},
    }
    assert text._coverage_text(coverage) == (
        "1,000 water samples in 1.00 days, one every 2.5 min\n"
        "87.6 % of the time covered, 0 gaps"
    )
    longest = [{"hours": 3.0, "start": "T1"}, {"hours": 2.0, "start": "T2"}]
    coverage["gaps"] = {"number": 2, "longest": longest}
    assert text._coverage_text(coverage).endswith("2 gaps, the longest 3.0 h from T1")
    coverage |= {"south": -1.0, "north": 2.0, "west": -3.0, "east": 4.0}
    coverage |= {"distance_km": 12345.6}
    line = "1.000 S to 2.000 N, 3.000 W to 4.000 E; 12,346 km sailed"
    assert text._coverage_text(coverage).split("\n")[-1] == line
    coverage["speed"] = {"median": 9.5, "maximum": 20.25}
    assert text._coverage_text(coverage).split("\n")[-1] == (
        f"{line}; speed 9.5 kn, at most 20.2 kn"
    )


def test_shares_and_manual_flags():
    assert text._shares_text({}) == ""
    shares = {"values": 1500, "by_flag": {"good": 0.9, "bad": 0.1}}
    assert text._shares_text(shares) == (
        "fCO2 of the water, 1,500 values: 90.00 % good, 10.00 % bad"
    )
    assert text._manual_text({"variables": {}, "lines": 0}) == ""
    entry = {"flags": {"bad": 1000, "good": 1}}
    assert text._manual_text({"variables": {"SST": entry}, "lines": 3}) == (
        "manual flags (3 entries): SST 1,001"
    )


def test_warming():
    assert text._warming_text(None) == ""
    warming = {
        "median": 0.1234,
        "minimum": -0.5,
        "maximum": 3.25,
        "share_above_1": 0.125,
        "share_above_3": 0.01,
        "rate_95_percent": None,
    }
    line = (
        "warming: median 0.123 degC, -0.500 to 3.250; beyond 1 degC 12.5 %,"
        " beyond 3 degC 1 %"
    )
    assert text._warming_text(warming) == line
    assert text._warming_text(warming | {"rate_95_percent": 0.0}) == (
        f"{line}; 95 % of the hours change by less than 0 degC/h"
    )
    cold = text._warming_text(warming | {"median": -0.055, "rate_95_percent": 0.0})
    assert cold.endswith(
        " beyond 3 degC 1 %; colder than the sea: T_equ and SST may be exchanged;"
        " 95 % of the hours change by less than 0 degC/h"
    )
    assert "exchanged" not in text._warming_text(warming | {"median": 0.0})


def test_results_that_came_with_the_file():
    assert text._delivered_text([]) == ""
    fit = {"rows": 1234, "median": 0.25, "percentile_95": 1.5, "largest": 22.125}
    fit |= {"share": 0.5, "tolerance": 0.0625}
    water = {"variable": "fCO2", "computed": "fCO2", "fit": fit, "better": ""}
    water |= {"accepted": False}
    named = water | {"variable": "pCO2", "better": "They agree"}
    assert text._delivered_text([water]).splitlines() == [
        "computed - delivered   rows  median   95 %  largest   agree  within",
        "--------------------  -----  ------  -----  -------  ------  ------",
        "fCO2                  1,234  +0.250  1.500   22.125  50.0 %   0.062",
    ]
    lines = text._delivered_text([water | {"accepted": True}, named]).splitlines()
    assert lines[4:] == [
        "fCO2: differs, as the platform file says",
        "pCO2: has the values of fCO2",
        "pCO2: They agree",
    ]


def test_flux():
    flux = {"mean": None, "units": "U", "rows": 1000, "references": ""}
    assert text._flux_text(flux) == "flux: no row with a good value"
    for mean, direction in ((1.5, "out of"), (-1.5, "into")):
        assert text._flux_text(flux | {"mean": mean}) == (
            f"flux: mean {mean} U, {direction} the ocean, 1,000 good rows"
        )
    flux |= {"mean": 1.0, "uncertainty": 0.5, "uncertainty_systematic": 0.25}
    assert text._flux_text(flux | {"references": "R"}).endswith(
        "; one row +- 0.5, of which 0.25 is shared by all rows\n      R"
    )
