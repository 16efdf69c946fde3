"""Years of two digits lie in the latest century that is not in the future."""

from datetime import UTC, datetime

import numpy as np
import pytest

from oceanco2.readers.times import parse, parse_each


@pytest.mark.parametrize("read", [parse, parse_each])
def test_every_year_of_two_digits(read):
    """2 March: after the leap day, if the year has one."""
    texts = np.array([f"02/03/{year:02d} 23:59:58" for year in range(100)], object)
    found = read(texts, ["%d/%m/%y %H:%M:%S"])
    now = datetime.now(tz=UTC).replace(tzinfo=None)
    for year, time in enumerate(found.astype("datetime64[s]").tolist()):
        this = datetime(2000 + year, 3, 2, 23, 59, 58)
        expected = this if this <= now else this.replace(year=1900 + year)
        assert time == expected


def test_a_clock_a_day_ahead_is_believed_and_one_of_next_week_is_not():
    now = np.datetime64(datetime.now(tz=UTC).replace(tzinfo=None), "D")
    for days, century in ((1, 0), (7, 100)):
        day = now + np.timedelta64(days, "D")
        text = day.astype(datetime).strftime("%d.%m.%y")
        (found,) = parse(np.array([text], object), ["%d.%m.%y"]).astype("datetime64[D]")
        year = day.astype(datetime).year - century
        assert found == np.datetime64(day.astype(datetime).replace(year=year))
