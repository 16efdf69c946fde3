"""No dataset is written over its sources, nor under the suffix of something else."""

import pytest

from oceanco2 import platforms, write
from oceanco2.errors import OptionError, OutputError
from oceanco2.files import digest
from tests.datasets import canonical_dataset


def complete():
    attrs = platforms.describe(platforms.load("demo_ship"))
    return canonical_dataset(60).assign_attrs(attrs | {"expocode": "33RO20240301"})


@pytest.mark.parametrize("name", ["source_files_sha256", "platform_file_sha256"])
def test_no_source_of_a_dataset_is_written_over(tmp_path, name):
    path = tmp_path / "a.nc"
    path.write_bytes(b"raw")
    known = digest(b"raw")
    value = [known, "x"] if name.startswith("source") else known
    ds = complete().assign_attrs({name: value})
    with pytest.raises(OutputError, match=r"a\.nc: the dataset was made from it"):
        write(ds, path)
    assert path.read_bytes() == b"raw"
    path.write_bytes(b"changed")
    write(ds, path)
    write(ds, path)  # its own result may be replaced
    assert path.read_bytes()[1:4] == b"HDF"


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        ("netcdf", ["a.nc", "a.NC4", "a.cdf", "a.netcdf", "a"], ["a.csv", "a.tsv"]),
        ("socat", ["a.tsv", "a.txt", "a.tab", "a.csv"], ["a.nc", "a.xlsx"]),
    ],
)
def test_suffixes_of_formats(tmp_path, format, good, bad):  # noqa: A002
    ds = complete()
    for name in good:
        assert write(ds, tmp_path / name, format=format) == tmp_path / name
    for name in bad:
        with pytest.raises(OptionError, match=rf"{name}: format '{format}' is written"):
            write(ds, tmp_path / name, format=format)
    assert not [path for path in tmp_path.iterdir() if path.name in bad]
