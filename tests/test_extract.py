"""Articles in, candidates out: through `geo.extract` and through the command line."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

import geo
from geo.cli import main
from geo.errors import DateError
from geo.extracting import extract_documents
from geo.news.types import Document
from geo.types import Place

SHELLS = (
    "SEOUL (Own News) — A Russian cargo ship carried 300 containers of artillery shells from the North Korean port of "
    "Najin to Dunay on September 12, South Korean officials said on Thursday.\n\n"
    "North Korea fired two ballistic missiles from Sunan toward the Sea of Japan on Wednesday. "
    "Kim Jong Un may visit Vladivostok next month. The ministry said that talks in Beijing were useful."
)
AGAIN = (
    "North Korea launched two ballistic missiles from Sunan on September 18, the staff in Seoul said. "
    "A strike hit a factory in Busan on Tuesday, injuring three workers."
)


def documents() -> list[Document]:
    return [
        Document(SHELLS, title="Shells by sea", published="2024-09-19", publisher="Own News", file="shells.txt"),
        Document(AGAIN, published="2024-09-20", publisher="Other Wire", file="again.txt"),
    ]


@pytest.fixture(scope="module")
def found() -> geo.Candidates:
    return extract_documents(documents())


def test_what_an_article_tells(found):
    events = found.events.set_index("kind")
    assert {"arms transfer", "missile test"} <= set(events.index)
    shells = events.loc["arms transfer"]
    assert (shells["place"], shells["stance"], shells["status"]) == ("Najin", "claim", "candidate")
    assert shells["start"] == pd.Timestamp("2024-09-12", tz="UTC")
    assert shells.geometry.distance(gpd.points_from_xy([130.3], [42.24])[0]) < 0.1
    assert shells["quote"].startswith("SEOUL (Own News) — A Russian cargo ship")


def test_offsets_lead_back_to_the_words(found):
    texts = found.sources.set_index("id")["text"]
    for row in found.events.itertuples():
        text = texts[row.source_id]
        assert text[row.sentence_start : row.sentence_end] == row.quote
        if row.place_start >= 0:
            assert text[row.place_start : row.place_end] == row.place
        if row.when_start >= 0:
            assert text[row.when_start : row.when_end] == row.when_words
    for row in found.mentions.itertuples():
        assert texts[row.source_id][row.start : row.end] == row.surface


def test_an_event_told_twice_is_one_with_two_sources(found):
    (test,) = found.events[found.events["kind"] == "missile test"].to_dict("records")
    assert {test["source_id"], test["also"]} == {"own-news", "other-wire"}
    assert "launched two ballistic missiles from Sunan" in test["quote"] + test["note"]
    assert "fired two ballistic missiles from Sunan" in test["quote"] + test["note"]


def test_the_order_of_the_articles_makes_no_difference(found):
    turned = extract_documents(documents()[::-1])
    assert set(turned.events["quote"]) == set(found.events["quote"])
    assert set(turned.events["id"]) == set(found.events["id"])


def test_a_movement_is_a_leg_on_the_map(found):
    (leg,) = found.routes[found.routes["origin"] == "Najin"].to_dict("records")
    assert (leg["destination"], leg["mode"], leg["cargo"]) == ("Dunay", "sea", "artillery shells")
    assert (leg["quantity"], leg["unit"], leg["basis"]) == (300.0, "containers", "inferred")
    assert 190 < leg["length_km"] < 215
    assert leg["depart"] == pd.Timestamp("2024-09-12", tz="UTC")


def test_what_may_be_is_not_shown_as_fact(found):
    visit = found.routes[found.routes["destination"] == "Vladivostok"].to_dict("records") + found.events[
        found.events["kind"] == "visit"
    ].to_dict("records")
    assert visit
    for row in visit:
        assert row["stance"] == "intention"
        assert row["id"] not in found.at_least(0.0)


def test_nothing_is_reported_before_somebody_accepts_it(found):
    assert set(found.to_atlas().events["status"]) == {"candidate"}
    chosen = found.at_least(0.6)
    atlas = found.to_atlas(accepted=chosen)
    assert set(atlas.events["id"]) | set(atlas.routes["id"]) == chosen
    assert set(atlas.events["status"]) == {"reported"}
    assert set(atlas.events["source_id"]) <= set(atlas.sources["id"])
    denied = geo.extract("Moscow denied that shells were shipped from Najin to Dunay.")
    atlas = denied.to_atlas(accepted=[*denied.events["id"], *denied.routes["id"]])
    assert {*atlas.events["status"], *atlas.routes["status"]} == {"disputed"}


def test_what_is_missing_is_listed():
    found = geo.extract("The court sanctioned three firms on Thursday. A train left Khasan with coal.")
    said = {(notice.column, notice.message.split(":")[0]) for notice in found.notices}
    assert ("text", "Its day of publication is not known, so that words such as `Thursday` stay undated.") in said
    assert any(column == "destination" for column, _ in said)
    assert found.events["start"].isna().all()


def test_a_text_with_nothing_in_it():
    for text in ("", "nothing to see here", "." * 5000, "x" * 200_000):
        found = geo.extract(text)
        assert (len(found.events), len(found.routes), len(found.mentions)) == (0, 0, 0)
        assert {notice.message for notice in found.notices} >= {"Names no place that is known.", "Gives no date."}


def test_a_bad_day_of_publication():
    with pytest.raises(geo.DateError, match="Write it as"):
        geo.extract("A text.", published="yesterday")


def test_a_geocoder_of_ones_own():
    there = Place("mine:1", "Najin", 10.0, 20.0, "port", "KP", 1.0, 1.0, "Najin")
    found = geo.extract("A tanker exploded in Najin on 3 May 2024.", geocode=lambda name, near=None: there)
    assert (found.events.geometry.x[0], found.events.geometry.y[0]) == (10.0, 20.0)


@pytest.fixture
def articles(tmp_path) -> Path:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "shells.txt").write_text(f"Title: Shells by sea\nDate: 2024-09-19\nSource: Own News\n\n{SHELLS}")
    (folder / "again.html").write_text(
        "<html><head><title>Missiles</title><meta property='article:published_time' content='2024-09-20'></head>"
        f"<body><article><h1>Missiles</h1><p>{AGAIN}</p></article></body></html>"
    )
    return folder


def test_the_verb_writes_candidates_and_mentions(articles, tmp_path, capsys):
    out, mentions = tmp_path / "candidates.geojson", tmp_path / "mentions.jsonl"
    assert main(["extract", str(articles), "-o", str(out), "--mentions", str(mentions)]) == 0
    printed = capsys.readouterr().out
    assert "missile test" in printed
    assert "in 2 texts" in printed
    features = json.loads(out.read_text())["features"]
    assert {feature["properties"]["status"] for feature in features} == {"candidate"}
    assert geo.Atlas.open(out).events["kind"].isin(["missile test"]).any()
    told = [json.loads(line) for line in mentions.read_text().splitlines()]
    assert [one["id"] for one in told] == ["again", "shells"]
    for one in told:
        assert one["toponyms"]
        for place in one["toponyms"]:
            assert one["text"][place["start"] : place["end"]] == place["surface"]
            assert -90 <= place["lat"] <= 90
            assert 0 < place["confidence"] <= 1


def test_the_verb_accepts_above_a_confidence(articles, tmp_path, capsys):
    out = tmp_path / "map.html"
    assert main(["extract", str(articles), "-o", str(out), "--accept", "0.6", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert rows
    assert all(row["confidence"] >= 0.6 and row["stance"] in ("fact", "claim") for row in rows)
    assert "<html" in out.read_text()[:300].lower()


def test_json_lines_keep_the_text_as_given(tmp_path, capsys):
    text = "  \r\nA strike hit\ta factory in Busan on 3 May 2024.\x96 End"
    given, mentions = tmp_path / "texts.jsonl", tmp_path / "mentions.jsonl"
    given.write_text(json.dumps({"id": 7, "text": text, "date": "2024-05-04"}) + "\n")
    assert main(["extract", str(given), "--mentions", str(mentions)]) == 0
    (told,) = map(json.loads, mentions.read_text().splitlines())
    assert (told["id"], told["text"]) == ("7", text)
    assert [text[one["start"] : one["end"]] for one in told["toponyms"]] == ["Busan"]


def test_standard_input(monkeypatch, capsys):
    class Piped:
        class buffer:  # noqa: N801 - as sys.stdin has it
            @staticmethod
            def read() -> bytes:
                return AGAIN.encode()

    monkeypatch.setattr("sys.stdin", Piped)
    assert main(["extract", "-", "--published", "2024-09-20"]) == 0
    assert "Busan" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such.txt"], "There is no file or folder no-such.txt"),
        (["README.md", "-o", "x.csv"], "End it in .geojson or .html"),
        (["README.md", "--published", "soon"], "is not a date"),
        (["README.md", "--ner", "other"], "Give spacy:NAME"),
        (["README.md", "--corrections", "nowhere"], "There is no nowhere"),
    ],
)
def test_bad_words_on_the_command_line(arguments, message, capsys):
    assert main(["extract", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert "Traceback" not in said


def test_an_empty_folder_is_told(tmp_path, capsys):
    assert main(["extract", str(tmp_path)]) == 2
    assert "No articles are there" in capsys.readouterr().err


def test_a_geocoder_of_geopys_places_what_is_named_and_the_day_comes_from_the_dateline():
    text = "SEOUL, May 8, 2024 (Reuters) - Police arrested two men in Busan on Tuesday."
    found = geo.extract(text, geocode=geo.OfflineGeocoder().geocode)
    assert found.events["place"].tolist() == ["Busan"]
    assert str(found.events["start"].iloc[0].date()) == "2024-05-07"
    with pytest.raises(DateError, match="is not a date of one day"):
        geo.extract(text, published="yesterday")
    assert str(geo.extract(text, published="16 October 2023").events["start"].iloc[0].date()) == "2023-10-10"


def test_one_bad_file_does_not_stop_the_rest(articles, capsys):
    (articles / "bad.pdf").write_bytes(b"no pdf at all")
    assert main(["extract", str(articles)]) == 2
    captured = capsys.readouterr()
    assert "bad.pdf" in captured.err
    assert "in 2 texts" in captured.out
    assert main(["extract", str(articles / "bad.pdf")]) == 2


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("A ship left Najin for Dunay on 3 March 2024, officials said in Seoul.", ("Najin", "Dunay")),
        ("The vessel departed Rajin for Slavyanka with 900 tonnes of coal.", ("Rajin", "Slavyanka")),
        ("A train left Khasan for Siemens.", ("Khasan", "")),
    ],
)
def test_a_name_that_may_be_none_is_the_end_that_a_movement_lacks(text, ends):
    (leg,) = geo.extract(text, published="2024-03-15").routes.to_dict("records")
    assert (leg["origin"], leg["destination"]) == ends
    plain = geo.extract("Containers went from Najin to Vladivostok on 3 March 2024.", published="2024-03-15").routes
    assert leg["confidence"] < plain["confidence"].iloc[0]
