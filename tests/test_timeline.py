"""Dates there and back, and the one slicing rule."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import DateError, parse_date, parse_window
from geo.timeline import describe, describe_window, hull, in_window, write_date
from geo.types import Interval


def utc(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC").as_unit("ms")


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("2024", "2024-01-01", "2025-01-01", "year"),
        ("2024-Q1", "2024-01-01", "2024-04-01", "quarter"),
        ("2024-Q4", "2024-10-01", "2025-01-01", "quarter"),
        ("2024-03", "2024-03-01", "2024-04-01", "month"),
        ("2024-12", "2024-12-01", "2025-01-01", "month"),
        ("2024-02-29", "2024-02-29", "2024-03-01", "day"),
        ("2024-03-20/2024-03-31", "2024-03-20", "2024-04-01", "range"),
        ("2024-03/2024-04", "2024-03-01", "2024-05-01", "range"),
        ("2024-03-24T09:30:00+09:00", "2024-03-24T00:30", "2024-03-24T00:30", "exact"),
        ("2024-03-24T00:00:00.123Z", "2024-03-24T00:00:00.123", "2024-03-24T00:00:00.123", "exact"),
        ("1066-10-14", "1066-10-14", "1066-10-15", "day"),
        ("2300-01", "2300-01-01", "2300-02-01", "month"),
    ],
)
def test_forms_of_dates(text, start, end, precision):
    assert parse_date(text) == Interval(utc(start), utc(end), precision)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2024-13", "not a date in the calendar"),
        ("2024-13-01", "not a date in the calendar"),
        ("2023-02-29", "not a date in the calendar"),
        ("24/3/2024", "'24/3/2024'"),
        ("", "not a date"),
        ("next week", "not a date"),
        ("2024-03-24T09:30", "no time zone"),
        ("2024-05/2024-03", "ends before it starts"),
        ("2024-03-20/2024-03-19", "ends before it starts"),
    ],
)
def test_what_is_no_date_is_said(text, says):
    with pytest.raises(DateError, match=says):
        parse_date(text)


days = st.dates(min_value=date(1, 1, 1), max_value=date(9998, 12, 31))


@given(days)
def test_days_there_and_back(day):
    interval = parse_date(day.isoformat())
    assert write_date(interval) == day.isoformat()
    assert interval.end - interval.start == pd.Timedelta(days=1)


@given(days, days)
def test_ranges_there_and_back(a, b):
    first, last = sorted([a, b])
    interval = parse_date(f"{first}/{last}")
    assert parse_date(write_date(interval))[:2] == interval[:2]


@given(st.integers(1, 9998), st.integers(1, 12))
def test_months_quarters_and_years_there_and_back(year, month):
    for text in (f"{year:04d}", f"{year:04d}-{month:02d}", f"{year:04d}-Q{(month + 2) // 3}"):
        assert write_date(parse_date(text)) == text


@given(st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9990, 1, 1)), st.integers(-12, 14))
def test_timestamps_there_and_back_in_any_zone(moment, zone):
    moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
    text = f"{moment.isoformat(timespec='milliseconds')}{zone:+03d}:00"
    interval = parse_date(text)
    assert interval.start.to_pydatetime() == datetime.fromisoformat(text).astimezone(UTC)
    assert parse_date(write_date(interval)) == interval


def held(start: str, end: str, t0: str, t1: str) -> bool:
    return bool(in_window(pd.Series([utc(start)]), pd.Series([utc(end)]), utc(t0), utc(t1))[0])


def test_windows_are_half_open():
    assert held("2024-03-24", "2024-03-25", "2024-03-24", "2024-03-25")
    assert not held("2024-03-24", "2024-03-25", "2024-03-25", "2024-03-26"), "ended as the window begins"
    assert not held("2024-03-25", "2024-03-26", "2024-03-24", "2024-03-25"), "begins as the window ends"
    assert held("1945", "2026", "2024-03-24", "2024-03-25"), "began long before and ends long after"


def test_an_instant_counts_at_the_start_of_a_window_and_not_at_its_end():
    noon = "2024-03-24T12:00"
    assert held(noon, noon, noon, "2024-03-24T13:00")
    assert not held(noon, noon, "2024-03-24T11:00", noon)


def test_undated_rows_are_in_no_window():
    nat = pd.Series(pd.to_datetime([None], utc=True))
    assert not in_window(nat, nat, utc("0100"), utc("9000"))[0]


moments = st.integers(0, 40).map(lambda days: utc("2024-01-01") + pd.Timedelta(days=days))


@given(moments, moments, moments, moments, moments)
def test_neighbouring_windows_lose_nothing_and_share_no_instant(a, b, t0, t1, t2):
    start, end = sorted([a, b])
    t0, t1, t2 = sorted([t0, t1, t2])
    starts, ends = pd.Series([start]), pd.Series([end])
    whole, left, right = (
        (in_window(starts, ends, *window)[0] for window in ((t0, t2), (t0, t1), (t1, t2)) if window[0] < window[1])
        if t0 < t1 < t2
        else (False, False, False)
    )
    assert whole == (left or right)
    if start == end:
        assert not (left and right)


def test_a_window_runs_to_the_end_of_its_last_date():
    assert parse_window("2024-03", "2024-03") == (utc("2024-03-01"), utc("2024-04-01"))
    with pytest.raises(DateError, match="empty"):
        parse_window("2024-04", "2024-03")


def test_the_stretch_of_a_leg_is_the_longest_its_dates_allow():
    joined = hull(parse_date("2014-07"), parse_date("2014-12-01"))
    assert joined == Interval(utc("2014-07-01"), utc("2014-12-02"), "month")
    with pytest.raises(DateError, match="is before"):
        hull(parse_date("2024-03-05"), parse_date("2024-03-01"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2024", "2024"),
        ("2024-Q2", "Q2 2024"),
        ("2024-03", "March 2024"),
        ("2024-03-24", "24 March 2024"),
        ("2024-06-18/2024-06-19", "18–19 June 2024"),
        ("2024-03-24/2024-04-02", "24 March – 2 April 2024"),
        ("2023-12-30/2024-01-02", "30 December 2023 – 2 January 2024"),
        ("2024-03-24T09:30Z", "24 March 2024, 09:30 UTC"),
    ],
)
def test_dates_in_words(text, words):
    assert describe(*parse_date(text)) == words
    assert "September" not in describe(*parse_date("2024-09-01/2024-09-03"), short=True)


def test_windows_in_words():
    assert describe_window(utc("2024-01-01"), utc("2025-01-01")) == "2024"
    assert describe_window(utc("2024-03-01"), utc("2024-04-01")) == "March 2024"
    assert describe_window(utc("2024-03-01"), utc("2024-03-08")) == "1–7 March 2024"
    assert describe_window(utc("1945-01-01"), utc("2026-01-01")) == "1 January 1945 – 31 December 2025"
