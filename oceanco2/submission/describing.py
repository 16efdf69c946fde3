"""What an upload file holds, as a metadata document."""

import xarray as xr

from oceanco2.dashboard.document import Document
from oceanco2.export import Upload, UploadOptions
from oceanco2.export.selection import select
from oceanco2.metadata import document_of
from oceanco2.platforms import Platform, describe

#: What the platform file says about processing, not about people and instruments.
_OF_PROCESSING = (
    "options",
    "versions",
    "processing_level",
    "platform_file",
    "platform_file_sha256",
)


def with_platform(ds: xr.Dataset, platform: Platform) -> xr.Dataset:
    """Let a platform file say who measured with what, instead of the dataset."""
    said = describe(platform)
    kept = {name: said[name] for name in said if name not in _OF_PROCESSING}
    return ds.assign_attrs(kept)


def describe_dataset(
    ds: xr.Dataset, upload: Upload, options: UploadOptions
) -> Document:
    """Describe what an upload file holds."""
    chosen = select(
        ds, include_air=options.include_air, include_bad=options.include_bad
    )
    return document_of(ds, upload.columns, chosen.rows)
