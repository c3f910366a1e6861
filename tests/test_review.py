"""The review without a browser: what is kept, what joins, in which order, and how the text is cut."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import Point

from geo import Atlas, schema
from geo.app.review import keeping
from geo.app.review.joining import accepted_atlas, apart, join
from geo.app.review.keeping import Saved, load, save
from geo.app.review.likeness import alike
from geo.app.review.pieces import AROUND, certainty, pieces
from geo.app.review.progress import Progress, Telling
from geo.app.review.queue import Item, Wanted, after_deciding, beside, queue
from geo.app.review.reading import read, together, unread
from geo.app.review.rows import accepted_row, as_cells, as_they_stand
from geo.candidates import Candidates
from geo.errors import GeoError
from geo.news.documents import read_uploads
from geo.news.types import Document
from geo.places.corrections import Corrections
from geo.places.finder import default_finder
from tests.test_app_review import COAST, HARBOUR

NOTHING = Progress()


@pytest.fixture(scope="module")
def batch() -> tuple[Document, ...]:
    documents, faults = read_uploads([("harbour.txt", HARBOUR.encode()), ("coast.txt", COAST.encode())])
    assert not faults
    return tuple(documents)


@pytest.fixture(scope="module")
def candidates(batch, tmp_path_factory) -> Candidates:
    said: list[tuple[float, str]] = []
    found = read(batch, Corrections.open(tmp_path_factory.mktemp("none")), lambda *told: said.append(told))
    assert [share for share, _ in said] == [0.0, 0.5], "how far it is"
    return found


def accepting(candidates: Candidates, *words: str) -> Progress:
    """Accept the candidates whose titles hold one of these words."""
    progress = Progress()
    sources = candidates.sources.drop(columns="text").set_index("id", drop=False)
    for layer in ("events", "routes"):
        for row in getattr(candidates, layer).to_dict("records"):
            if any(word in row["title"] for word in words):
                source = sources.loc[row["source_id"]].to_dict()
                progress = progress.accepting({row["id"]: (layer, accepted_row(layer, row))}, {source["id"]: source})
    return progress


def id_of(candidates: Candidates, word: str) -> str:
    return str(candidates.events.loc[candidates.events["title"].str.contains(word), "id"].iloc[0])


def test_what_is_decided_last_holds(candidates):
    name = id_of(candidates, "A fire")
    progress = accepting(candidates, "A fire")
    assert progress.verdict(name) == "accepted"
    assert progress.rejecting(name).verdict(name) == "rejected"
    assert progress.verdict(name) == "accepted", "an act gives a new value"
    assert progress.rejecting(name).reopening([name]).verdict(name) == "open"
    edited = progress.editing(name, {"title": "Fire", "date": "2024"}).editing(name, {"date": None})
    assert edited.edits == {name: {"title": "Fire"}}


def test_an_intention_that_is_accepted_stays_one_and_a_denial_is_disputed(candidates):
    progress = accepting(candidates, "may visit", "missiles", "A fire")
    statuses = {row["title"][:9]: row["status"] for _, row in progress.accepted.values()}
    assert sorted(statuses.values()) == ["candidate", "disputed", "reported"]


def test_what_is_accepted_first_may_have_no_date(candidates):
    name = id_of(candidates, "A fire")
    _, row = accepting(candidates, "A fire").accepted[name]
    undated = {**row, "start": pd.NaT, "end": pd.NaT}
    events = accepted_atlas(NOTHING.accepting({name: ("events", undated)}, {})).events
    assert events["start"].isna().all()
    assert events["start"].dtype == schema.empty("events")["start"].dtype


def test_a_review_is_kept_and_read_back(candidates, batch, tmp_path):
    name, other = id_of(candidates, "A fire"), id_of(candidates, "arrested")
    telling = Telling("events", name, "Also Harbour Daily: “Two workers”", {**dict.fromkeys(
        ("title", "publisher", "url", "published", "note"), ""), "id": "harbour-daily"})  # fmt: skip
    place = as_cells("Here", default_finder().place("Busan"))
    progress = accepting(candidates, "A fire", "Russian ship").merging(other, telling).editing(name, {"place": place})
    review = Saved((batch,), progress.rejecting("c-x"), name, 1)
    save(tmp_path, review, articles=True)
    assert load(tmp_path).batches == (batch,)
    back = load(tmp_path).progress
    assert (back.rejected, back.merged, back.edits) == (review.progress.rejected, progress.merged, progress.edits)
    assert accepted_atlas(back).to_geojson() == accepted_atlas(progress).to_geojson()
    assert "Two workers" in (tmp_path / keeping.FOLDER / keeping.ACCEPTED).read_text(encoding="utf-8")
    assert not back.accepted[name][1]["note"], "what was merged can be taken out again"


def test_a_review_that_went_on_elsewhere_or_is_damaged_is_left_as_it_is(candidates, batch, tmp_path):
    save(tmp_path, Saved((batch,), accepting(candidates, "A fire"), "", 5), articles=True)
    kept = tmp_path / keeping.FOLDER / keeping.PROGRESS
    before = kept.read_text(encoding="utf-8")
    with pytest.raises(GeoError, match=r"went on in another window\. Reload"):
        save(tmp_path, Saved((batch,), Progress(), "", 5), articles=False)
    assert kept.read_text(encoding="utf-8") == before
    for broken, said in (("{", "is no JSON"), ("[]", "no review that this version can read"), ("{}", "no review")):
        kept.write_text(broken, encoding="utf-8")
        with pytest.raises(GeoError, match=said):
            load(tmp_path)
    assert load(tmp_path / "elsewhere") == Saved()


def test_what_is_accepted_joins_with_ids_of_its_own(candidates, sample, tmp_path):
    none = Corrections.open(tmp_path)
    assert join(sample, Progress(), none) is sample
    progress = accepting(candidates, "A fire", "Russian ship")
    joined = join(sample, progress, none)
    assert (len(joined.events), len(joined.routes)) == (len(sample.events) + 1, len(sample.routes) + 1)
    for layer in ("events", "routes"):
        assert dict(joined.layer(layer).dtypes) == dict(sample.layer(layer).dtypes)
    twice = join(join(sample, progress, none), progress, none)
    for table in (twice.events, twice.routes, twice.sources):
        assert table["id"].is_unique
    assert set(twice.events["source_id"]) <= set(twice.sources["id"])
    saved = tmp_path / "joined.geojson"
    joined.save(saved)
    assert len(Atlas.open(saved).events) == len(joined.events)


def test_an_accepted_row_follows_a_correction_unless_it_was_put_somewhere_by_hand(candidates, sample, tmp_path):
    name = id_of(candidates, "A fire")
    busan = default_finder().place("Busan")
    corrections = Corrections.open(tmp_path).add("Vladivostok", busan)
    progress = accepting(candidates, "A fire", "arrested")
    moved = join(sample, progress, corrections).events.set_index("id")
    assert {moved.loc[id, "place_id"] for id in progress.accepted} == {busan.place_id}
    by_hand = progress.editing(name, {"place": as_cells("Vladivostok", default_finder().place("Seoul"))})
    kept = join(sample, by_hand, corrections).events.set_index("id")
    assert kept.loc[name, "place_id"] == progress.accepted[name][1]["place_id"]
    assert list(kept.index) == list(moved.index)


def test_a_correction_moves_all_candidates_of_that_name_and_their_lines(candidates, tmp_path):
    finder = default_finder()
    corrections = (
        Corrections.open(tmp_path).add("Vladivostok", finder.place("Busan")).add("Dunay", finder.place("Niigata"))
    )
    before = as_they_stand(candidates, Corrections.open(tmp_path / "none.csv"), Progress())
    after = as_they_stand(candidates, corrections, Progress())
    told = after["events"]["place"] == "Vladivostok"
    assert told.sum() == 2
    assert set(after["events"].loc[told, "place_id"]) == {finder.place("Busan").place_id}
    assert after["routes"]["length_km"].iloc[0] > before["routes"]["length_km"].iloc[0] + 300


def test_changes_by_hand_set_the_date_and_draw_the_line_anew(candidates, tmp_path):
    route = candidates.routes.iloc[0]
    edit = {"mode": "air", "date": "2024-03", "destination": as_cells("Busan", default_finder().place("Busan"))}
    progress = Progress().editing(route["id"], edit)
    row = as_they_stand(candidates, Corrections.open(tmp_path), progress)["routes"].iloc[0]
    assert (row["mode"], row["destination"], row["precision"]) == ("air", "Busan", "month")
    assert row["arrive"] == pd.Timestamp("2024-04-01", tz="UTC")
    assert row.geometry.length != route.geometry.length
    undated = as_they_stand(candidates, Corrections.open(tmp_path), Progress().editing(route["id"], {"date": ""}))
    assert undated["routes"]["depart"].isna().all()


def test_readings_come_together_and_nothing_is_read_twice(candidates, batch):
    both = together([candidates, candidates])
    ids = [*both.events["id"], *both.routes["id"]]
    assert len(ids) == len(set(ids)) == 2 * (len(candidates.events) + len(candidates.routes))
    assert both.sources["id"].is_unique
    assert set(both.mentions["source_id"]) <= set(both.sources["id"])
    assert list(both.events["id"][: len(candidates.events)]) == list(candidates.events["id"])
    assert not unread([replace(batch[0], file="other.txt")], [batch])
    assert unread([batch[0], batch[0]], []) == [batch[0]]


def test_the_queue_in_both_orders_and_through_its_filters(candidates):
    tables = {"events": candidates.events, "routes": candidates.routes}

    def listed(progress: Progress = NOTHING, **wanted: object) -> list[Item]:
        return queue(tables, candidates, progress, Wanted(**wanted))

    def rows(items: list[Item]) -> list[pd.Series]:
        return [tables[item.layer].iloc[item.number] for item in items]

    in_text = [(row["source_id"], row["sentence_start"]) for row in rows(listed())]
    order = list(candidates.sources["id"])
    assert in_text == sorted(in_text, key=lambda at: (order.index(at[0]), at[1]))
    sure = [row["confidence"] for row in rows(listed(order="Surest first"))]
    assert sure == sorted(sure, reverse=True)
    assert {item.layer for item in listed(kinds=("route",))} == {"routes"}
    assert {row["source_id"] for row in rows(listed(articles=("coast-news",)))} == {"coast-news"}
    assert min(row["confidence"] for row in rows(listed(least=0.8))) >= 0.8
    progress = accepting(candidates, "A fire")
    assert [item.id for item in listed(progress, verdict="accepted")] == list(progress.accepted)
    ids = [item.id for item in listed()]
    assert (beside(listed(), ids[0], 1), beside(listed(), ids[0], -1), beside([], "x", 1)) == (ids[1], ids[0], "")
    assert (after_deciding(listed(), ids[0]), after_deciding(listed(), ids[-1])) == (ids[1], ids[0])
    assert after_deciding(listed()[:1], ids[0]) == ""


def test_rows_that_may_be_the_same_come_nearest_first(candidates):
    row = candidates.events[candidates.events["title"].str.contains("arrested")].iloc[0].to_dict()
    far = {**row, "id": "far", "geometry": Point(10, 50)}
    later = {
        **row,
        "id": "later",
        "start": row["start"] + pd.Timedelta(days=3),
        "end": row["end"] + pd.Timedelta(days=3),
    }
    other = {**row, "id": "other-kind", "kind": "visit"}
    nowhere = {**row, "id": "nowhere", "geometry": None}
    table = candidates.events.iloc[:0]
    there = pd.concat([table, type(table)([far, other, later, nowhere, row], geometry="geometry", crs=table.crs)])
    found = [like.id for like in alike("events", row, [there], table)]
    assert found == ["later", "nowhere", "far", "other-kind"]


@given(st.text(min_size=1, max_size=80), st.data())
def test_the_pieces_of_a_text_are_the_text(text, data):
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=6, max_size=6)))
    row = {"sentence_start": edges[0], "sentence_end": edges[5], "place_start": edges[1], "place_end": edges[2],
           "when_start": -1, "when_end": -1}  # fmt: skip
    mentions = pd.DataFrame([
        {"start": edges[a], "end": edges[b], "surface": text[edges[a] : edges[b]], "role": "place", "confidence": 0.9,
         "place": "", "kind": "", "country": "", "geometry": None} for a, b in ((1, 2), (3, 4)) if edges[a] < edges[b]
    ], columns=["start", "end", "surface", "role", "confidence", "place", "kind", "country", "geometry"])  # fmt: skip
    cut = pieces(text, mentions, "events", row)
    assert "".join(piece["text"] for piece in cut["pieces"]) == text
    for start, end in zip(mentions["start"], mentions["end"], strict=True):
        marked = [piece["text"] for piece in cut["pieces"] if piece.get("start") == start]
        assert "".join(marked) == text[start:end]
    assert "".join(piece["text"] for piece in cut["pieces"] if "place" in piece["is"]) == text[edges[1] : edges[2]]


def test_only_the_surroundings_in_a_long_text_are_shown():
    text = "a" * 100_000
    row = {"sentence_start": 50_000, "sentence_end": 50_100, "place_start": -1, "when_start": -1}
    none = pd.DataFrame(columns=["start", "end", "surface", "geometry"])
    cut = pieces(text, none, "events", row)
    assert cut["before"] == 50_000 - AROUND
    assert cut["after"] == 100_000 - 50_100 - AROUND
    assert sum(len(piece["text"]) for piece in cut["pieces"]) == 2 * AROUND + 100


@pytest.mark.parametrize(("confidence", "word"), [(0.95, "sure"), (0.8, "sure"), (0.6, "likely"), (0.3, "doubtful")])
def test_how_sure_a_mention_is_in_a_word(confidence, word):
    assert certainty(confidence) == word


def test_ids_that_are_taken_get_another_number():
    assert apart(["a", "b"], ["a", "a-2"]) == {"a": "a-3", "b": "b"}


def test_what_is_kept_is_small_json(candidates, batch, tmp_path):
    save(tmp_path, Saved((batch,), Progress(), "", 1), articles=True)
    kept = json.loads((tmp_path / keeping.FOLDER / keeping.PROGRESS).read_text(encoding="utf-8"))
    assert kept == {"turn": 1, "at": "", "rejected": [], "merged": {}, "edits": {}}
