"""`docs/team.md` tried as written: its SQL on a real server, then an editor, another editor and a reader at work."""

from __future__ import annotations

import re

import psycopg
import pytest

from geo import Atlas, StoreError, Workspace
from tests.conftest import ROOT

GUIDE = (ROOT / "docs" / "team.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def server(postgis):
    """Set the server up as the guide says; another editor besides its Ann."""
    own, *rest = re.findall(r"```sql\n(.*?)```", GUIDE, re.DOTALL)
    address = postgis.removesuffix("postgres")
    with psycopg.connect(postgis, autocommit=True) as link:
        link.execute(own)
    with psycopg.connect(f"{address}rutter", autocommit=True) as link:
        for statement in ";".join([*rest, rest[-1].replace("ann", "bob").replace("rita", "tom")]).split(";"):
            if statement.strip():
                link.execute(statement)
    return address.replace("rutter@", "{}@") + "rutter?dossier=najin"


def test_a_team_works_as_the_guide_says(server, sample):
    ann = Workspace.create(server.format("ann"), sample, who="ann")
    name = ann.atlas.events["id"].iloc[0]
    bob = Workspace.open(server.format("bob"), who="bob").edit("events", name, {"title": "Bob's"})
    assert ann.refresh().row("events", name)["title"] == "Bob's"
    assert len(ann.refresh().edit("events", name, {"note": "Ann's"}).history("events", name)) == 3
    reader = Workspace.open(server.format("rita"), who="rita")
    assert reader.row("events", name)["note"] == "Ann's"
    with pytest.raises(StoreError, match="does not let you do this"):
        reader.edit("events", name, {"title": "Rita's"})
    assert bob.refresh().row("events", name)["title"] == "Bob's"


def test_tables_have_spatial_indexes_that_other_programs_use(server):
    with psycopg.connect(server.format("ann").partition("?")[0]) as link:
        made = link.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'najin'").fetchall()
        shapes = link.execute(
            "SELECT f_table_name, type, srid FROM geometry_columns WHERE f_table_schema = 'najin' ORDER BY 1"
        ).fetchall()
    assert sum("gist" in definition for (definition,) in made) == 2
    assert shapes == [("events", "POINT", 4326), ("routes", "MULTILINESTRING", 4326)]


def test_what_psql_changes_is_noticed_and_noted_and_what_we_change_is_not_taken_for_it(server):
    address = server.format("ann").replace("najin", "outside")
    ann = Workspace.create(address, Atlas.empty(), who="ann").add("events", {"id": "one", "title": "Ours"})
    assert ann.state.outside == 0, "our own changes are not counted"
    with psycopg.connect(address.partition("?")[0]) as link:
        link.execute("UPDATE outside.events SET title = 'Theirs' WHERE id = 'one'")
        assert ann.refresh() is ann, "not before it is committed"
    assert ann.refresh().row("events", "one")["title"] == "Theirs"
    work = ann.refresh().edit("events", "one", {"note": "Ours again"})
    assert [entry.role for entry in work.history()][-2:] == ["outside", "change"]
    assert work.refresh() is work, "what was noted is not noticed again"
    with psycopg.connect(address.partition("?")[0]) as link:
        link.execute("TRUNCATE outside.events")
    assert work.refresh().atlas.events.empty
