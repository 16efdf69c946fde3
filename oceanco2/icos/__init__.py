"""Files, packages and uploads for the ICOS Carbon Portal."""
