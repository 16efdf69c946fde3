"""Metadata documents: made from datasets, written, read again, what they lack."""

import json
import xml.etree.ElementTree as ET
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceanco2 import platforms
from oceanco2.errors import ProcessingError, ReadError, UnknownNameError
from oceanco2.socat.criteria.suggestion import suggest_flag
from oceanco2.socat.document import (
    document_of,
    faults_of,
    gaps,
    metadata_bytes,
    read_document,
)
from oceanco2.socat.document.missing import missing_items
from oceanco2.socat.document.model import (
    Document,
    Equilibrator,
    Funding,
    GasSensor,
    Person,
    Platform,
    Quantity,
    Variable,
)
from oceanco2.socat.document.oads import quantity_of, split_volumes
from oceanco2.socat.upload import socat_upload
from oceanco2.socat.upload.options import UploadOptions
from oceanco2.socat.upload.submit import describe_dataset, with_platform
from tests.datasets import canonical_dataset

DEMO = platforms.available()["demo_ship"].read_text()


def demo_dataset(text=DEMO):
    platform = platforms.parse(text.encode(), "demo.toml")
    return with_platform(canonical_dataset(), platform)


def described(ds):
    upload = socat_upload(ds)
    return describe_dataset(ds, upload, UploadOptions()), upload.columns


def written(document, tmp_path, name):
    path = tmp_path / f"{name}.xml"
    path.write_bytes(metadata_bytes(document, name))
    return path


# ---- from the dataset ---------------------------------------------------------------


def test_the_complete_example_lacks_nothing_and_is_worth_b():
    document, columns = described(demo_dataset())
    assert gaps(document, columns) == []
    names = [(header, "") for header, _ in columns]
    assert suggest_flag(document, names[:0]).flag == "B"
    assert suggest_flag(document).reasons == ()


def test_statistics_of_the_data_set():
    ds = demo_dataset()
    document, _ = described(ds)
    assert (document.start, document.end) == ("2024-03-01", "2024-03-01")
    water = ds["run_type"].to_numpy() == 1
    lat = ds["latitude"].to_numpy()[water]
    assert float(document.south) == pytest.approx(lat.min(), abs=1e-5)
    assert float(document.north) == pytest.approx(lat.max(), abs=1e-5)
    by_name = {v.column: v for v in document.variables}
    assert by_name["fCO2_water_SST_wet"].accuracy == Quantity("1.5", "uatm")
    assert by_name["SST"].accuracy == Quantity("0.02", "deg C")
    assert by_name["SST"].instrument_names == ("SBE38",)
    assert by_name["fCO2_water_SST_wet"].computed
    assert not by_name["xCO2_water_Tequ_dry"].computed
    assert (
        by_name["xCO2_water_Tequ_dry"].report_temperature == "equilibrator temperature"
    )
    (sensor,) = (i for i in document.instruments if isinstance(i, GasSensor))
    assert [g.concentration.value for g in sensor.gases] == [0, 248.42, 374.86, 501.27]
    assert sensor.gases[1].supplier == "NOAA GML"
    # Each of the four standards of the fixture is run every twelve hours.
    assert sensor.frequency == "every 12.0 hours"


def test_across_the_date_line_and_beyond_180():
    ds = canonical_dataset(30)
    lon = np.linspace(179.9, 180.2, 30)
    document, _ = described(
        ds.assign_coords(longitude=("time", lon, ds["longitude"].attrs))
    )
    assert float(document.west) == pytest.approx(179.9)
    assert float(document.east) == pytest.approx(-179.8, abs=0.02)


def test_names_of_people_and_organisations():
    ds = canonical_dataset(30)
    document, _ = described(ds)
    first, second = document.investigators
    assert (first.first, first.last) == ("N.", "Nobody")
    assert first.organization == "Example Institute"
    assert second.organization == "Åbo Akademi"
    assert document.submitter == first
    other = json.dumps({"people": [{"name": "Ann Other", "email": "a@b.c"}]})
    document, _ = described(ds.assign_attrs(submitter="Ann Other", set_up=other))
    assert document.submitter.name == "Other, Ann"
    assert document.submitter.email == "a@b.c"
    assert document.submitter.organization == "Example Institute"


