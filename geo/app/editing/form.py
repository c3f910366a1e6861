"""The form of one event, route or source: its fields, and what saving and deleting do."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any, NamedTuple

import shapely
import streamlit as st

from geo.app import state
from geo.app.dossier import Dossier
from geo.app.editing import acts
from geo.app.editing.cells import event_dates, event_place, new_id, route_dates, route_line, way
from geo.app.editing.fields import FORMS, WORDS, Field, differ, read, written
from geo.app.editing.spot import Spot, is_by_hand, read_spot, show_spot
from geo.app.words import literally
from geo.edits import Change, Row, Stored
from geo.errors import GeoError
from geo.following import end_of
from geo.maps.style import KINDS
from geo.places.finder import PlaceFinder
from geo.placing import via_names
from geo.store.rows import plain_row
from geo.types import Mode, Place, Route

_DRAFT, _TURN, _WAY = "edit-draft", "edit-turn", "edit-way"
_ONE = {"events": "event", "routes": "route", "sources": "source"}


@dataclass(frozen=True)
class Draft:
    """A row in the form.

    Args:
        layer: The table it is in.
        id: Its id; empty for a new one.
        seen: The row as it was when the form was opened; None for a new one.
        turn: Which opening of the form this is.
        beside: Which row was chosen on the map or in the table then.
    """

    layer: Stored
    id: str
    seen: Row | None
    turn: int
    beside: state.Selected | None

    def key(self, column: str) -> str:
        """Name the field of a column.

        Args:
            column: The column.

        Returns:
            Streamlit's key of the field.
        """
        return f"edit-{self.turn}-{column}"

    @property
    def changed(self) -> bool:
        """Whether a field holds something else than the row."""
        before = written(self.layer, self.seen)
        return any(
            differ(st.session_state.get(self.key(column), value), value) or is_by_hand(self.key(column))
            for column, value in before.items()
        )


class Filled(NamedTuple):
    """What a form holds.

    Args:
        before: What its fields held at first.
        values: What they hold now.
        spots: The places.
    """

    before: dict[str, Any]
    values: dict[str, Any]
    spots: dict[str, Spot]

    @property
    def moved(self) -> bool:
        """Whether a route runs elsewhere, or an event is elsewhere."""
        others = any(differ(self.values.get(name), self.before.get(name)) for name in ("mode", "via"))
        return others or any(spot.changed for spot in self.spots.values())


def draft() -> Draft | None:
    """Return the row in the form, if any."""
    found: Draft | None = st.session_state.get(_DRAFT)
    return found


def open_form(layer: Stored, name: str, seen: Row | None) -> Draft:
    """Open the form anew.

    Args:
        layer: The table.
        name: The row's id; empty for a new one.
        seen: The row as it stands; None for a new one.

    Returns:
        What is in the form now.
    """
    turn = st.session_state[_TURN] = st.session_state.get(_TURN, 0) + 1
    opened = st.session_state[_DRAFT] = Draft(layer, name, seen, turn, state.selected())
    return opened


def close_form() -> None:
    """Let go of what is in the form."""
    st.session_state.pop(_DRAFT, None)


def show_form(dossier: Dossier, held: Draft) -> None:
    """Show the form of a row.

    Args:
        dossier: The dossier in hand, kept in a workspace.
        held: The row.
    """
    before = written(held.layer, held.seen)
    for line in FORMS[held.layer]:
        columns = st.columns(len(line), gap="small") if len(line) > 1 else [st.container()]
        for place, field in zip(columns, line, strict=True):
            with place:
                if field.sort == "spot":
                    key, now = held.key(field.column), _spot(held, field.column)
                    show_spot(key, field.label, now, dossier.kept.corrections, mode=_mode(held, before))
                else:
                    _show(dossier, held, field, before[field.column])
    if held.layer == "routes":
        _show_way(dossier, held)
    with st.container(horizontal=True, key="edit-acts"):
        label = "Save" if held.seen else f"Add the {_ONE[held.layer]}"
        icon = ":material/check:"
        st.button(label, key="edit-save", type="primary", icon=icon, on_click=_save, args=(dossier, held))
        if held.seen:
            st.button("Delete", key="edit-delete", icon=":material/delete:", on_click=_delete, args=(dossier, held))
        if held.changed or not held.seen:
            st.button("Discard", key="edit-discard", type="tertiary", on_click=close_form)


def _mode(held: Draft, before: dict[str, Any]) -> Mode | None:
    mode: Mode | None = st.session_state.get(held.key("mode"), before.get("mode"))
    return mode


def _filled(dossier: Dossier, held: Draft) -> Filled:
    """Read all fields; what was typed last is among them, also where a button was pressed at once."""
    before = written(held.layer, held.seen)
    fields = [field for line in FORMS[held.layer] for field in line]
    values = {
        field.column: st.session_state.get(held.key(field.column), before[field.column])
        for field in fields
        if field.sort != "spot"
    }
    mode, corrections = _mode(held, before), dossier.kept.corrections
    spots = {
        field.column: read_spot(held.key(field.column), _spot(held, field.column), corrections, mode=mode).spot
        for field in fields
        if field.sort == "spot"
    }
    return Filled(before, values, spots)


def _show(dossier: Dossier, held: Draft, field: Field, value: Any) -> None:
    key, told = held.key(field.column), field.help or None
    if field.sort == "long":
        st.text_area(field.label, value, key=key, height=70)
    elif field.sort == "share":
        st.number_input(field.label, 0, 100, value, 5, key=key, placeholder="not rated")
    elif field.sort in ("number", "whole"):
        least: Any = 1 if field.sort == "whole" else 0.0
        st.number_input(field.label, least, None, value, key=key, placeholder="not known")
    elif field.sort in ("choice", "words", "source"):
        names = _options(dossier, field)
        options = list(dict.fromkeys([*names, *filter(None, [value])]))
        st.selectbox(
            field.label,
            options,
            options.index(value) if value in options else None,
            key=key,
            format_func=lambda option: names.get(option, option),
            accept_new_options=field.sort == "words",
            placeholder={"source": "None", "words": "other"}.get(field.sort, "Choose"),
        )
    else:
        st.text_input(field.label, value, key=key, help=told)


def _options(dossier: Dossier, field: Field) -> dict[str, str]:
    if field.sort == "words":
        kinds = sorted({*KINDS, *dossier.atlas.events["kind"].unique()})
        return dict(zip(kinds, kinds, strict=True))
    if field.sort == "choice":
        return {word: word.capitalize() for word in WORDS[field.column]}
    sources = dossier.atlas.sources
    return {
        name: " · ".join(filter(None, (publisher, title))) or name
        for name, publisher, title in zip(sources["id"], sources["publisher"], sources["title"], strict=True)
    }


def _typed(row: Row) -> dict[str, Any]:
    return {**row, "geometry": shapely.from_wkt(row["geometry"]) if row.get("geometry") else None}


def _spot(held: Draft, column: str) -> Spot:
    if held.seen is None:
        return Spot("", None, False)
    row = _typed(held.seen)
    name = str(row[column] or "")
    if held.layer == "routes":
        place = end_of(row, column, PlaceFinder(), moved=()) if row["geometry"] else None
    elif row["geometry"] is not None:
        radius = nan if row["radius_km"] is None else row["radius_km"]
        place = Place(row["place_id"], name, row["geometry"].x, row["geometry"].y, "place", "", radius, 1.0, name)
    else:
        place = None
    return Spot(name, place, False)


def _show_way(dossier: Dossier, held: Draft) -> None:
    filled = _filled(dossier, held)
    if held.seen and not filled.moved:
        seen = held.seen
        told = [f"{seen['length_km']:,.0f} km" if seen["length_km"] else "no line", seen["basis"], seen["passages"]]
        st.caption(literally(f"As it is: {', '.join(filter(None, told))}."))
        return
    found, trouble = _way(dossier, filled)
    if found:
        passages = f", through {', '.join(found.passages)}" if found.passages else ""
        st.caption(literally(f"{found.length_km:,.0f} km{passages}; the line is drawn, not observed."))
    elif trouble:
        st.warning(literally(trouble))


def _way(dossier: Dossier, filled: Filled) -> tuple[Route | None, str]:
    finder = PlaceFinder(corrections=dossier.kept.corrections)
    via = [place for name in via_names(str(filled.values["via"] or "")) if (place := _found(finder, name))]
    mode: Mode = filled.values["mode"] or "sea"
    asked = (filled.spots["origin"].place, filled.spots["destination"].place, mode, tuple(via))
    last: tuple[Any, tuple[Route | None, str]] | None = st.session_state.get(_WAY)
    if last is None or last[0] != asked:
        last = st.session_state[_WAY] = (asked, way(*asked))
    return last[1]


def _found(finder: PlaceFinder, name: str) -> Place | None:
    try:
        return finder.place(name)
    except GeoError:
        return None


def _save(dossier: Dossier, held: Draft) -> None:
    filled = _filled(dossier, held)
    title = str(filled.values["title"] or "").strip()
    if not title:
        acts.trouble("It has no title. Say in a few words what it is.")
        return
    if waiting := next((spot.name for spot in filled.spots.values() if spot.open), None):
        acts.trouble(f"“{waiting}” may mean several places. Choose one of them, or say where it is on the map.")
        return
    try:
        after = plain_row(_cells(dossier, held, filled))
    except GeoError as error:
        acts.trouble(str(error))
        return
    one = _ONE[held.layer]
    name = held.id or new_id(title, str(after.get("start") or after.get("depart") or ""))
    change = Change(held.layer, name, held.seen, {**(held.seen or {}), **after, "id": name})
    if acts.apply(dossier.address, [change], what=f"{'changed' if held.seen else 'added'} {one} {title}"):
        close_form()
        if not held.seen and held.layer != "sources":
            state.select_from_table((held.layer, name))  # type: ignore[arg-type]


def _cells(dossier: Dossier, held: Draft, filled: Filled) -> dict[str, Any]:
    before, now, spots = filled
    fields = {field.column: field for line in FORMS[held.layer] for field in line}
    dated: tuple[str, ...] = {"events": ("date",), "routes": ("depart", "arrive")}.get(held.layer, ())
    base = before if held.seen else {}
    other = {column for column, value in now.items() if differ(value, base.get(column))}
    cells = {column: read(fields[column], now[column]) for column in now if column in other - {*dated}}
    if other & {*dated}:
        told = [str(now[name] or "") for name in dated]
        cells |= event_dates(*told) if held.layer == "events" else route_dates(*told)
    if held.layer == "events" and spots["place"].changed:
        cells |= event_place(spots["place"].name, spots["place"].place)
    if held.layer == "routes" and filled.moved:
        names = {column: spot.name for column, spot in spots.items()}
        cells |= route_line(names, (spots["origin"].place, spots["destination"].place), _way(dossier, filled)[0])
    return cells


def _delete(dossier: Dossier, held: Draft) -> None:
    title = (held.seen or {}).get("title") or held.id
    change = Change(held.layer, held.id, held.seen, None)
    if acts.apply(dossier.address, [change], what=f"deleted {_ONE[held.layer]} {title}"):
        close_form()
