"""Metadata document of an upload file."""

import xarray as xr

from oceanco2.metadata import document_of
from oceanco2.platforms import Platform, describe
from oceanco2.socat.document.model import Document
from oceanco2.socat.upload.options import Upload, UploadOptions
from oceanco2.socat.upload.rows import select

#: Attributes of a platform file about processing, not about people and instruments.
_PROCESSING_ATTRIBUTES = (
    "options",
    "versions",
    "processing_level",
    "platform_file",
    "platform_file_sha256",
)


def with_platform(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Replace people and instruments of the dataset by those of a platform file."""
    attrs = describe(platform)
    replacements = {
        name: attrs[name] for name in attrs if name not in _PROCESSING_ATTRIBUTES
    }
    return ds.assign_attrs(replacements)


def describe_dataset(
    ds: xr.Dataset, upload: Upload, options: UploadOptions
) -> Document:
    """Return the metadata document of an upload file."""
    selection = select(
        ds, include_air=options.include_air, include_bad=options.include_bad
    )
    return document_of(ds, upload.columns, selection.rows)
