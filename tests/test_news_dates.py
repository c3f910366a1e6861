"""Dates in the words of news: a table worked out by hand, and what must hold for any text."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.news.dates import find_dates, finder
from geo.news.dates.forms import layers, named
from geo.news.dates.stretches import UNITS, half, season, third, unit_of, unit_on, window
from geo.news.dates.words import table
from geo.timeline import parse_date
from geo.types import Interval
from tests.conftest import ROOT

PHRASES = ROOT / "tests" / "golden" / "date_phrases.csv"
THURSDAY = parse_date("2023-09-14")


def rows() -> list[dict[str, str]]:
    with PHRASES.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def expected(when: str) -> tuple[Interval | None, str]:
    interval, _, known = when.partition("?")
    return (parse_date(interval) if interval.strip() else None), known


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['text'][:60]}|{row['published']}")
def test_phrases(row):
    published = parse_date(row["published"]) if row["published"] else None
    found = find_dates(row["text"], published=published)
    words, when = (row[column].split("|") if row[column] else [] for column in ("words", "when"))
    assert [date.words for date in found] == words
    assert [(date.interval, date.known) for date in found] == [expected(one) for one in when]


def test_the_table_is_long_and_names_no_text_twice():
    assert len(rows()) >= 300
    assert len({(row["text"], row["published"]) for row in rows()}) == len(rows())
    assert sum(not row["words"] for row in rows()) >= 30, "sentences without a date"


FORMS = table("forms.csv")


@pytest.mark.parametrize("row", FORMS, ids=lambda row: f"{row['pattern']} {row['example']}")
def test_every_form_is_needed_for_its_example(row, monkeypatch):
    text = row["example"]
    if row["read"] == "relative.from_before":
        text = f"The port was open on Sept. 1, 2023. It shut the {text}"
    found = find_dates(text, published=THURSDAY)
    assert found or row["gives"] == "nothing"
    others = [
        tuple(form for form in layer if form.pattern != row["pattern"] or form.gives != row["gives"])
        for layer in layers()
    ]
    monkeypatch.setattr(finder, "layers", lambda: others)
    assert find_dates(text, published=THURSDAY) != found


def test_every_table_names_what_there_is():
    assert all(named(row["read"]) for row in [*table("forms.csv"), *table("korean.csv")])
    assert {form.gives for layer in layers() for form in layer} >= {"yearless_day", "a_year", "nothing"}
    words = [word for row in table("words.csv") for word in row["words"].split("|")]
    assert len(words) == len(set(words)), "a word of two kinds"
    for row in table("holidays.csv"):
        assert not row["month"] or date(int(row["year"] or 2024), int(row["month"]), int(row["day"]))


def test_what_was_counted_from_publication_says_so():
    def anchored(text: str) -> list[bool]:
        return [date.anchored for date in find_dates(text, published=THURSDAY)]

    assert anchored("on Sept. 3, 2021, and on Sept. 3, and on Thursday") == [False, True, True]
    assert anchored("on Sept. 3, 2021. Two days later") == [False, False], "counted from a date with its year"
    assert anchored("on Sept. 3. Two days later") == [True, True], "counted from a date that was counted"
    assert anchored("between September 7 and October 1, 2023") == [False], "the year is for both"
    assert anchored("since 2019") == [True], "it ends with the day of publication"
    assert anchored("2024-03-24T09:30Z") == [False]


days = st.dates(date(1900, 1, 1), date(2100, 12, 31))
WRITTEN = (
    "{d:%B} {d.day}, {d.year}",
    "{d.day} {d:%B} {d.year}",
    "{d:%Y-%m-%d}",
    "{d:%b} {d.day} {d.year}",
    "the {d.day}th of {d:%B}, {d.year}",
    "{d:%A}, {d:%B} {d.day}, {d.year}",
    "{d:%d.%m.%Y}",
    "{d:%d-%b-%Y}",
    "{d.year}년 {d.month}월 {d.day}일",
    "{d.year}年{d.month}月{d.day}日",
    "{d:%Y/%m/%d}",
)


@given(days, st.sampled_from(WRITTEN), st.none() | days)
def test_a_written_day_is_read_back(day, form, published):
    text = f"It left on {form.format(d=day)}, they said."
    at = parse_date(published.isoformat()) if published else None
    (found,) = find_dates(text, published=at)
    assert (found.interval, found.known, found.anchored) == (parse_date(day.isoformat()), "", False)


@given(days, st.sampled_from(["{d.month}/{d.day}/{d.year}", "{d.day}/{d.month}/{d.year}"]))
def test_figures_in_either_order_hold_the_day_that_was_meant(day, form):
    (found,) = find_dates(form.format(d=day))
    assert found.interval.start.date() <= day < found.interval.end.date()
    clear = day.day > 12 or day.day == day.month
    assert (found.interval.precision == "day") == clear == (not found.known)


COUNTED_IN_DAYS = (
    "yesterday",
    "today",
    "the day before yesterday",
    "two days ago",
    "last night",
    "12 days ago",
    "the past three weeks",
    "the next 10 days",
    "어제",
    "вчера",
    "tomorrow morning",
)


@given(days, st.integers(-400, 400), st.sampled_from(COUNTED_IN_DAYS))
def test_dates_counted_in_days_move_with_publication(day, count, text):
    shift = timedelta(days=count)
    before, after = (find_dates(text, published=parse_date(at.isoformat()))[0].interval for at in (day, day + shift))
    assert (after.start - before.start, after.end - before.end) == (shift, shift)


@given(
    days,
    st.integers(-50, 50),
    st.sampled_from(
        [
            "Thursday",
            "last Friday",
            "last week",
            "over the weekend",
            "a week ago Monday",
            "Sunday night",
            "early next week",
        ]
    ),
)
def test_dates_counted_in_weeks_move_with_publication_by_weeks(day, weeks, text):
    shift = timedelta(weeks=weeks)
    before, after = (find_dates(text, published=parse_date(at.isoformat()))[0].interval for at in (day, day + shift))
    assert (after.start - before.start, after.end - before.end) == (shift, shift)


@given(days)
def test_the_past_is_not_after_publication_and_the_future_not_before(day):
    published = parse_date(day.isoformat())
    grace = pd.Timedelta(days=1)
    for text in ("He left on Monday.", "He left in May.", "He left on March 4.", "He left last summer."):
        assert find_dates(text, published=published)[0].interval.start < published.end + grace
    for text in ("He will leave on Monday.", "He will leave in May.", "He will leave on March 4.", "next summer"):
        assert find_dates(text, published=published)[0].interval.end > published.start


def _vocabulary() -> list[str]:
    words = [word for row in table("words.csv") for word in row["words"].split("|")]
    words += [
        name
        for file in ("holidays.csv", "korean.csv")
        for row in table(file)
        for name in row["names" if "names" in row else "words"].split("|")
    ]
    numbers = [*map(str, (0, 1, 13, 29, 30, 31, 32, 99, 1000, 1500, 2000, 2019, 2023, 2024, 9999))]
    numbers += ["13th", "31st", "1990s", "2020s", "1,500", "9:30", "0930", "2023-02-30"]
    marks = [*",.-–—/:;()'%?!\n", "\n\n", "GMT", "a.m.", "q", "Q", "월", "일", "年", "지난", "오는", "초"]
    return [*words, *(word.capitalize() for word in words), *numbers * 8, *marks * 4]


anything = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(_vocabulary()), max_size=14).map(" ".join),
    st.lists(st.sampled_from(_vocabulary()), max_size=14).map("".join),
)
PUBLISHED = ("2024-02-29", "2023", "2024-01", "2023-09-14T00:00Z", "0001-01-01", "9998-12-31", "2020/2023", "1999-Q4")
publications = st.sampled_from([None, *map(parse_date, PUBLISHED)])


@settings(max_examples=400)
@given(anything, publications)
def test_any_text_is_read_without_error_and_points_at_its_words(text, published):
    end = 0
    for found in find_dates(text, published=published):
        assert found.start >= end, "in order and apart"
        assert found.words == text[found.start : found.end]
        assert found.words.strip() == found.words != ""
        end = found.end
        if found.interval is None:
            assert found.known
        else:
            assert found.interval.start.tzinfo is not None
            exact = found.interval.precision == "exact"
            assert found.interval.start == found.interval.end if exact else found.interval.start < found.interval.end
        assert not found.anchored or published is not None


@given(anything, publications)
def test_the_same_call_gives_the_same_answer(text, published):
    assert find_dates(text, published=published) == find_dates(text, published=published)


@given(st.dates(date(1200, 1, 1), date(2800, 1, 1)), st.sampled_from(UNITS), st.integers(-5, 5))
def test_units_tile_the_calendar(day, unit, count):
    whole = unit_of(unit, day)
    assert whole.first <= day < whole.after
    assert unit_on(unit, day, 1).first == whole.after
    assert unit_on(unit, unit_on(unit, day, count).first, -count) == whole


@given(days, st.sampled_from(["week", "month", "quarter", "year", "decade"]))
def test_parts_make_up_the_whole(day, unit):
    whole = unit_of(unit, day)
    parts = [third(whole, number) for number in (1, 2, 3)]
    assert (parts[0].first, parts[2].after) == (whole.first, whole.after)
    assert [parts[0].after, parts[1].after] == [parts[1].first, parts[2].first]
    if unit in ("month", "year"):
        first, second = half(whole, 1), half(whole, 2)
        assert (first.first, first.after, second.after) == (whole.first, second.first, whole.after)


def test_seasons_of_a_year_follow_one_another():
    four = [season(2023, number) for number in (1, 2, 3, 4)]
    assert [stretch.after for stretch in four[:3]] == [stretch.first for stretch in four[1:]]
    assert four[3].after == date(2024, 3, 1)


@given(days, st.sampled_from(["week", "month", "quarter", "year"]), st.integers(1, 5))
def test_a_window_of_units_ends_on_its_day_and_is_about_that_long(day, unit, count):
    stretch = window(unit, day, count)
    assert stretch.last == day
    shortest = {"week": 7, "month": 28, "quarter": 89, "year": 365}[unit]
    assert shortest * count <= (stretch.after - stretch.first).days <= (shortest + 3) * count + 3


def test_a_date_over_a_line_break_is_one_and_over_a_paragraph_two():
    assert [date.words for date in find_dates("on September\n13, 2023")] == ["September\n13, 2023"]
    assert [date.words for date in find_dates("in September\n\n13 men", published=THURSDAY)] == ["September"]