def test_a_stated_accuracy_wins():
    ds = demo_dataset().assign_attrs(fCO2_accuracy=4.0)
    document, _ = described(ds)
    by_name = {v.column: v for v in document.variables}
    assert by_name["fCO2_water_SST_wet"].accuracy == Quantity("4", "uatm")


def test_flows_come_from_the_data_where_the_platform_file_has_none():
    text = DEMO.replace("water_flow = 2.0 ", "# ").replace("gas_flow = 0.07 ", "# ")
    ds = demo_dataset(text)
    n = ds.sizes["time"]
    ds["water_flow"] = ("time", np.full(n, 2.5))
    ds["gas_flow"] = ("time", np.full(n, 62.0))
    document, _ = described(ds)
    (vessel,) = (i for i in document.instruments if isinstance(i, Equilibrator))
    assert (vessel.water_flow, vessel.gas_flow) == ("2.5 L/min", "62 mL/min")


@pytest.mark.parametrize(
    ("line", "item", "key"),
    [
        (
            'email = "nobody@example.org"\n',
            "submitter: e-mail",
            "[[metadata.people]] email",
        ),
        ('address = "1 Nowhere', "submitter: street", "[[metadata.people]] address"),
        ('type = "showerhead"\n', ": type", "[equilibrator] type"),
        ("water_volume = 0.6 ", "water volume", "[equilibrator] water_volume"),
        ("gas_volume = 0.8 ", "gas volume", "[equilibrator] gas_volume"),
        ("vented = true\n", "venting", "[equilibrator] vented"),
        (
            'manufacturer = "LI-COR"\n',
            "LI-7000: manufacturer",
            "[sensors.LI-7000] manufacturer",
        ),
        ('model = "SBE 38"\n', "analyser SBE38: model", "[sensors.SBE38] model"),
        ('calibration = "against', "PT100: calibration", "[sensors.PT100] calibration"),
        (
            'supplier = "Nobody Gases"\n',
            "STD1: supplier",
            "[[standards]] supplier, of STD1",
        ),
        (
            'sensor = "SBE45", ',
            "Salinity: names of instruments",
            "[variables.salinity] sensor",
        ),
    ],
)
def test_what_is_missing_is_named_with_the_key_that_would_fill_it(line, item, key):
    start = DEMO.index(line)
    end = start + len(line)
    if not line.endswith(("\n", ", ")):
        end = DEMO.index("\n", start)
    ds = demo_dataset(DEMO[:start] + DEMO[end:])
    document, columns = described(ds)
    found = gaps(document, columns, ds)
    assert any(item in gap.item and key in gap.key for gap in found), found
    assert {gap.item for gap in found} == set(missing_items(document))
    # A document that lacks something is worth no more than a D.
    assert suggest_flag(document).flag in "DS"


def test_every_gap_has_a_key_even_without_a_platform_file():
    document, columns = described(canonical_dataset())
    found = gaps(document, columns)
    assert len(found) > 20
    assert all(gap.key.strip() and gap.key != "[metadata]" for gap in found), found
    assert all("{" not in gap.key for gap in found)


def test_keys_name_the_variable_that_the_platform_file_has():
    ds = canonical_dataset(30)
    for variables, key in (
        ({"xCO2": {}}, "[variables.xCO2] sensor"),
        ({"signal_detector": {}}, "[variables.signal_detector] sensor"),
        ({"xCO2": {"sensor": "LI"}}, "[sensors.LI] manufacturer"),
    ):
        set_up = json.dumps({"variables": variables})
        one = ds.assign_attrs(set_up=set_up)
        document, columns = described(one)
        keys = [gap.key for gap in gaps(document, columns, one)]
        assert any(key in text for text in keys), (key, keys)


def test_the_attribute_of_another_program_is_refused():
    for wrong in ("{not json", "[1]", "7"):
        with pytest.raises(ProcessingError, match="set_up"):
            described(canonical_dataset(30).assign_attrs(set_up=wrong))


# ---- writing and reading ------------------------------------------------------------


