"""The SOCAT upload dashboard, offline: what it would say of a file.

Texts, arrays and metadata in, messages out; no dataset is known here, so that readers,
export and commands share one set of rules.
"""
