"""The whole text of a small enhanced file, and where its columns come from."""

import numpy as np
import pytest

from oceanco2.export import write
from oceanco2.physics import fco2rec
from oceanco2.provenance import package_version
from oceanco2.registry import FORMATS
from oceanco2.socat.columns import COLUMNS, HEADERS
from oceanco2.socat.upload import enhanced
from oceanco2.socat.upload.enhanced import EnhancedOptions, records
from tests.socat.upload.small import VALUES, small

SEARCH = "For the meaning of QC_Flag, fCO2rec_src and fCO2rec_flag see Bakker et al."
PAPER = "(2016), Earth System Science Data, 8(2), 383-413, doi:10.5194/essd-8-383-2016"
CELLS = {
    "longitude": "10.50000",
    "latitude": "-30.12346",
    "sal": "35.100",
    "SST": "18.123",
    "Tequ": "18.500",
    "PPPP": "1012.500",
    "Pequ": "1010.250",
    "xCO2water_equ_dry": "380.123",
    "pCO2water_equ_wet": "370.500",
    "pCO2water_SST_wet": "365.250",
    "fCO2water_equ_wet": "369.500",
    "fCO2water_SST_wet": "364.125",
    "fCO2rec_src": "1",
}


def units(name):
    column = next(c for c in COLUMNS if c.name == name)
    shown = f" [{column.units}]" if column.units not in ("", "1") else ""
    return f"{column.long_name}{shown}"


@pytest.mark.parametrize("every", [True, False])
def test_a_small_file(tmp_path, monkeypatch, every):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    kind = "socat_enhanced" if every else "socat_synthesis"
    attrs = {"dataset_name": "Name", "references": "Paper", "doi": "10.1/a"}
    path = write(small().assign_attrs(attrs), tmp_path / "e.tsv", format=kind)
    made = f"Made by oceanco2 {package_version()}, not by SOCAT, in the form of its"
    if every:
        head = [
            "Expocode: 99ZZ20240301",
            "version: N/A",
            "Dataset Name: Name",
            "Platform Name: R/V Orsted",
            "Principal Investigator(s): Nobody, N.; Son, E.",
            "DOI for the original data: 10.1/a",
            "DOI of the entire SOCAT collection: N/A",
            "Supplemental documentation reference(s): Paper",
            "Longitude range: 10.50E to 10.50E",
            "Latitude range: 30.12S to 30.12S",
            "Time range: 2024-03-01 to 2024-03-01",
            "Data set QC flag: B",
        ]
        end = [
            "This is a report of all data points, including those with missing",
            "recomputed fCO2 values and those of WOCE flag 3 (questionable)"
            " or 4 (bad).",
        ]
    else:
        cells = ["99ZZ20240301", "N/A", "Name", "R/V Orsted", "Nobody, N.; Son, E."]
        cells += ["10.1/a", "Paper", "10.50E", "10.50E", "30.12S", "30.12S"]
        cells += ["2024-03-01", "2024-03-01", "B", ""]
        head = [
            "DOI of the entire SOCAT collection: N/A",
            "SOCAT data for the following data sets:",
            "\t".join(enhanced._TABLE),
            "\t".join(cells),
        ]
        end = [
            "This is a report of only data points with recomputed fCO2 values",
            "which were deemed acceptable (WOCE flag 2).",
        ]
    expected = [
        "SOCAT data report created: 2023-11-14 22:13 +0000",
        f"{made} files",
        *head,
        "",
        "Explanation of data columns:",
        *(f"{c.name}: {units(c.name)}" for c in COLUMNS),
        "",
        "Missing values are indicated by 'NaN'",
        "",
        *(SEARCH, PAPER),
        "",
        *end,
        "",
        "\t".join(HEADERS),
    ]
    lines = path.read_text().split("\n")
    assert lines[: len(expected)] == expected
    rows = [("00", "00", "2"), ("02", "30", "3"), ("22", "32", "2")]
    result = fco2rec(
        **{
            **{"sst": 18.123, "t_equ": 18.5, "salinity": 35.1, "p_equ": 1010.25},
            "xco2_equ_dry": 380.123,
        }
    )[0]
    cells = CELLS | {"fCO2rec": f"{float(result):.3f}"}
    texts = []
    for minute, second, flag in rows if every else (rows[0], rows[2]):
        own = {"mm": minute, "ss": f"{second}.", "fCO2rec_flag": flag}
        own |= {"Expocode": "99ZZ20240301", "version": "N/A", "Source_DOI": "10.1/a"}
        own |= {"QC_Flag": "B", "yr": "2024", "mon": "03", "day": "01", "hh": "06"}
        texts.append("\t".join((cells | own).get(c.name, "NaN") for c in COLUMNS))
    assert lines[len(expected) :] == [*texts, ""]