@pytest.mark.parametrize("name", ["oads", "ocads"])
def test_what_is_written_is_valid_and_complete(tmp_path, name):
    document, _ = described(demo_dataset())
    path = written(document, tmp_path, name)
    assert faults_of(path) == []
    again = read_document(path)
    assert again.format == {"oads": "OADS a0.2.2s", "ocads": "OCADS v4.6"}[name]
    assert missing_items(again) == ()
    assert suggest_flag(again).flag == "B"
    whole = {f.name for f in fields(Document)} - {"format", "instruments", "variables"}
    if name == "ocads":  # no place of its own for methods there
        whole -= {"methods", "supplement"}
        assert again.supplement == f"Methods: {document.methods}"
    for field in whole:
        assert getattr(again, field) == getattr(document, field), field
    kept = ("column", "full_name", "unit", "group", "observation_type", "method")
    kept += ("computed", "accuracy", "instrument_names", "report_temperature")
    kept += ("flag_column", "standardization", "method_reference", "pco2_method")
    kept += ("fco2_method", "temperature_correction", "vapour_correction")
    for before, after in zip(document.variables, again.variables, strict=True):
        for field in kept:
            assert getattr(after, field) == getattr(before, field), (
                before.column,
                field,
            )


def test_same_document_same_bytes(monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    document, _ = described(demo_dataset())
    for name in ("oads", "ocads"):
        assert metadata_bytes(document, name) == metadata_bytes(document, name)
        assert b"2023-11-14" in metadata_bytes(document, name)
    with pytest.raises(UnknownNameError, match="Did you mean 'ocads'"):
        metadata_bytes(document, "ocad")


def test_an_empty_document_is_written_and_lacks_everything(tmp_path):
    bare = Document(start="2024-03-01", end="2024-03-02", platforms=(Platform(),))
    bare = replace(bare, variables=(Variable(column="x"),))
    for name in ("oads", "ocads"):
        path = written(bare, tmp_path, name)
        assert faults_of(path) == []
        assert "variable of CO2 in sea water" in missing_items(read_document(path))


words = st.text(st.characters(codec="utf-8"), max_size=20)
line = words.map(
    lambda text: " ".join("".join(c for c in text if c.isprintable()).split())
)
numbers = st.floats(0.001, 100).map(lambda x: Quantity(f"{x:.4g}", "uatm"))
people = st.builds(
    Person, first=line, last=line, organization=line, street=line, email=line
)
columns = st.builds(
    Variable,
    column=st.sampled_from(["SST", "P_equ", "fCO2_water_SST_wet", "xCO2_atm_interp"]),
    full_name=line,
    unit=st.just("uatm"),
    observation_type=st.sampled_from(["underway", "time series"]),
    accuracy=numbers,
)
documents = st.builds(
    Document,
    title=line,
    abstract=line,
    submitter=people,
    investigators=st.lists(people, min_size=1, max_size=3).map(tuple),
    platforms=st.tuples(st.builds(Platform, name=line, owner=line, country=line)),
    variables=st.lists(columns, min_size=1, max_size=4).map(tuple),
    funding=st.lists(st.builds(Funding, agency=line, title=line), max_size=2).map(
        lambda all_: tuple(f for f in all_ if f.agency)
    ),
    start=st.just("2024-03-01"),
    end=st.just("2024-03-03"),
    west=st.just("-12.5"),
)


@settings(max_examples=40, deadline=None)
@given(document=documents, name=st.sampled_from(["oads", "ocads"]))
def test_texts_of_any_letters_come_back(tmp_path_factory, document, name):
    path = written(document, tmp_path_factory.mktemp("x"), name)
    assert faults_of(path) == []
    again = read_document(path)
    for field in ("title", "abstract", "platforms", "funding", "start", "end", "west"):
        assert getattr(again, field) == getattr(document, field), field
    if name == "oads":
        assert again.submitter == document.submitter
        assert again.investigators == document.investigators
    for before, after in zip(document.variables, again.variables, strict=True):
        assert after.accuracy.value == pytest.approx(before.accuracy.value)
        assert (after.column, after.full_name) == (before.column, before.full_name)


# ---- documents of others ------------------------------------------------------------


def test_real_oads_documents(reference_data):
    """Facts of real documents."""
    document = read_document(reference_data / "socat" / "OADS_11SS20220801.xml")
    assert document.submitter.name == "Gkritzalis, Thanos"
    assert document.platforms[0].identifier_type == "IMO"
    assert document.west == "2.442"
    names = [v.column for v in document.variables]
    assert names[:2] == ["X12CO2_dry", "pCO2water_SST_wet"]
    water = document.variables[1]
    assert water.group == "water_co2"
    assert water.accuracy.value == 2.0
    assert water.report_temperature == "eq and SST"
    vessel, sensor = document.instruments
    assert (vessel.water_volume, vessel.venting) == ("3", "Vented")
    assert vessel.temperature_accuracy.value == 0.01
    assert vessel.pressure_accuracy == Quantity("0.1", "hPa")
    assert (sensor.manufacturer, sensor.model) == ("LICOR", "7815")
    assert [g.wmo_traceable for g in sensor.gases] == ["Yes"] * 3
    missing = missing_items(document)
    assert any("concentration" in item for item in missing)
    other = read_document(reference_data / "socat" / "OADS_a0.2.2s_740H20200119.xml")
    assert other.dataset_id == "740H20200119"
    assert other.cruise_ids == ("JC191",)
    assert len(other.platforms) == 2


def test_sample_of_ocads(reference_data):
    path = reference_data / "socat" / "OCADS_v4.6_sample_variables_1.xml"
    document = read_document(path)
    (water,) = (v for v in document.variables if v.group == "water_co2")
    assert water.column == "Y"
    assert water.intake_location == "vzWN6NQkE"
    sensors = [i for i in document.instruments if isinstance(i, GasSensor)]
    assert len(sensors) == 2  # of discrete and of continuous CO2
    assert [gas.name for gas in sensors[1].gases] == ["UUOE8uY", "xcOqrK"]


OME = """<x_tags>
 <User><Name>Ann Other</Name><Organization>Inst</Organization>
  <Address>Street 1</Address><Email>a@b.c</Email></User>
 <Investigator><Name>Nobody, N.</Name><Organization>Inst</Organization></Investigator>
 <Cruise_Info><Experiment><Experiment_Name>Leg</Experiment_Name>
   <Platform_Type>Ship</Platform_Type>
   <Cruise><Cruise_ID>33RO20100308</Cruise_ID><Geographical_Coverage><Bounds>
     <Westernmost_Longitude>-12.5</Westernmost_Longitude>
     <Northernmost_Latitude>5</Northernmost_Latitude></Bounds></Geographical_Coverage>
    <Temporal_Coverage><Start_Date>20100308</Start_Date></Temporal_Coverage></Cruise>
  </Experiment>
  <Vessel><Vessel_Name>Ronald H. Brown</Vessel_Name><Vessel_ID>33RO</Vessel_ID></Vessel>
 </Cruise_Info>
 <Variables_Info>
  <Variable><Variable_Name>xCO2_EQU_ppm</Variable_Name>
   <Description_of_Variable>xCO2</Description_of_Variable>
   <Unit_of_Variable>ppm</Unit_of_Variable></Variable>
  <Variable><Variable_Name>SST_C</Variable_Name>
   <Description_of_Variable>SST</Description_of_Variable>
   <Unit_of_Variable>degC</Unit_of_Variable></Variable>
 </Variables_Info>
 <Method_Description>
  <Equilibrator_Design><Equilibrator_Type>Spray</Equilibrator_Type>
   <Equilibrator_Volume>0.95 L (0.4 L water, 0.55 L headspace)</Equilibrator_Volume>
   <Water_Flow_Rate>2 L/min</Water_Flow_Rate>
   <Headspace_Gas_Flow_Rate>70 ml/min</Headspace_Gas_Flow_Rate><Vented>Yes</Vented>
  </Equilibrator_Design>
  <CO2_Sensors><CO2_Sensor><Measurement_Method>IR</Measurement_Method>
   <Manufacturer>LI-COR</Manufacturer><Model>LI-6262</Model>
   <Uncertainty_Water>2</Uncertainty_Water>
   <Manufacturer_of_Calibration_Gas>NOAA</Manufacturer_of_Calibration_Gas>
   <No_Of_Non_Zero_Gas_Stds>3</No_Of_Non_Zero_Gas_Stds>
   <CO2_Sensor_Calibration>288.46, 370.9 and 481.4 ppm</CO2_Sensor_Calibration>
  </CO2_Sensor></CO2_Sensors>
  <Sea_Surface_Temperature><Model>SBE 38</Model><Manufacturer>Sea-Bird</Manufacturer>
   <Accuracy_degC>0.01</Accuracy_degC><Calibration>yearly</Calibration>
  </Sea_Surface_Temperature>
  <Equilibrator_Pressure><Model>Setra</Model><Manufacturer>Setra</Manufacturer>
   <Accuracy_hPa>0.5</Accuracy_hPa><Calibration>yearly</Calibration>
  </Equilibrator_Pressure>
 </Method_Description>
</x_tags>"""


def test_ome_documents_are_read(tmp_path):
    path = tmp_path / "ome.xml"
    path.write_text(OME)
    document = read_document(path)
    assert document.format == "OME"
    assert document.submitter.street == "Street 1"
    assert (document.start, document.west, document.north) == (
        "2010-03-08",
        "-12.5",
        "5",
    )
    co2, sst = document.variables
    assert co2.accuracy == Quantity("2", "ppm")
    assert co2.report_temperature == "equilibrator temperature"
    assert sst.accuracy == Quantity("0.01", "degC")
    (sensor,) = (i for i in document.instruments if isinstance(i, GasSensor))
    assert [g.concentration.value for g in sensor.gases] == [288.46, 370.9, 481.4]
    assert {g.supplier for g in sensor.gases} == {"NOAA"}
    assert sensor.non_zero_gases == 3
    assert missing_items(document) == ()
    assert suggest_flag(document).flag == "B"
    assert faults_of(path) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "cannot be read as XML"),
        ("<a><b></a>", "cannot be read as XML"),
        ("<oads_metdata/>", "Did you mean 'oads_metadata'"),
        (None, "no such file"),
    ],
)
def test_a_file_that_is_no_document_gives_a_one_line_error(tmp_path, content, words):
    path = tmp_path / "x.xml"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ReadError, match=words) as caught:
        read_document(path)
    assert "\n" not in str(caught.value)
    assert "x.xml" in str(caught.value)


