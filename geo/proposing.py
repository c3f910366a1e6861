"""From what was read in texts to candidates: tellings of one event brought together, places and lines drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from functools import partial
from typing import Any

import geopandas as gpd
import pandas as pd

from geo import schema
from geo.candidates import Candidates
from geo.errors import NoRouteError
from geo.geodesy import distance_km
from geo.news.documents.heads import headline
from geo.news.events import same_events, told_happening, told_movement
from geo.news.read import Reading
from geo.news.types import Happening, Mention, Movement, When
from geo.sourcing import mention_rows, point_of, source_notices, source_rows
from geo.timeline import hull
from geo.types import Interval, Mode, Notice, Place, Route

Leg = Callable[..., Route]
EndOfLeg = Callable[[Mention, Mode], Place]

_LONGEST_QUOTE = 2000  # characters; a "sentence" beyond is no sentence
_LONGEST_IN_NOTE = 300
_MOST_IN_NOTE = 10
_FAR_KM = 500.0  # beyond, a traveller of whom nothing is said is drawn through the air
_STANCES = {
    "claim": "Somebody says so.",
    "intention": "Said to be planned or asked for, not to have happened.",
    "denial": "Denied.",
}


def propose(readings: Sequence[Reading], *, leg: Leg, end_of_leg: EndOfLeg) -> Candidates:
    """Turn what was read into tables; what several sentences or texts tell becomes one row.

    Args:
        readings: What was found in each text; shape (n,).
        leg: Draws one leg between two places by a mode.
        end_of_leg: Gives the place where a leg of a mode begins or ends, from a place that a text names.

    Returns:
        The candidates.
    """
    sources = source_rows(readings)
    notices: list[Notice] = []
    events = _events(readings, sources, notices)
    routes = _routes(readings, sources, notices, leg, end_of_leg)
    notices += source_notices(readings, sources)
    return Candidates(
        _table("events", events), _table("routes", routes), mention_rows(readings, sources), sources, tuple(notices)
    )


def _table(layer: str, rows: list[dict[str, Any]]) -> gpd.GeoDataFrame:
    table = pd.DataFrame(rows, columns=[*schema.SCHEMAS[layer].columns, *_EXTRA[layer]])
    return schema.check(layer, table, file=layer)


_OFFSETS = ("sentence_start", "sentence_end")
_EXTRA = {
    "events": ("who", "stance", "when_words", "also", *_OFFSETS, "place_start", "place_end", "when_start", "when_end"),
    "routes": ("mode_stated", "stance", "when_words", "also", *_OFFSETS),
}


_Telling = tuple[str, Reading, Any]


def _tellings(readings: Sequence[Reading], sources: pd.DataFrame, what: str) -> list[_Telling]:
    return [
        (name, reading, told)
        for name, reading in zip(sources["id"], readings, strict=True)
        for told in getattr(reading, what)
    ]


def _grouped(tellings: list[_Telling], groups: list[list[int]]) -> list[tuple[_Telling, list[_Telling]]]:
    """Put the telling of each group first that says most, with what it lacks from the others."""
    found = []
    for group in groups:
        first, *others = sorted((tellings[number] for number in group), key=_richness)
        name, reading, told = first
        lacking = {
            field.name: value
            for field in fields(told)
            if not getattr(told, field.name)
            for value in (next(filter(None, (getattr(one, field.name) for _, _, one in others)), None),)
            if value
        }
        found.append(((name, reading, replace(told, **lacking)), others))
    return found


def _is_headline(reading: Reading, told: Happening | Movement) -> bool:
    title = reading.document.title or headline(reading.document.text)
    return bool(title) and told.sentence.start == 0 and reading.document.text.startswith(title)


def _richness(telling: _Telling) -> tuple[Any, ...]:
    name, reading, told = telling
    known = sum(bool(getattr(told, field.name)) for field in fields(told))
    dated = any(when is not None and when.interval for when in _whens(told))
    return (not dated, -known, -told.confidence, reading.document.text[slice(*told.sentence)], name, told.sentence)


def _whens(told: Happening | Movement) -> list[When | None]:
    return [told.when] if isinstance(told, Happening) else [told.depart, told.arrive]


def _id(*parts: object) -> str:
    return "c-" + hashlib.sha1(repr(parts).encode(), usedforsecurity=False).hexdigest()[:10]


def _shared(source: str, reading: Reading, told: Any, others: list[_Telling]) -> dict[str, Any]:
    """What an event and a movement have in common."""
    quote = reading.document.text[slice(*told.sentence)]
    quotes = dict.fromkeys(
        f"{name}: “{text[:_LONGEST_IN_NOTE]}”"
        for name, other, one in others
        if (text := other.document.text[slice(*one.sentence)]) != quote
    )
    also = [f"Also {one}" for one in list(quotes)[:_MOST_IN_NOTE]]
    if len(quotes) > _MOST_IN_NOTE:
        also.append(f"And {len(quotes) - _MOST_IN_NOTE:,} more tellings.")
    return {
        "title": told.title,
        "status": "candidate",
        "source_id": source,
        "quote": quote[:_LONGEST_QUOTE],
        "note": " ".join(part for part in (_STANCES.get(told.stance, ""), *also) if part),
        "stance": told.stance,
        "also": "; ".join(dict.fromkeys(name for name, _, _ in others if name != source)),
        "sentence_start": told.sentence.start,
        "sentence_end": told.sentence.end,
    }


def _confidence(told: Happening | Movement, *places: Place | None) -> float:
    """A row is right where the event is and its places are."""
    return round(told.confidence * min((place.confidence for place in places if place), default=1.0), 3)


def _time(when: Interval | None, first: str, last: str) -> dict[str, Any]:
    if when is None:
        return {first: None, last: None, "precision": "range"}
    return {first: when.start, last: when.end, "precision": when.precision}


def _undated(notices: list[Notice], layer: str, name: str, *whens: When | None) -> None:
    told = [when for when in whens if when is not None]
    if not any(when.interval for when in told):
        words, known = (told[0].words, told[0].known) if told else ("", "")
        message = f"Undated: {known or 'the text gives no date for it'}."
        notices.append(Notice(layer, name, "start" if layer == "events" else "depart", words, message))


def _events(readings: Sequence[Reading], sources: pd.DataFrame, notices: list[Notice]) -> list[dict[str, Any]]:
    tellings = _tellings(readings, sources, "happenings")
    groups = same_events(
        [told_happening(told, name, headline=_is_headline(reading, told)) for name, reading, told in tellings]
    )
    rows = []
    for (source, reading, told), others in _grouped(tellings, groups):
        happening: Happening = told
        scene, when = happening.scene, happening.when
        place = scene.place if scene else None
        name = _id(source, happening.sentence, happening.kind, happening.trigger, scene.start if scene else -1)
        _undated(notices, "events", name, when)
        if place is None:
            notices.append(Notice("events", name, "place", "", "The text does not say where."))
        rows.append(
            _shared(source, reading, happening, others)
            | _time(when.interval if when else None, "start", "end")
            | {
                "id": name,
                "kind": happening.kind,
                "confidence": _confidence(happening, place),
                "place": scene.surface if scene else "",
                "place_id": place.place_id if place else "",
                "radius_km": place.radius_km if place else None,
                "geometry": point_of(place),
                "who": "; ".join(happening.who),
                "when_words": when.words if when else "",
            }
            | _offsets("place", scene, reading)
            | _offsets("when", when, reading)
        )
    return rows


def _offsets(what: str, at: Mention | When | None, reading: Reading) -> dict[str, int]:
    """Where that stands in the text; what another text told stands nowhere in this one."""
    words = "" if at is None else at.words if isinstance(at, When) else at.surface
    known = at is not None and reading.document.text[at.start : at.end] == words
    return {f"{what}_start": at.start if at and known else -1, f"{what}_end": at.end if at and known else -1}


def _routes(
    readings: Sequence[Reading], sources: pd.DataFrame, notices: list[Notice], leg: Leg, end_of_leg: EndOfLeg
) -> list[dict[str, Any]]:
    tellings = _tellings(readings, sources, "movements")
    groups = same_events(
        [told_movement(told, name, headline=_is_headline(reading, told)) for name, reading, told in tellings]
    )
    rows = []
    for (source, reading, told), others in _grouped(tellings, groups):
        movement: Movement = told
        at = [end.start if end else -1 for end in (movement.origin, movement.destination)]
        name = _id(source, movement.sentence, "movement", movement.trigger, at)
        notice = partial(Notice, "routes", name)
        mode = movement.mode or _assumed(movement)
        ends = [end_of_leg(end, mode) if end and end.place else None for end in (movement.origin, movement.destination)]
        via = [stop.place for stop in movement.via if stop.place]
        route = _drawn(partial(leg, mode=mode, via=via), ends, notices, notice)
        note = "" if movement.mode else "How it travelled is not stated."
        _undated(notices, "routes", name, movement.depart, movement.arrive)
        dates = _dates(movement)
        if movement.arrive and movement.arrive.interval and dates["dated_by"] == "depart":
            backwards = "Arrives before it departs, as it is read: only the departure counts. Check both dates."
            notices.append(notice("arrive", movement.arrive.words, backwards))
        shared = _shared(source, reading, movement, others)
        whens = [when for when in _whens(movement) if when]
        rows.append(
            shared
            | dates
            | {
                "id": name,
                "shipment": name,
                "leg": 1,
                "confidence": _confidence(movement, *ends),
                "mode": mode,
                "mode_stated": bool(movement.mode),
                "cargo": movement.cargo,
                "quantity": movement.quantity,
                "unit": movement.unit,
                "carrier": movement.carrier,
                "origin": movement.origin.surface if movement.origin else "",
                "origin_id": ends[0].place_id if ends[0] else "",
                "destination": movement.destination.surface if movement.destination else "",
                "destination_id": ends[1].place_id if ends[1] else "",
                "basis": "inferred",
                "length_km": round(route.length_km, 3) if route else None,
                "passages": "; ".join(route.passages) if route else "",
                "note": " ".join(part for part in (shared["note"], note) if part),
                "geometry": route.line if route else None,
                "when_words": "; ".join(when.words for when in whens),
            }
        )
    return rows


def _assumed(movement: Movement) -> Mode:
    """What to draw where the text does not say how: travellers fly far, all else goes by road."""
    places = [end.place for end in (movement.origin, movement.destination) if end and end.place]
    far = len(places) == 2 and distance_km(places[0].lonlat, places[1].lonlat) > _FAR_KM
    return "air" if far and not movement.cargo else "road"


def _drawn(
    leg: Leg, ends: Sequence[Place | None], notices: list[Notice], notice: Callable[..., Notice]
) -> Route | None:
    origin, destination = ends
    if origin is None or destination is None:
        column, word = ("origin", "from") if origin is None else ("destination", "to")
        notices.append(notice(column, "", f"The text does not say where {word}."))
        return None
    try:
        return leg(origin, destination)
    except NoRouteError as error:
        notices.append(notice("destination", destination.name, f"No line is drawn: {error}"))
        return None


def _dates(movement: Movement) -> dict[str, Any]:
    depart, arrive = (when.interval if when else None for when in (movement.depart, movement.arrive))
    if depart and arrive and arrive.end > depart.start:
        return _time(hull(depart, arrive), "depart", "arrive") | {"dated_by": ""}
    dated_by = "depart" if depart else "arrive" if arrive else ""
    return _time(depart or arrive, "depart", "arrive") | {"dated_by": dated_by}
