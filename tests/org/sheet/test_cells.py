"""What people write into cells is understood or refused, never guessed."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shudao.org.sheet import cells

DAYS = st.dates(date(1950, 1, 1), date(2100, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


def is_refused(read, value):
    try:
        read(value)
    except ValueError:
        return True
    return False


@given(
    DAYS,
    st.sampled_from(
        ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d", " %Y - %m - %d ", "%Y-%m-%d 00:00:00"]
    ),
)
def test_a_day_however_written(on, how):
    assert cells.day_of(on.strftime(how)) == on


@given(DAYS.filter(lambda on: on > date(1951, 1, 1)))
def test_a_day_as_a_spreadsheets_number(on):
    serial = (on - cells.EPOCH).days
    assert cells.day_of(float(serial)) == on and cells.day_of(serial) == on and cells.day_of(on) == on


@given(DAYS, TIMES)
def test_a_moment_however_written(on, at):
    moment = datetime.combine(on, at)
    found = cells.moment_of(moment.strftime("%Y-%m-%d %H:%M"))
    assert found == moment
    share = (moment - datetime.combine(cells.EPOCH, time())) / timedelta(days=1)
    if on > date(1951, 1, 1) and at != time():
        assert cells.moment_of(share) == moment


@given(TIMES, st.sampled_from(["%H:%M", "%H：%M", "%H时%M分", "%H点%M", "%H:%M:00", " %H : %M "]))
def test_an_hour_however_written(at, how):
    assert cells.hour_of(at.strftime(how)) == at


@given(TIMES)
def test_an_hour_as_a_share_of_the_day(at):
    assert cells.hour_of((at.hour * 60 + at.minute) / 1440) == at


@pytest.mark.parametrize(
    ("written", "meant"),
    [("8：00", time(8)), ("８:３０", time(8, 30)), ("24:00", time()), ("下午6点", time(18)), ("0800", time(8)), ("8点", time(8)),
     (timedelta(hours=20), time(20)), (1.0, time()), (datetime(2026, 7, 1, 22, 0), time(22))],
)  # fmt: skip
def test_hours(written, meant):
    assert cells.hour_of(written) == meant


@pytest.mark.parametrize(
    ("written", "digits"),
    [("每天", "1234567"), ("周一至周五", "12345"), ("一至五", "12345"), ("周一、周三、周五", "135"), ("1,3,5", "135"), ("1-5", "12345"),
     ("星期六、日", "67"), ("周末", "67"), ("周六至周一", "167"), ("一三五", "135"), ("Mon-Fri", "12345"), ("Mon, Wed", "13"),
     ("礼拜天", "7"), ("周五到周日", "567")],
)  # fmt: skip
def test_days_of_the_week(written, digits):
    assert cells.days_of_week(written) == ("weekdays", digits)


@pytest.mark.parametrize(
    ("written", "kind"),
    [("工作日", "workdays"), ("工作日（含调休上班）", "workdays"), ("休息日", "days_off"), ("节假日", "days_off")],
)
def test_days_by_the_table_of_holidays(written, kind):
    assert cells.days_of_week(written) == (kind, "")


@pytest.mark.parametrize(
    "text", ["", "明天", "2026-13-01", "2026-02-30", "26-07-01", "2026", "7月1日", "3026-01-01", "2026-07-01x"]
)
def test_a_day_that_is_none(text):
    assert is_refused(cells.day_of, text)


@pytest.mark.parametrize("text", ["", "25:00", "8:60", "早", "8.30.1", "-1", "很晚"])
def test_an_hour_that_is_none(text):
    assert is_refused(cells.hour_of, text)


@pytest.mark.parametrize("text", ["", "周八", "有空", "0", "1-9", "周一或周二"])
def test_days_of_the_week_that_are_none(text):
    assert is_refused(cells.days_of_week, text)


@given(
    st.one_of(
        st.text(max_size=30),
        st.floats(),
        st.integers(),
        st.booleans(),
        st.none(),
        st.dates(),
        st.times(),
        st.datetimes(),
        st.timedeltas(),
    )
)
def test_nothing_in_a_cell_breaks_the_reader(value):
    assert isinstance(
        cells.text_of(value) if value == value and value not in (float("inf"), float("-inf")) else "", str
    )
    for read in (
        cells.day_of,
        cells.moment_of,
        cells.end_of,
        cells.hour_of,
        cells.yes_of,
        cells.days_of_week,
        cells.number_of,
    ):
        try:
            read(value)
        except (ValueError, OverflowError):
            continue
    assert all(cells.names_of(value)) if isinstance(value, str) else True


def test_names_that_differ_by_spaces_and_width_are_one():
    assert cells.key_of("张 伟") == cells.key_of("张　伟") == cells.key_of("张伟") == cells.key_of(" 张伟 ")
    assert cells.key_of("ＡＢ（一）") == cells.key_of("ab(一)")
    assert cells.text_of("　张　伟　") == "张 伟" and cells.text_of(13800138000.0) == "13800138000"
    assert cells.names_of("主任、副主任，值班员;记录员") == ["主任", "副主任", "值班员", "记录员"]


@pytest.mark.parametrize(
    ("text", "meant"), [("是", True), ("√", True), ("YES", True), ("", False), ("否", False), ("×", False)]
)
def test_yes_and_no(text, meant):
    assert cells.yes_of(text) is meant
    assert is_refused(cells.yes_of, "也许")