def test_volumes_and_quantities_as_people_write_them():
    assert split_volumes("0.95 L (0.4 L water, 0.55 L headspace)") == (
        "0.4 L",
        "0.55 L",
    )
    assert split_volumes("0.4 L of water and 0.55 L gas") == ("0.4 L", "0.55 L")
    assert split_volumes("about 1 L") == ("about 1 L", "")
    assert quantity_of("±0.01") == Quantity("±0.01")
    assert quantity_of("0.1 hPa") == Quantity("0.1", "hPa")


def test_a_document_without_a_position_or_time_cannot_be_made():
    ds = canonical_dataset(5)
    nowhere = ("time", np.full(5, np.nan), ds["latitude"].attrs)
    with pytest.raises(ProcessingError, match="position"):
        document_of(ds.assign_coords(latitude=nowhere), [])


def test_units_of_instruments_reach_ocads_as_attributes(tmp_path):
    document, _ = described(demo_dataset())
    root = ET.fromstring(metadata_bytes(document, "ocads"))
    space = {"o": "https://ncei.noaa.gov/ocads/v4.6"}
    flow = root.find(".//o:equilibrator/o:gas_flow_rate", space)
    assert (flow.text, flow.get("units")) == ("0.07", "liters/minute")
    gases = root.find(".//o:standard_gases", space)
    assert [g.get("units") for g in gases.findall("o:gas/o:concentration", space)] == [
        "umol/mol"
    ] * 4
    assert gases.find("o:wmo_traceable", space).text == "true"
    assert gases.find("o:non_zero", space).text == "3"
    blank = replace(document, instruments=())
    assert faults_of(written(blank, tmp_path, "ocads")) == []
