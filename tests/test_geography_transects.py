"""Regions of SOCAT along parallels and meridians: where each begins.

Read from the boxes of SOCAT's documentation; "-" is land, or sea without a region.
"""

import numpy as np
import pytest

from oceanco2.geography import socat_regions

#: Latitude, and the regions from 180 W eastward with the longitudes they begin at.
PARALLELS = [
    (-29.5, "T-180 Z-68 I20 T130"),
    (-5.5, "T-180 Z-68 I20 T130"),
    (-4.5, "T-180 Z-68 I20 T100"),
    (4.5, "T-180 Z-68 I20 T100"),
    (5.5, "T-180 --84 Z-68 I20 T100"),
    (6.5, "T-180 --84 Z-68 I20 T100"),
    (7.5, "T-180 A-84 Z-68 I20 T100"),
    (17.5, "T-180 A-84 Z-68 I20 T100"),
    (18.5, "T-180 A-100 Z-68 I20 T100"),
    (29.5, "T-180 A-100 Z-68 -0 I20 T100"),
    (30.5, "N-180 --105 A-100 -43 N106"),
    (65.5, "N-180 --105 A-100 -43 N106"),
]
#: Longitude, and the regions from the South Pole northward.
MERIDIANS = [
    (-170.5, "O-90 T-30 N30 R66"),
    (-101.5, "O-90 T-30 -30 R66"),
    (-99.5, "O-90 T-30 A18 R70"),
    (-84.5, "O-90 T-30 A18 R70"),
    (-83.5, "O-90 T-30 -5 A7 R70"),
    (-68.5, "O-90 T-30 -5 A7 R70"),
    (-67.5, "O-90 Z-30 A30 R70"),
    (-0.5, "O-90 Z-30 A30 R70"),
    (0.5, "O-90 Z-30 -20 A30 R70"),
    (19.5, "O-90 Z-30 -20 A30 R70"),
    (20.5, "O-90 I-30 A30 R70"),
    (42.5, "O-90 I-30 A30 R70"),
    (43.5, "O-90 I-30 -30 R66"),
    (99.5, "O-90 I-30 -30 R66"),
    (100.5, "O-90 I-30 T-5 -30 R66"),
    (110.5, "O-90 I-30 T-5 N30 R66"),
    (129.5, "O-90 I-30 T-5 N30 R66"),
    (130.5, "O-90 T-30 N30 R66"),
    (147.5, "O-90 T-30 N30 R66"),
    (179.5, "O-90 T-30 N30 R66"),
]


def letters(text, first, last):
    """A letter for each degree."""
    words = text.split()
    starts = [int(word[1:]) for word in words]
    assert starts[0] == first
    widths = np.diff([*starts, last])
    return np.repeat([word[0].replace("-", "") for word in words], widths).tolist()


@pytest.mark.parametrize(("latitude", "regions"), PARALLELS)
def test_along_a_parallel(latitude, regions):
    found = socat_regions(np.array(latitude), np.arange(-179.5, 180.0))
    assert found.tolist() == letters(regions, -180, 180)


@pytest.mark.parametrize(("longitude", "regions"), MERIDIANS)
def test_along_a_meridian(longitude, regions):
    found = socat_regions(np.arange(-89.5, 90.0), np.array(longitude))
    assert found.tolist() == letters(regions, -90, 90)
