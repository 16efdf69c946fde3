"""The text format of the files published by SOCAT: columns and print formats.

Readers, export and the commands on SOCAT files share this table of columns and this
formatter of rows.
"""
