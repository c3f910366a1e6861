"""What buttons of the app do to a dossier, without a browser: a change, what stands in its way, finds put in."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import streamlit as st

from geo import Workspace
from geo.app.editing import acts
from geo.app.review import joined
from geo.app.review.progress import Progress, Telling
from geo.edits import Change
from geo.places.corrections import Corrections
from geo.store.rows import plain


@dataclass(frozen=True)
class Hand:
    """A dossier in hand, as far as the review asks about it."""

    address: str
    workspace: Workspace | None
    atlas: object
    kept: object
    name: str = "hand"


@pytest.fixture
def page(monkeypatch):
    """A page of Anna's, without the app."""
    state: dict = {}
    monkeypatch.setattr(st, "session_state", state)
    monkeypatch.setattr("geo.app.editing.acts.workspace_at", lambda address: Workspace.open(address, who="Anna"))
    monkeypatch.setattr("geo.app.review.joined.workspace_at", lambda address: Workspace.open(address, who="Anna"))
    monkeypatch.setattr("geo.app.editing.acts.hold", lambda address, workspace: None)
    return state


@pytest.fixture
def address(sample, tmp_path):
    Workspace.create(tmp_path / "team.gpkg", sample, who="Anna")
    return str(tmp_path / "team.gpkg")


def row(address, name):
    events = Workspace.open(address, who="x").atlas.events.set_index("id")
    return events.loc[name]


@pytest.mark.parametrize("mine", [False, True])
def test_an_undoing_that_meets_anothers_change_offers_both(page, address, sample, mine):
    first, second = sample.events["id"][:2]
    anna = Workspace.open(address, who="Anna")
    rows = sample.events.set_index("id")
    seen = plain("events", anna.atlas.events.iloc[:2])
    changes = [Change("events", one["id"], one, {**one, "note": "Anna's"}) for one in seen]
    anna.apply(changes, what="noted two")
    Workspace.open(address, who="Ben").edit("events", first, {"note": "Ben's", "quote": "Ben heard it."})
    acts.step(address, "undo")
    clash = acts.clash()
    assert clash is not None
    assert [one.id for one in clash.conflicts] == [first]
    assert len(clash.wanted) == 2, "the other row too, which nobody else touched"
    assert clash.conflicts[0].seen["title"] == rows.loc[first, "title"], (
        "columns that the log left out differ in nothing"
    )
    assert row(address, second)["note"] == "Anna's", "nothing is done before it is decided"
    if not mine:
        acts.keep_theirs()
        assert acts.clash() is None
        return
    assert acts.over_theirs(clash)
    now = row(address, first)
    assert (now["note"], now["quote"]) == (rows.loc[first, "note"], "Ben heard it."), "cells not touched stay theirs"
    assert row(address, second)["note"] == rows.loc[second, "note"]
    assert Workspace.open(address, who="Anna").history()[-1].what == "undid “noted two”"


def test_an_undone_adding_can_be_put_over_what_another_made_of_the_row(page, address, sample):
    new = {"title": "New", "kind": "other"}
    Workspace.open(address, who="Anna").apply([Change("events", "new", None, new)], what="added New")
    Workspace.open(address, who="Ben").edit("events", "new", {"note": "Ben's"})
    acts.step(address, "undo")
    assert acts.over_theirs(acts.clash())
    assert "new" not in set(Workspace.open(address, who="Anna").atlas.events["id"])


def test_a_fault_in_a_form_names_the_field_and_what_to_do(page, address, sample):
    name = sample.events["id"][0]
    before = plain("events", sample.events.iloc[:1])[0]
    changes = [Change("events", name, before, {**before, "title": " ", "confidence": 7.0})]
    assert not acts.apply(address, changes, what="edit")
    said = page["edit-trouble"].splitlines()
    assert len(said) == 2
    assert said[0].startswith("What: ") and "Fill it in." in said[0]
    assert said[1].startswith("How sure: ") and "Write 0.8" in said[1]
    assert "row" not in page["edit-trouble"] and address not in page["edit-trouble"]
    assert row(address, name)["title"] == before["title"]


def find(sample, **columns):
    made = sample.events.iloc[0].to_dict()
    return {**made, "id": "find", "title": "Found in an article", "source_id": "article", "note": "", **columns}


def test_what_was_accepted_goes_into_a_workspace_as_one_change(page, address, sample, monkeypatch, tmp_path):
    article = {"id": "article", "title": "An article", "publisher": "P", "url": "", "published": "", "note": ""}
    into = sample.events["id"][1]
    progress = Progress(
        accepted={"find": ("events", find(sample))},
        merged={"told": Telling("events", into, "Also P, An article: “so”", article)},
        sources={"article": article},
    )
    monkeypatch.setattr(joined, "desk_of", lambda kept: SimpleNamespace(progress=progress, map_turn=1))
    kept = SimpleNamespace(corrections=Corrections.open(tmp_path / "corrections.csv"), state=0)
    work = Workspace.open(address, who="Anna")
    hand = Hand(address, work, work.atlas, kept)
    assert joined.with_accepted(hand) is hand
    joined.put_in(hand)
    now = Workspace.open(address, who="Anna")
    events = now.atlas.events.set_index("id")
    assert events.loc["find", "source_id"] == "article"
    assert "article" in set(now.atlas.sources["id"])
    assert "Also P" in events.loc[into, "note"]
    assert now.history()[-1].what == "accepted 2 finds from articles"
    left = joined.waiting(Hand(address, now, now.atlas, kept), progress)
    assert not left.accepted and not left.merged, "nothing waits any more"
    joined.put_in(Hand(address, now, now.atlas, kept))
    assert len(Workspace.open(address, who="Anna").atlas.events) == len(now.atlas.events), "twice is once"
    undone = now.undo().atlas
    assert undone.to_geojson() == work.atlas.to_geojson()
