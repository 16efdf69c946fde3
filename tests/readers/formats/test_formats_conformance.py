"""What every reader must do, shown on a small sample of each format.

A sample is found by the name of its reader: `tests/readers/samples/NAME.*`, and beside
it the platform file `NAME.toml`; without one, the sample is read with the draft of
`oceanco2 platforms new`. A new reader needs no change here.
"""

import warnings
import zipfile
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceanco2.errors import DataWarning, OptionError, ReadError
from oceanco2.pipeline import check
from oceanco2.platforms import load, parse
from oceanco2.readers import READERS, draft_platform, read
from tests.readers.mutations import mutants, survives

SAMPLES = Path(__file__).parents[1] / "samples"
NAMES = [name for name in READERS if not READERS.owner(name)]
SNIFFED = [name for name in NAMES if READERS[name].sniff]
every_reader = pytest.mark.parametrize("name", NAMES)


def sample_of(name):
    """The sample of a reader, which is not its platform file."""
    samples = [p for p in SAMPLES.glob(f"{name}.*") if p.suffix != ".toml"]
    assert len(samples) == 1, f"one sample of {name!r} belongs into {SAMPLES}"
    if name == "spreadsheet":
        pytest.importorskip("openpyxl")
    return samples[0]


def drafted(path):
    """The draft for a raw file, with the code of the platform filled in."""
    text, _ = draft_platform([path])
    return parse(text.replace('"????"', '"99ZZ"').encode(), "draft.toml")


def platform_of(name):
    path = SAMPLES / f"{name}.toml"
    return load(path) if path.exists() else drafted(sample_of(name))


def stream(platform, paths):
    return next(iter(read(platform, paths).values()))


def refusal(platform, path):
    """The one line that refuses a file; None if it is read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)
        try:
            read(platform, path)
        except ReadError as error:
            message = str(error)
            assert "\n" not in message
            assert path.name in message
            return message
    return None


@every_reader
def test_the_sample_is_read_completely(name):
    """No warning, rows in order of time, no damaged row, no empty variable."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DataWarning)
        ds = stream(platform_of(name), sample_of(name))
    assert ds.sizes["time"] >= 10
    assert (np.diff(ds["time"].to_numpy()) >= np.timedelta64(0, "ns")).all()
    assert ds.attrs["rows_read"] == ds.sizes["time"]
    assert not ds["damaged"].any()
    for variable in ds.data_vars:
        assert ds[variable].notnull().any(), variable


@every_reader
def test_a_duplicate_file_and_a_zip_change_nothing(name, tmp_path):
    sample, platform = sample_of(name), platform_of(name)
    expected = stream(platform, sample)
    copy = tmp_path / "copy" / sample.name
    copy.parent.mkdir()
    copy.write_bytes(sample.read_bytes())
    archive = tmp_path / "raw.zip"
    with zipfile.ZipFile(archive, "w") as out:
        out.write(sample, f"inside/{sample.name}")
    xr.testing.assert_identical(stream(platform, [sample, copy]), expected)
    xr.testing.assert_identical(stream(platform, archive), expected)


@every_reader
def test_an_empty_file_is_named(name, tmp_path):
    sample, platform = sample_of(name), platform_of(name)
    for content in (b"", b" \r\n\n"):
        empty = tmp_path / sample.name
        empty.write_bytes(content)
        assert refusal(platform, empty) == f"{sample.name}: the file is empty"
        with pytest.warns(DataWarning, match="the file is empty"):
            both = stream(platform, [sample, empty])
        assert both.sizes == stream(platform, sample).sizes


@every_reader
def test_a_file_of_another_format_is_refused_in_one_line(name, tmp_path):
    """The samples of all other readers, and a few files of no reader."""
    sample, platform = sample_of(name), platform_of(name)
    others = {other: sample_of(other).read_bytes() for other in NAMES if other != name}
    others |= {"table": b"a,b\n1,2\n", "binary": bytes(range(256)), "text": b"words\n"}
    for other, content in others.items():
        wrong = tmp_path / sample.name
        wrong.write_bytes(content)
        assert refusal(platform, wrong), f"a file of {other!r} was read"


@every_reader
def test_a_damaged_line_costs_only_itself_and_is_reported(name, tmp_path):
    sample, platform = sample_of(name), platform_of(name)
    content = sample.read_bytes()
    if b"\x00" in content:
        pytest.skip("not a text format")
    expected = stream(platform, sample)
    rows = np.unique(expected["source_row"].to_numpy())
    number = int(rows[rows.size // 2])
    lines = content.split(b"\n")
    lines[number - 1] = lines[number - 1][: len(lines[number - 1]) // 3]
    damaged = tmp_path / sample.name
    damaged.write_bytes(b"\n".join(lines))
    with pytest.warns(DataWarning, match=sample.name) as caught:
        ds = stream(platform, damaged)
    reported = " ".join(str(w.message) for w in caught)
    is_cut = "before the damage" in reported  # the rest of the file has no structure
    assert is_cut or str(number) in reported, reported
    kept = ds.isel(time=ds["source_row"].to_numpy() != number)
    others = expected.isel(time=expected["source_row"].to_numpy() != number)
    if is_cut:
        assert f"{kept.sizes['time']} records before" in reported
        others = others.isel(time=slice(kept.sizes["time"]))
    assert kept.sizes == others.sizes
    for variable in others.data_vars:
        values = others[variable].to_numpy()
        np.testing.assert_array_equal(kept[variable].to_numpy(), values, str(variable))


@every_reader
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_mutated_files_give_rows_or_one_line(tmp_path_factory, name, data):
    sample = sample_of(name)
    content = data.draw(mutants(sample.read_bytes()), label="content")
    folder = tmp_path_factory.mktemp("raw")
    result = survives(platform_of(name), folder, content, sample.name)
    if result is not None:
        for ds in result[0].values():
            assert ds["damaged"].size == ds.sizes["time"]


@every_reader
def test_an_unknown_option_is_refused(name):
    platform = platform_of(name)
    definition = platform.files["data"].model_copy(update={"options": {"ofset": 1}})
    changed = platform.model_copy(update={"files": {"data": definition}})
    with pytest.raises(OptionError, match="no option named 'ofset'") as refused:
        read(changed, sample_of(name))
    with pytest.raises(OptionError, match="no option named 'ofset'"):
        check(changed)  # before there are data
    assert "\n" not in str(refused.value)
    assert "Available: " in str(refused.value)


@pytest.mark.parametrize("name", SNIFFED)
def test_a_sample_is_recognised_and_drafted(name):
    """By the `sniff` of its own reader and of no other; the draft can be loaded."""
    head = sample_of(name).read_bytes()[:65536]
    assert [other for other in SNIFFED if READERS[other].sniff(head)] == [name]
    for other in NAMES:
        if other != name:
            assert not READERS[name].sniff(sample_of(other).read_bytes()[:65536])
    draft = drafted(sample_of(name))
    assert name in {definition.reader for definition in draft.files.values()}
