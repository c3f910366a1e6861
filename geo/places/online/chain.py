"""Online geocoders, for those who ask for them: one after another, slowly, and never for what is known offline."""

from __future__ import annotations

import json
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from geo.errors import CountryError, OnlineError
from geo.geodesy import check_lonlat
from geo.places.names import key
from geo.places.online.cache import WHEN, AnswerCache, Asked, Kept
from geo.places.online.reply import place_of
from geo.places.online.service import Hints, NoAnswerError, Service, check_user_agent, ready
from geo.types import Bounds, Geocode, LonLat, Notice, Place

MAX_AGE_DAYS = 90.0
_AROUND_DEG = 3
_FAILURES_IN_A_ROW = 3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Answer:
    """What the chain found for one name.

    Args:
        name: The name as it was asked for.
        place: The place, or None where no service knew one, or none answered.
        service: Which service answered, empty where none knew the place.
        asked_at: When it was asked, ISO 8601 in UTC.
        kept: Whether the answer was on disk already.
        licence: Under which licence the service gave it, empty where it does not say; show it with the place.
        notices: Which services gave no answer, and why.
    """

    name: str
    place: Place | None = None
    service: str = ""
    asked_at: str = ""
    kept: bool = False
    licence: str = ""
    notices: tuple[Notice, ...] = ()


class OnlineChain:
    """Geocoders of geopy's, asked in turn until one knows the name.

    Every name asked for leaves this machine. Each service is asked at most once within the delay by one chain, so
    share a chain instead of making several. Answers, "not found" too, are kept on disk and not asked again until they
    are too old; one that is too old still counts, with its date, where its service gives no new one.

    Args:
        geocoders: Geocoders of geopy's, their classes, or their short names such as `nominatim`.
        cache: The SQLite file that keeps the answers.
        user_agent: The user's own user agent, sent with each request; best with a way to reach them.
        min_delay_s: Time between two requests to one service, in seconds.
        timeout_s: How long to wait for an answer, in seconds.
        max_age_days: How old a kept answer may be before it is asked for anew, in days.

    Raises:
        OnlineError: No geocoder is given, one cannot be made, or the user agent names nobody.
        ReadError: The cache is damaged, or is held by another program.
        SaveError: The cache cannot be written.
    """

    def __init__(
        self,
        geocoders: Iterable[Any],
        *,
        cache: str | Path,
        user_agent: str,
        min_delay_s: float = 1.0,
        timeout_s: float = 10.0,
        max_age_days: float = MAX_AGE_DAYS,
    ) -> None:
        named = check_user_agent(user_agent)
        if not (min_delay_s >= 0 and timeout_s > 0):
            raise OnlineError(f"A delay of {min_delay_s} s and a timeout of {timeout_s} s do not work. Take 1 and 10.")
        if not max_age_days >= 0:
            raise OnlineError(f"{max_age_days} days is no age. Take 0 or more, such as {MAX_AGE_DAYS:g}.")
        self.max_age_days = max_age_days
        self.services: tuple[Service, ...] = tuple(
            ready(geocoder, user_agent=named, min_delay_s=min_delay_s, timeout_s=timeout_s) for geocoder in geocoders
        )
        if not self.services:
            raise OnlineError("No online geocoder is given. Name at least one, such as 'nominatim'.")
        self.cache = AnswerCache(Path(cache))
        self.cache.check()

    def __call__(self, name: str, *, near: LonLat | None = None) -> Place | None:
        """Ask for one name; services that give no answer are written to the log.

        Args:
            name: A name as written.
            near: (longitude, latitude) in degrees, WGS 84, of something it is likely to be close to.

        Returns:
            The place, or None.

        Raises:
            GeoError: The cache cannot be read or written.
        """
        answer = self.ask(name, near=near)
        for notice in answer.notices:
            _log.warning("%s: %s", notice.value, notice.message)
        return answer.place

    def ask(self, name: str, *, country: str | None = None, near: LonLat | None = None) -> Answer:
        """Ask for one name, and hear who answered.

        Args:
            name: A name as written.
            country: ISO 3166-1 alpha-2 code of the country it must lie in.
            near: (longitude, latitude) in degrees, WGS 84, of something it is likely to be close to.

        Returns:
            The answer.

        Raises:
            CountryError: The country is no code of two letters.
            CoordinateError: `near` is not on the Earth.
            GeoError: The cache cannot be read or written.
        """
        return self._answer(_plain(name), _hints(country, near), Counter())

    def ask_many(
        self,
        names: Sequence[str],
        *,
        country: str | None = None,
        near: LonLat | None = None,
        progress: bool = True,
    ) -> list[Answer]:
        """Ask for many names, each distinct one once; a service that keeps failing is given up for the rest of them.

        Args:
            names: Names as written; a cell that is no text is not asked for.
            country: ISO 3166-1 alpha-2 code of the country they must lie in.
            near: (longitude, latitude) in degrees, WGS 84, of something they are likely to be close to.
            progress: Show a bar on a terminal.

        Returns:
            One answer a name, in their order.

        Raises:
            CountryError: The country is no code of two letters.
            CoordinateError: `near` is not on the Earth.
            GeoError: The cache cannot be read or written; what was answered until then is kept.
        """
        from tqdm import tqdm

        hints = _hints(country, near)
        failures: Counter[str] = Counter()
        distinct = list(dict.fromkeys(map(_plain, names)))
        bar = tqdm(distinct, desc="Asking online", unit=" names", disable=None if progress else True)
        found = {plain: self._answer(plain, hints, failures) for plain in bar}
        return [found[_plain(name)] for name in names]

    def _answer(self, name: str, hints: Hints, failures: Counter[str]) -> Answer:
        if not key(name):
            return Answer(name)
        asked = {service.label: Asked(service.label, name, _json(service.told(hints))) for service in self.services}
        kept = {label: self.cache.get(question) for label, question in asked.items()}
        now = datetime.now(UTC)
        fresh = {label for label, known in kept.items() if known and known.age_days(now) <= self.max_age_days}
        for service in self.services:
            known = kept[service.label]
            if known and service.label in fresh and (answer := _told(name, service, known, hints, kept=True)):
                return answer
        notices: list[Notice] = []
        for service in self.services:
            if service.label in fresh:
                continue
            if failures[service.label] >= _FAILURES_IN_A_ROW:
                passed = f"{service.label} was not asked: it failed for the names before. Ask for this one later."
                notices.append(Notice("online", service.label, "place", name, passed))
                continue
            try:
                new = Kept(service.ask(name, hints), now.strftime(WHEN))
            except NoAnswerError as error:
                failures[service.label] += _FAILURES_IN_A_ROW if error.for_good else 1
                notices.append(Notice("online", service.label, "place", name, str(error)))
                continue
            failures[service.label] = 0
            kept[service.label] = None
            self.cache.put(asked[service.label], new)
            if answer := _told(name, service, new, hints, notices=tuple(notices)):
                return answer
        for service in self.services:
            known = kept[service.label]
            if known and (answer := _told(name, service, known, hints, kept=True, notices=tuple(notices))):
                return answer
        return Answer(name, notices=tuple(notices))


