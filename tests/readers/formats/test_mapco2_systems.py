"""Lines of the system of a MAPCO2: one that lost a field is not used, never shifted."""

import numpy as np
import pytest

from oceanco2.readers.formats.mapco2 import Frame, drop_incomplete_systems
from tests.readers.mapco2_raw import SYSTEM, frame, read_bytes, text_of

FULL = SYSTEM.format(flags="0000").split()
OLD = FULL[:4] + FULL[5:]  # without the second span
BARE = FULL[:6]
STARTS = [f"2016/08/15 {hour:02d}:00:00" for hour in (0, 3, 6)]


def frames(*systems, firmware="1"):
    made = [Frame(line, system=list(fields)) for line, fields in enumerate(systems, 1)]
    for one in made:
        one.firmware = firmware
    return made


def without(position, fields=FULL):
    return fields[:position] + fields[position + 1 :]


def test_the_sample_has_all_fields():
    assert (len(FULL), len(OLD), len(BARE)) == (19, 18, 6)


@pytest.mark.parametrize("position", range(19))
def test_any_lost_field_is_noticed(position):
    made = frames(FULL, without(position), FULL)
    assert drop_incomplete_systems(made) == [2]
    assert [one.system for one in made] == [FULL, [], FULL]
    # of two lines, the longer one is complete
    made = frames(without(position), FULL)
    assert drop_incomplete_systems(made) == [1]
    assert [one.system for one in made] == [[], FULL]


@pytest.mark.parametrize("whole", [OLD, BARE, BARE[:4] + BARE[5:], FULL[:9]])
def test_other_firmware_is_as_it_is(whole):
    made = frames(whole, whole)
    assert drop_incomplete_systems(made) == []
    assert made[0].system == whole
    assert drop_incomplete_systems(frames([], [])) == []


def test_most_lines_count_and_complete_ones_before():
    assert drop_incomplete_systems(frames(OLD, OLD, FULL)) == [3]
    assert drop_incomplete_systems(frames(FULL[:9], FULL[:9], FULL)) == [1, 2]
    assert drop_incomplete_systems(frames(FULL[:9], FULL[:9], FULL[:8])) == [3]
    assert drop_incomplete_systems(frames([], FULL)) == []


def test_each_firmware_has_lines_of_its_own():
    made = frames(FULL, FULL) + frames(OLD, firmware="2")
    assert drop_incomplete_systems(made) == []


def test_the_user_is_told():
    systems = ["\t".join(FULL), "\t".join(without(6)), "\t".join(FULL)]
    lines = [
        frame(start=start, system=system)
        for start, system in zip(STARTS, systems, strict=True)
    ]
    ds, messages = read_bytes(text_of(*lines))
    (message,) = [m for m in messages if "system" in m]
    assert message.endswith(
        ": in the frame of line 17 the line of the system has another number of fields"
        " than in others: not used"
    )
    temperature = ds["SST"].to_numpy()
    present = temperature[np.isfinite(temperature)]
    assert present.tolist() == [float(FULL[6])] * 20
