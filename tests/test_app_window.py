"""What follows the slider in the app: masks, counts, a page of the table, all the same rows as `geo.timeline` gives."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, MultiLineString, Point

from geo import Atlas, schema
from geo.app.sight import in_sight
from geo.app.slices import Slice
from geo.app.table import PAGE_ROWS, page_of
from geo.atlas import LAYERS
from geo.geodesy import bounds, densest
from geo.timeline import describe, in_window

START = pd.Timestamp("2024-01-01", tz="UTC")


def make(events: int, routes: int = 7) -> Atlas:
    chance = np.random.default_rng(3)

    def times(count: int, first: str, last: str) -> dict[str, object]:
        begins = START + pd.to_timedelta(chance.integers(0, 400, count), unit="D")
        ends = begins + pd.to_timedelta(chance.integers(0, 40, count), unit="D")
        undated = np.arange(count) % 11 == 5
        return {name: pd.Series(at).where(~undated) for name, at in ((first, begins), (last, ends))}

    ids = [f"e{number}" for number in range(events)]
    table = {
        **{"id": ids, "title": [f"Event {name}" for name in ids], "place": "Najin", "source_id": "s"},
        **times(events, "start", "end"),
        "kind": chance.choice(["visit", "trade"], events),
        "confidence": chance.choice([0.2, 0.8, np.nan], events),
        "geometry": [None if k % 7 == 3 else Point(chance.uniform(-180, 180), 10) for k in range(events)],
    }
    legs = {
        **{"id": [f"r{k}" for k in range(routes)], "title": "Coal", "origin": "Najin", "destination": "=Busan"},
        **times(routes, "depart", "arrive"),
        "mode": "sea",
        "geometry": [LineString([(k, 0), (k + 5, 5)]) for k in range(routes - 2)]
        + [MultiLineString([[(170, 0), (180, 1)], [(-180, 1), (-170, 2)]]), None],
    }
    sources = {"id": ["s"], "title": ["Report"], "publisher": ["Agency"]}
    tables = {"events": table, "routes": legs, "sources": sources}
    return Atlas(*(schema.check(name, pd.DataFrame(rows), file=name) for name, rows in tables.items()))


ATLAS = make(620)
FEW = make(90)


@settings(max_examples=25)
@given(st.integers(-5, 420), st.integers(1, 200), st.sampled_from([None, ["visit"], []]), st.sampled_from([0.0, 0.5]))
def test_counts_table_and_export_are_the_rows_that_the_timeline_gives(first, days, kinds, least):
    t0 = START + pd.Timedelta(days=first)
    t1 = t0 + pd.Timedelta(days=days)
    fits = Slice(ATLAS, ATLAS.index.fitting(kinds=kinds, confidence=least))
    current = fits.among(ATLAS.index.in_window(t0, t1))
    for name in LAYERS:
        table, (begin, end) = ATLAS.layer(name), schema.TIMES[name]
        expected = in_window(table[begin], table[end], t0, t1) & (table["confidence"].fillna(0) >= least)
        if name == "events" and kinds is not None:
            expected &= table["kind"].isin(kinds)
        assert list(current.atlas.layer(name)["id"]) == list(table["id"][expected])
        assert current.counts[name] == expected.sum()
    pages = [page_of(current, first=at) for at in range(0, current.size, PAGE_ROWS)]
    shown = [key for keys, _ in pages for key in keys]
    assert sorted(shown) == sorted((name, row) for name in LAYERS for row in current.atlas.layer(name)["id"])
    first_of = {name: ATLAS.layer(name).set_index("id")[schema.TIMES[name][0]].to_dict() for name in LAYERS}
    moments = [first_of[name][row] for name, row in shown]
    assert all(a <= b for a, b in itertools.pairwise(moments)), "in the order of their dates"
    assert all(len(rows) == len(keys) for keys, rows in pages)


def test_a_page_says_what_stands_in_its_rows():
    keys, rows = page_of(Slice(ATLAS, ATLAS.index.fitting()), first=PAGE_ROWS)
    assert len(keys) == len(rows) == 627 - PAGE_ROWS
    tables = {name: {row["id"]: row for row in ATLAS.layer(name).to_dict("records")} for name in LAYERS}
    for (layer, name), told in zip(keys, rows.to_dict("records"), strict=True):
        row = tables[layer][name]
        begin, end = schema.TIMES[layer]
        assert told["When"] == describe(row[begin], row[end], row["precision"], short=True)
        assert told["What"] == row["title"]
        assert told["Kind"] == (row["kind"] if layer == "events" else "by sea")
        assert told["Source"] == ("Agency" if layer == "events" else "")
    legs = Slice(ATLAS, {"events": np.zeros(620, dtype=bool), "routes": np.ones(7, dtype=bool)})
    assert set(page_of(legs, first=0)[1]["Where"]) == {"Najin → =Busan"}


def test_rows_without_a_date_come_last():
    ids = [ATLAS.layer(layer)["id"].iloc[at] for layer, at in Slice(ATLAS, ATLAS.index.fitting()).page(0, 10_000)]
    undated = set(ATLAS.undated["id"])
    assert len(ids) == len(ATLAS.events) + len(ATLAS.routes)
    assert set(ids[-len(undated) :]) == undated


def meets(shape, box):
    """The rule for one shape, written plainly."""
    own = bounds([shape])
    if own is None or own[3] < box[1] or own[1] > box[3]:
        return False

    def spans(sides):
        west, _, east, _ = sides
        return [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]

    return any(west <= right and east >= left for west, east in spans(own) for left, right in spans(box))


@settings(max_examples=40)
@given(st.floats(-180, 180), st.floats(-180, 180), st.floats(-20, 5), st.floats(5, 20))
def test_what_is_in_sight_is_told_for_all_rows_as_for_each(west, east, south, north):
    masks = in_sight(FEW, (west, south, east, north))
    for name in LAYERS:
        expected = [meets(shape, (west, south, east, north)) for shape in FEW.layer(name).geometry]
        assert masks[name].tolist() == expected


def test_slices_of_the_same_rows_have_the_same_token_and_others_another():
    some = Slice(ATLAS, ATLAS.index.fitting(kinds=["visit"]))
    assert some.token == Slice(ATLAS, ATLAS.index.fitting(kinds=["visit"])).token
    assert some.token != Slice(ATLAS, ATLAS.index.fitting(kinds=["trade"])).token
    assert Slice(ATLAS, ATLAS.index.fitting()).atlas is ATLAS
    assert replace(ATLAS, title="another").index is not ATLAS.index


def test_the_densest_part_of_very_many_points_is_found():
    chance = np.random.default_rng(1)
    korea = np.column_stack([chance.uniform(126, 128, 60_000), chance.uniform(36, 38, 60_000)])
    world = np.column_stack([chance.uniform(-180, 180, 40_000), chance.uniform(-60, 60, 40_000)])
    west, south, east, north = densest(chance.permutation(np.vstack([korea, world])))
    assert (west, south) >= (125, 35)
    assert (east, north) <= (129, 39)
    assert densest([(0, 0)]) == pytest.approx((0, 0, 0, 0))
