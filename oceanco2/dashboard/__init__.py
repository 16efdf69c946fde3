"""The upload checker: the rules of the SOCAT upload dashboard, offline.

Text, arrays and metadata in, messages out. It knows no dataset, so that readers,
export and commands share one set of rules.
"""
