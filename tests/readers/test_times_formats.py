"""Which of several formats a file is read with, and dates in another order."""

import numpy as np
import pytest

from oceanco2.errors import DataWarning, ReadError
from oceanco2.readers.times import check_day_and_month, exchanged, parse_files

DAY, MONTH, ISO = "%d/%m/%Y", "%m/%d/%Y", "%Y-%m-%d"


def located(row):
    return f"x.csv:{row + 2}"


def days(texts, formats, files=None):
    """Days of texts as they are read, None where they are not."""
    texts = np.array(texts, dtype=object)
    files = np.zeros(texts.size, int) if files is None else np.array(files)
    times = parse_files(texts, formats, files, located)
    return [None if np.isnat(t) else str(t)[:10] for t in times]


def refusal(texts, formats, files=None):
    with pytest.raises(ReadError) as caught:
        days(texts, formats, files)
    return str(caught.value)


def test_each_file_has_its_format():
    texts = ["2024-03-01", "2024-03-02", "01/03/2024", "13/03/2024"]
    expected = ["2024-03-01", "2024-03-02", "2024-03-01", "2024-03-13"]
    for formats in ([ISO, DAY, MONTH], [MONTH, DAY, ISO], [DAY, ISO]):
        assert days(texts, formats, [0, 0, 1, 1]) == expected
        assert days(texts[:1] + texts[2:], formats) == [expected[0], *expected[2:]]


def test_two_orders_that_both_fit():
    expected = (
        "x.csv:3: '02/03/2024' fits '%d/%m/%Y' (2024-03-02 00:00) and '%m/%d/%Y'"
        " (2024-02-03 00:00), as do all rows of the file: leave only the right format"
    )
    assert refusal(["03/03/2024", "02/03/2024"], [DAY, MONTH]) == expected
    # Another file does not decide.
    assert refusal(["13/03/2024", "02/03/2024"], [DAY, MONTH], [0, 1]) == expected
    # The same day in both orders is no matter.
    assert days(["03/03/2024", ""], [DAY, MONTH]) == ["2024-03-03", None]


def test_one_cell_decides_for_its_file():
    texts = ["02/03/2024", "x", "13/03/2024"]
    for formats in ([DAY, MONTH], [MONTH, DAY]):
        assert days(texts, formats) == ["2024-03-02", None, "2024-03-13"]


def test_cells_that_contradict_each_other():
    expected = (
        "x.csv:3: '13/03/2024' fits only '%d/%m/%Y', but"
        " x.csv:4: '03/13/2024' fits only '%m/%d/%Y'"
    )
    assert refusal(["02/03/2024", "13/03/2024", "03/13/2024"], [DAY, MONTH]) == expected


