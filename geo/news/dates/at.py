"""From where dates are counted: the day of publication, the date read before, a year given beside."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from geo.news.dates.stretches import DAY, Stretch

Tense = Literal["past", "future", "unmarked", "anniversary"]
"""What the words around say: it has been, it will be, nothing, or it is a day that is kept every year."""

NO_YEAR, NO_DAY, NO_DATE_BEFORE = "year unknown", "day of publication unknown", "counted from a date unknown"
_GRACE_DAYS = 1  # a report from the east may be of the day after the one on which it came out in the west
_YEARS_TO_LEAP_DAY = 8


class Unresolved(Exception):  # noqa: N818 - no error: the text alone does not tell
    """A date is counted from something that is not known.

    Args:
        known: What is known of it, in words.
        missing: What is not known, in words.
    """

    def __init__(self, known: str, missing: str) -> None:
        super().__init__(known if missing == NO_DAY else f"{known}, {missing}")
        self.known = known
        self.missing = missing


class At(NamedTuple):
    """From where a date is counted.

    Args:
        today: The day of publication, or None where that is unknown.
        until: The day after the last day on which it may have been published, or None.
        before: The last day of the date read before, or None.
        year: The year that stands beside, or None.
        tense: What the words around say.
    """

    today: date | None = None
    until: date | None = None
    before: date | None = None
    year: int | None = None
    tense: Tense = "past"

    def day(self, known: str) -> date:
        """Give the day of publication.

        Args:
            known: What is known where that day is not.

        Returns:
            The day.

        Raises:
            Unresolved: It is unknown.
        """
        if self.today is None:
            raise Unresolved(known, NO_DAY)
        return self.today

    def in_tense(self, tense: Tense) -> At:
        """Count in another tense.

        Args:
            tense: The tense.

        Returns:
            The same with that tense.
        """
        return self._replace(tense=tense)

    def of_year(self, year: int) -> At:
        """Count in a year that stands beside.

        Args:
            year: The year.

        Returns:
            The same with that year.
        """
        return self._replace(year=year)

    def from_day(self, day: date, tense: Tense) -> At:
        """Count from another day than that of publication.

        Args:
            day: The day.
            tense: Whether back or on from there.

        Returns:
            The same from that day.
        """
        return self._replace(today=day, tense=tense)

    def nearest(self, of_year: Callable[[int], Stretch], known: str) -> Stretch:
        """Find which year a date without one is of.

        In the past the last that has begun, in the future the first that is not over; where nothing is said the
        nearer of the two. An anniversary is of the year of publication.

        Args:
            of_year: Gives the date in a year; ValueError where that year has none.
            known: What is known where the year is not.

        Returns:
            The date.

        Raises:
            Unresolved: The day of publication is unknown.
            ValueError: No year has it.
        """
        if self.year is not None:
            return of_year(self.year)
        if self.today is None:
            raise Unresolved(known, NO_YEAR)
        if self.tense == "anniversary":
            return of_year(self.today.year)
        near = [self._in(of_year, count) for count in (-1, 0, 1)]
        if None in near:
            near = [self._in(of_year, count) for count in range(-_YEARS_TO_LEAP_DAY, _YEARS_TO_LEAP_DAY + 1)]
        around = [found for found in near if found is not None]
        if not around:
            raise ValueError(f"{known} is in no year")
        begun = [found for found in around if found.first <= self.today + _GRACE_DAYS * DAY]
        coming = [found for found in around if found.after > self.today]
        if self.tense == "future" and coming:
            return coming[0]
        if self.tense == "unmarked" and coming and begun and coming[0].first - self.today < self.today - begun[-1].last:
            return coming[0]
        return begun[-1] if begun else around[0]

    def _in(self, of_year: Callable[[int], Stretch], years_on: int) -> Stretch | None:
        assert self.today is not None
        try:
            return of_year(self.today.year + years_on)
        except (ValueError, OverflowError):
            return None