def test_the_columns_of_the_table():
    names = ["Expocode", "version", "Dataset Name", "Platform Name", "PI(s)"]
    names += ["Data Source DOI", "Data Source Reference", "Westmost Longitude"]
    names += ["Eastmost Longitude", "Southmost Latitude", "Northmost Latitude"]
    names += ["Start Time", "End Time", "QC Flag", "Additional Metadata Document(s)"]
    assert list(enhanced._TABLE) == names


def test_records():
    found = records(small())
    assert (found.expocode, found.version, found.doi) == ("99ZZ20240301", "N/A", "N/A")
    assert found.flag == "B"
    assert found.left_out == {"air runs": 1}
    assert found.notes == (
        "NaN, as not available: WOA_SSS, NCEP_SLP, ETOPO2_depth, dist_to_land, GVCO2",
    )
    assert found.about == {
        "name": "N/A",
        "platform": "R/V Orsted",
        "investigators": "Nobody, N.; Son, E.",
        "reference": "N/A",
    }
    assert found.time.dtype == "datetime64[ms]"
    names = {c.name for c in COLUMNS if c.kind == "number" or c.name in CELLS}
    assert set(found.columns) == (names | {"fCO2rec", "fCO2rec_flag"}) - {"ss"}
    for name, variable in enhanced.MEASURED.items():
        expected = VALUES.get(variable, np.nan)
        np.testing.assert_allclose(found.columns[name], expected, atol=5.1e-4)


def test_options_of_records():
    bare = small()
    del bare.attrs["suggested_flag"]
    assert records(bare).flag == "N"
    options = EnhancedOptions(version="3.0U", doi="10.9/z", flag="A")
    found = records(small().assign_attrs(doi="10.1/a"), options)
    assert (found.version, found.doi, found.flag) == ("3.0U", "10.9/z", "A")
    assert records(small().assign_attrs(doi="10.1/a")).doi == "10.1/a"
    assert EnhancedOptions() == EnhancedOptions("N/A", None, None, None, None, None)


@pytest.mark.parametrize("name", enhanced.ANCILLARY)
def test_columns_of_the_dataset_where_no_file_is_given(name):
    ds = small()
    ds[name] = ("time", [1.25, 2.25, np.nan, 9.25])
    found = records(ds)
    decimals = next(c.decimals for c in COLUMNS if c.name == name)
    expected = [round(1.25, decimals), round(2.25, decimals)]
    assert found.columns[name].tolist()[:2] == expected
    assert np.isnan(found.columns[name][2])
    others = [other for other in enhanced.ANCILLARY if other != name]
    assert found.notes == (f"NaN, as not available: {', '.join(others)}",)


def test_longitudes_are_east_of_greenwich():
    ds = small()
    ds["longitude"].to_numpy()[:] = -0.25
    assert records(ds).columns["longitude"].tolist() == [359.75] * 3


def test_how_the_formats_are_listed():
    for name in ("socat_enhanced", "socat_synthesis"):
        entry = FORMATS[name]
        assert entry.suffix == ".tsv"
        assert entry.reference == "doi:10.5194/essd-8-383-2016"
        assert list(entry.options) == ["version", "doi", "flag", "woa", "ncep", "gvco2"]