@pytest.mark.parametrize(("wrong", "right"), [(1, 11), (2, 21), (3, 3001)])
def test_a_few_damaged_cells_do_not_decide(wrong, right):
    texts = ["02/03/2024", *["03/13/2024"] * wrong, *["13/03/2024"] * right]
    got = days(texts, [DAY, MONTH])
    assert got == ["2024-03-02", *[None] * wrong, *["2024-03-13"] * right]
    refusal(texts[: -(right // 1000 + 1)], [DAY, MONTH])


def test_formats_of_a_clock_are_chosen_by_cell():
    texts = ["2024-03-01 12:30", "2024-03-01 12:30:15", "2024-03-01 12:31:15.5"]
    formats = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
    times = parse_files(np.array(texts, object), formats, np.zeros(3, int), located)
    assert [str(t)[11:] for t in times] == [
        "12:30:00.000",
        "12:30:15.000",
        "12:31:15.500",
    ]


def test_large_files_are_decided_by_a_sample():
    texts = ["01/02/2024"] * 200
    refusal(texts, [DAY, MONTH])
    texts[123] = "20/02/2024"  # not in the sample
    assert set(days(texts, [DAY, MONTH])) == {"2024-02-01", "2024-02-20"}
    assert set(days(texts, [MONTH, DAY])) == {"2024-02-01", "2024-02-20"}


def test_day_and_month_of_a_format():
    assert exchanged("%d %b %m") == "%m %b %d"


def lost(texts, formats, files=None):
    """What is said about rows that another order could read."""
    texts = np.array(texts, dtype=object)
    files = np.zeros(texts.size, int) if files is None else np.array(files)
    times = parse_files(texts, formats, files, located)
    try:
        check_day_and_month(texts, formats, times, files, located)
    except ReadError as error:
        return str(error)
    return ""


def test_rows_lost_by_the_order_of_the_date():
    texts = ["03/12/2024"] * 18 + ["03/13/2024"] * 2
    assert lost(texts, [DAY]) == ""
    texts[3] = "03/14/2024"
    assert lost(texts, [DAY, ISO]) == (
        "x.csv:5: '03/14/2024' cannot be read with '%d/%m/%Y' or '%Y-%m-%d'; it can"
        " with day and month exchanged, '%m/%d/%Y', as can 3 of 20 rows"
    )
    assert lost(["03/12/2024", "03/13/2024"], [DAY]) == ""
    assert "as can 2 of 2 rows" in lost(["03/14/2024", "03/13/2024"], [DAY])
    # Of one of ten files
    texts = ["13/03/2024"] * 97 + ["03/13/2024"] * 3
    assert lost(texts, [DAY]) == ""
    assert "as can 3 of 4 rows" in lost(texts, [DAY], [0] * 96 + [1] * 4)


@pytest.mark.parametrize("text", ["", "x", "31/02/2024", "2024-13-03"])
def test_rows_lost_for_another_reason_are_counted(text):
    assert lost(["01/02/2024", *[text] * 9], [DAY]) == ""
    assert lost(["2024-02-01", *[text] * 9], ["%Y-%m-%d"]) == (
        ""
        if text != "2024-13-03"
        else "x.csv:3: '2024-13-03' cannot be read with '%Y-%m-%d'; it can with day and"
        " month exchanged, '%Y-%d-%m', as can 9 of 10 rows"
    )


SST = 'SST = { column = "SST", units = "degC" }'


def test_files_of_a_stream(reading):
    files = {"a.csv": "t,SST\n03/14/2024,1\n03/15/2024,2\n", "b.csv": "t,SST\nx,3\n"}
    table = 'separator = ","\ntime = { columns = ["t"], format = "%d/%m/%Y" }'
    with pytest.raises(ReadError) as caught:
        reading(files, SST, table)
    assert str(caught.value) == (
        "a.csv:2: '03/14/2024' cannot be read with '%d/%m/%Y'; it can with day and"
        " month exchanged, '%m/%d/%Y', as can 2 of 3 rows ([files.a] of small.toml)"
    )


@pytest.mark.parametrize("wrong", [1, 2])
def test_columns_of_month_and_day_that_are_exchanged(reading, wrong):
    rows = [f"2024,3,{1 + i % 12},{i}" for i in range(20 - wrong)]
    rows += [f"2024,{i + 13},3,{20 - i}" for i in range(wrong)]
    text = "y,m,d,SST\n" + "\n".join(rows[10:]) + "\n"
    table = 'separator = ","\ntime = { year = "y", month = "m", day = "d" }'
    if wrong == 1:
        with pytest.warns(DataWarning, match="line 11 without a readable time"):
            assert reading(text, SST, table).sizes["time"] == 9
        return
    with pytest.raises(ReadError) as caught:
        reading(text, SST, table)
    assert str(caught.value) == (
        "a.csv:10: month 13 in column 'm', day 3 in column 'd': exchange the columns, 2"
        " of 10 rows can only be read so ([files.a] of small.toml)"
    )


def test_a_column_that_is_absent_is_named_once(reading):
    table = 'separator = ","\ntime = { columns = ["u"], format = "%d/%m/%Y" }'
    with pytest.raises(ReadError) as caught:
        reading("t,SST\n01/02/2024,1\n", SST, table)
    assert str(caught.value).count("small.toml") == 1