def _told(
    name: str, service: Service, known: Kept, hints: Hints, *, kept: bool = False, notices: tuple[Notice, ...] = ()
) -> Answer | None:
    if known.reply is None:
        return None
    place = place_of(known.reply, name=name, service=service.name, asked_at=known.asked_at)
    if hints.country and place.country and place.country != hints.country:
        return None
    return Answer(name, place, service.label, known.asked_at, kept, known.reply.licence, notices)


def _plain(name: object) -> str:
    # An empty cell of a table arrives as NaN, which is not the town of Nan.
    text = " ".join(name.split()) if isinstance(name, str) else ""
    return unicodedata.normalize("NFC", text.encode(errors="replace").decode())


def _hints(country: str | None, near: LonLat | None) -> Hints:
    code = (country or "").strip().upper()
    if code and not re.fullmatch("[A-Z]{2}", code):
        raise CountryError(f"{country!r} is no country's code. Give its ISO code of two letters, as RU.")
    return Hints(code, _around(near) if near is not None else None)


def _around(near: LonLat) -> Bounds:
    # In whole degrees, so that neighbours share what is kept; at 180 degrees one side is enough for a hint.
    lon, lat = (round(number) for number in check_lonlat(*near))
    west, south = max(lon - _AROUND_DEG, -180), max(lat - _AROUND_DEG, -90)
    return (west, south, min(lon + _AROUND_DEG, 180), min(lat + _AROUND_DEG, 90))


def _json(told: dict[str, Any]) -> str:
    return json.dumps(told, sort_keys=True) if told else ""


def with_online(offline: Geocode, chain: OnlineChain, *, never: Callable[[str], bool] | None = None) -> Geocode:
    """Ask offline first, and online only for what is not known there.

    Args:
        offline: The geocoder that needs no network.
        chain: The online geocoders.
        never: Tells which names are not to be asked for online, such as `Corrections.is_refused`.

    Returns:
        A geocoder that asks both.
    """

    def geocode(name: str, *, near: LonLat | None = None) -> Place | None:
        place = offline(name, near=near)
        if place is not None or (never is not None and never(name)):
            return place
        return chain(name, near=near)

    return geocode
