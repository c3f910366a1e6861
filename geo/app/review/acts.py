"""What the buttons, keys and clicks of a review do."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from geo.app.places.candidates import by_coordinates
from geo.app.places.keeping import Kept
from geo.app.review.desk import Desk, decide, standing
from geo.app.review.likeness import Like
from geo.app.review.progress import Edit, Progress, Row, Telling
from geo.app.review.queue import Item, after_deciding
from geo.app.review.rows import accepted_row, as_cells, as_place, changed
from geo.app.words import label
from geo.errors import FormatError, GeoError, PlaceError
from geo.places.finder import PlaceFinder
from geo.schema import SCHEMAS, TIMES
from geo.timeline import parse_date
from geo.types import Layer, Place

_UNDATED = "It has no date, and so is in no window of time."
POINT_KM = 1.0  # how far off a click on the small map may be


@dataclass(frozen=True)
class Hand:
    """The candidate in hand, and what is needed to decide about it.

    Args:
        desk: The review.
        kept: The corrections in force.
        item: The candidate in the queue.
        row: The candidate as it stands.
        items: The queue.
    """

    desk: Desk
    kept: Kept
    item: Item
    row: Row
    items: list[Item]

    @property
    def then(self) -> str:
        """Id of the candidate that is shown once this one is decided."""
        return after_deciding(self.items, self.item.id)


def accept(hand: Hand) -> None:
    """Accept the candidate in hand.

    Args:
        hand: The candidate in hand.
    """
    rows = {hand.item.id: (hand.item.layer, accepted_row(hand.item.layer, hand.row))}
    progress = hand.desk.progress.accepting(rows, _sources(hand.desk, [hand.row]))
    said = "Accepted." if _is_dated(hand.item.layer, hand.row) else f"Accepted. {_UNDATED}"
    decide(hand.desk, progress, said, then=hand.then)


def accept_all(hand: Hand, names: Collection[str]) -> None:
    """Accept many candidates in one step.

    Args:
        hand: The candidate in hand.
        names: Ids of those to accept.
    """
    tables = standing(hand.desk, hand.kept)
    found = [(layer, row) for layer in tables for row in tables[layer].to_dict("records") if row["id"] in names]
    rows = {row["id"]: (layer, accepted_row(layer, row)) for layer, row in found}
    progress = hand.desk.progress.accepting(rows, _sources(hand.desk, [row for _, row in found]))
    left = next((item.id for item in hand.items if item.id not in names), "")
    undated = sum(not _is_dated(layer, row) for layer, row in found)
    noted = f" {undated} of them have no date, and so are in no window of time." if undated else ""
    decide(hand.desk, progress, f"{len(rows)} accepted.{noted}", then=left)


def _is_dated(layer: Layer, row: Row) -> bool:
    return any(pd.notna(row[moment]) for moment in TIMES[layer])


def reject(hand: Hand) -> None:
    """Reject the candidate in hand.

    Args:
        hand: The candidate in hand.
    """
    decide(hand.desk, hand.desk.progress.rejecting(hand.item.id), "Rejected.", then=hand.then)


def merge(hand: Hand, like: Like) -> None:
    """Merge the candidate in hand with a row that tells of the same.

    Args:
        hand: The candidate in hand.
        like: That row.
    """
    source = next(iter(_sources(hand.desk, [hand.row]).values()), {})
    said = ", ".join(part for part in (source.get("publisher") or source.get("title"), source.get("published")) if part)
    telling = Telling(hand.item.layer, like.id, f"Also {said or 'another text'}: “{hand.row['quote']}”", dict(source))
    progress = hand.desk.progress.merging(hand.item.id, telling)
    decide(hand.desk, progress, f"Merged with “{like.title}”.", then=hand.then)


def _sources(desk: Desk, rows: Collection[Row]) -> dict[str, Row]:
    assert desk.candidates is not None
    cited = dict.fromkeys(name for row in rows for name in (row["source_id"], *row["also"].split("; ")))
    table = desk.candidates.sources.set_index("id", drop=False)[list(SCHEMAS["sources"].columns)]
    return {name: table.loc[name].to_dict() for name in cited if name in table.index}


def choose(hand: Hand, column: str, place: Place) -> None:
    """Say which place a name means: in this candidate, and wherever the name is written.

    Args:
        hand: The candidate in hand.
        column: Which name: place, origin or destination.
        place: What it means.
    """
    desk, name = hand.desk, hand.row[column]
    try:
        hand.kept.corrections.add(name, place)
    except GeoError as error:
        desk.trouble = f"Nothing was changed. {error}"
        return
    kept = hand.kept.again()
    by_hand = desk.progress.edits.get(hand.item.id, {}).get(column)
    # A name that was put in by hand stays, with what it means now; one that the text gives follows the correction.
    stays = as_cells(name, place) if by_hand and by_hand["name"] != _read_as(hand, column) else None
    progress = desk.progress.editing(hand.item.id, {column: stays})
    said = f"“{name}” now means {label(place)}, here and in all rows that write it."
    if not decide(desk, _refrozen(hand, progress, kept), said, then=hand.item.id, corrected=name):
        kept.corrections.undo()


def _read_as(hand: Hand, column: str) -> str:
    assert hand.desk.candidates is not None
    table = {"events": hand.desk.candidates.events, "routes": hand.desk.candidates.routes}[hand.item.layer]
    return str(table.loc[table["id"] == hand.item.id, column].iloc[0])


def place_here(hand: Hand, column: str, name: str, place: Place) -> None:
    """Put the candidate in hand somewhere, and no other.

    Args:
        hand: The candidate in hand.
        column: Which name: place, origin or destination.
        name: The name as it is to be written.
        place: Where it is.
    """
    _edited(hand, {column: as_cells(name, place)}, f"Put at {label(place)}, this one only.")


def point_here(hand: Hand, column: str, lon: float, lat: float) -> None:
    """Put the candidate in hand at a point of the map, and no other.

    Args:
        hand: The candidate in hand.
        column: Which name: place, origin or destination.
        lon: Longitude in degrees, WGS 84.
        lat: Latitude in degrees, WGS 84.
    """
    name = hand.row[column]
    place = Place(f"point:{lat:.5f},{lon:.5f}", name, round(lon, 5), round(lat, 5), "place", "", POINT_KM, 1.0, name)
    place_here(hand, column, name, place)


def teach(hand: Hand, column: str) -> None:
    """Take the place that was set for the candidate in hand for every row that writes its name.

    Args:
        hand: The candidate in hand.
        column: Which name: place, origin or destination.
    """
    place = as_place(hand.desk.progress.edits[hand.item.id][column])
    choose(hand, column, replace(place, name=place.name or place.matched))


def edit(hand: Hand, written: Mapping[str, str]) -> str:
    """Change what is written of the candidate in hand.

    Args:
        hand: The candidate in hand.
        written: Column -> text: title, date, kind or mode, and names of places; only what is changed.

    Returns:
        What is wrong with it, in words; empty where it was taken over.
    """
    try:
        changes = {column: _read(hand, column, text.strip()) for column, text in written.items()}
    except GeoError as error:
        return str(error)
    if changes:
        _edited(hand, changes, f"Changed: {', '.join(changes)}.")
    return ""


def _read(hand: Hand, column: str, text: str) -> Any:
    if column == "title" and not text:
        raise FormatError("The title is empty. Say in a few words what happened.")
    if column == "date" and text:
        parse_date(text)
    if column in ("place", "origin", "destination"):
        return _place_cells(hand, column, text)
    return text


def _place_cells(hand: Hand, column: str, text: str) -> dict[str, Any]:
    name = hand.row[column]
    point = by_coordinates(text, name)
    if point:
        return as_cells(name or text, point)
    mode = hand.row["mode"] if hand.item.layer == "routes" else None
    found = PlaceFinder(corrections=hand.kept.corrections).place(text, context=hand.row["quote"], mode=mode)
    if found is None:
        raise PlaceError(
            f"No place called “{text}” is known. Try another spelling, a place nearby, coordinates such as "
            "42.4 N 130.6 E, or click on the small map."
        )
    return as_cells(text, found)


def _edited(hand: Hand, changes: Edit, said: str) -> None:
    progress = hand.desk.progress.editing(hand.item.id, changes)
    decide(hand.desk, _refrozen(hand, progress, hand.kept), said, then=hand.item.id)


def _refrozen(hand: Hand, progress: Progress, kept: Kept) -> Progress:
    """Let a row that was accepted before follow what is changed in it now."""
    if hand.item.id not in progress.accepted:
        return progress
    layer, row = progress.accepted[hand.item.id]
    finder = PlaceFinder(corrections=kept.corrections)
    after = changed(layer, row, progress.edits.get(hand.item.id, {}), finder)
    return progress.accepting({hand.item.id: (layer, {**row, **after})}, {})


def move(desk: Desk, name: str) -> None:
    """Take another candidate in hand.

    Args:
        desk: The review.
        name: Its id.
    """
    desk.at = name
    desk.said = desk.trouble = ""


def columns_of(layer: Layer) -> tuple[str, ...]:
    """Name the columns of a candidate that hold names of places.

    Args:
        layer: The table it is in.

    Returns:
        One for an event, two for a route.
    """
    return ("place",) if layer == "events" else ("origin", "destination")
