from .package import Package, icos_package
from .package_check import PackageCheck, check_package, parcels_of
from .table_check import IcosCheck, Refusal, check_icos
from .tables import icos_file_name, icos_table

__all__ = [
    "IcosCheck",
    "Package",
    "PackageCheck",
    "Refusal",
    "check_icos",
    "check_package",
    "icos_file_name",
    "icos_package",
    "icos_table",
    "parcels_of",
]
