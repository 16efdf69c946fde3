"""Write data, metadata and check report for a submission to SOCAT."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import xarray as xr

from oceanco2.datasets import check_dataset, check_flags_recorded
from oceanco2.expocode import expocode_of
from oceanco2.files import (
    create_folder,
    one_set,
    write_bytes,
    write_json,
    written,
)
from oceanco2.platforms import Platform, describe
from oceanco2.socat.checker import check_file
from oceanco2.socat.checker.columns import CheckOptions
from oceanco2.socat.checker.report import CheckReport, make_report
from oceanco2.socat.document import (
    Gap,
    document_of,
    gaps,
    metadata_bytes,
    read_document,
)
from oceanco2.socat.document.model import Document
from oceanco2.socat.upload import socat_upload
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


@dataclass(frozen=True, slots=True)
class Submission:
    """Files of a submission to SOCAT, and the result of the upload check."""

    expocode: str
    upload: Upload
    document: Document
    gaps: tuple[Gap, ...]
    account: CheckReport
    files: dict[str, Path]

    @property
    def acceptable(self) -> bool:
        """Whether the dashboard would accept the submission."""
        return not self.account.refusals and self.account.check.acceptable

    def to_dict(self) -> dict[str, Any]:
        """Return the report as a dictionary for JSON."""
        return {
            "expocode": self.expocode,
            "acceptable": self.acceptable,
            "files": {name: path.name for name, path in self.files.items()},
            "written": {
                "rows": self.upload.rows,
                "left_out": dict(self.upload.left_out),
                "notes": list(self.upload.notes),
            },
            "missing_metadata": [
                {"item": gap.item, "key": gap.key} for gap in self.gaps
            ],
            "dashboard": self.account.to_dict(),
        }

    def text(self) -> str:
        """Return the report as text."""
        left_out = self.upload.left_out.items()
        skipped = ", ".join(f"{count:,} {reason}" for reason, count in left_out) or "0"
        lines = [f"{self.expocode}: {self.upload.rows:,} rows; skipped: {skipped}"]
        lines += [f"  {note}" for note in self.upload.notes]
        if self.gaps:
            lines.append("missing in the metadata -> key of the platform file:")
            lines += [f"  {gap}" for gap in self.gaps]
        else:
            lines.append("the metadata are complete")
        return "\n".join([*lines, "", self.account.text(), ""])


def submit(
    ds: xr.Dataset,
    folder: str | Path,
    *,
    platform: Platform | None = None,
    format: str = "oads",  # noqa: A002 (what users type)
    **options: Any,
) -> Submission:
    """Write data, metadata and check report for SOCAT into one folder.

    The upload file is checked with the rules of the dashboard, together with the
    metadata document. The files are written even if the dashboard would reject them;
    the report gives the reasons.

    Parameters
    ----------
    ds : xarray.Dataset
        Processed dataset.
    folder : str or Path
        Folder for the files; created if it does not exist.
    platform : Platform, optional
        Platform file for people and instruments, instead of those of the dataset.
    format : {"oads", "ocads"}, default "oads"
        Format of the metadata document.
    **options : Any
        Fields of `UploadOptions`.

    Returns
    -------
    Submission
        The files, and whether the dashboard would accept them.

    Raises
    ------
    ProcessingError
        If required content is missing; nothing is written then.
    OptionError
        If an option has an invalid value.
    OutputError
        If a file cannot be written.

    Examples
    --------
    >>> done = submit(ds, "to_socat")  # doctest: +SKIP
    >>> done.acceptable, [str(gap) for gap in done.gaps]  # doctest: +SKIP
    (True, [])
    """
    check_dataset(ds)
    check_flags_recorded(ds)
    if platform is not None:
        ds = with_platform(ds, platform)
    upload_options = UploadOptions(**options)
    upload = socat_upload(ds, **options)
    document = describe_dataset(ds, upload, upload_options)
    xml = metadata_bytes(document, format)
    expocode = expocode_of(ds)
    folder = create_folder(folder)
    ending = ".tsv" if upload_options.separator == "tab" else ".csv"
    files = {
        "data": folder / f"{expocode}{ending}",
        "metadata": folder / f"{expocode}_{format.upper()}.xml",
        "report": folder / f"{expocode}_check.json",
        "text": folder / f"{expocode}_check.txt",
    }
    with one_set(str(ds.attrs.get("run_id", ""))):
        upload.write(files["data"])
        write_bytes(xml, files["metadata"])
        options_of_check = CheckOptions(separator=upload_options.separator)
        check = check_file(written(files["data"]), options_of_check)
        # The report does not depend on where the folder is.
        check = replace(check, source=replace(check.source, name=files["data"].name))
        account = make_report(check, read_document(written(files["metadata"])))
        missing = tuple(gaps(document, upload.columns, ds))
        done = Submission(expocode, upload, document, missing, account, files)
        write_json(done.to_dict(), files["report"])
        write_bytes(done.text().encode("utf-8"), files["text"])
    return done
