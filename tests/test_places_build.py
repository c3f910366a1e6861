"""The build of the gazetteer says which row of which file cannot be, and keeps the better of two names."""

from __future__ import annotations

import sys

import pytest

from geo.config import PLACES
from geo.places.gazetteer import ABBREVIATION, ALIAS, CODE, DEMONYM, LANGUAGE, MAIN
from geo.places.rows import Row, names_of, place_table, write_names, write_places

HEADER = "id,name,kind,country,within,lon,lat,radius_km,aliases,source,note\n"


@pytest.fixture
def sources(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(str(PLACES))
    from sources import curated, ranks, tables, words

    for module in (curated, tables):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    (tmp_path / "seas.geojson").write_text('{"features": []}')
    yield {"curated": curated, "words": words, "ranks": ranks, "tables": tables}
    for name in [name for name in sys.modules if name.partition(".")[0] == "sources"]:
        del sys.modules[name]


def place(**facts):
    given = {"gid": 1, "slug": "", "name": "Kansas", "kind": "province", "country": "US", "admin1": "US.KS"} | facts
    return Row(**given, lon=-98.5, lat=38.5, radius_km=250.0)


def test_an_id_that_stands_twice_is_told_by_file_and_row(sources, tmp_path):
    row = "same-id,One,island,,,1,2,3,,ours,\n"
    (tmp_path / "islands.csv").write_text(HEADER + row)
    (tmp_path / "rivers.csv").write_text(HEADER + row.replace("same", "other") + row)
    with pytest.raises(
        sources["tables"].BuildError, match=r"rivers\.csv, row 3: the id 'same-id' .*islands\.csv, row 2"
    ):
        sources["curated"].read_curated()


@pytest.mark.parametrize("numbers", ["x,2,3", "1,,3", "181,2,3", "1,2,0"])
def test_a_place_without_a_point_is_told(sources, tmp_path, numbers):
    (tmp_path / "lakes.csv").write_text(HEADER + f"a,One,lake,,,{numbers},,ours,\n")
    with pytest.raises(sources["tables"].BuildError, match=r"lakes\.csv, row 2"):
        sources["curated"].read_curated()


def test_words_reach_their_place_by_each_kind_of_target(sources, tmp_path):
    (tmp_path / "demonyms.csv").write_text(
        "word,target,sort,source\nKansan|Kansans,admin1:US.KS,demonym,ours\nRussian,country:RU,language,ours\n"
    )
    (tmp_path / "abbreviations.csv").write_text("written,target,source\nKans.|KS|U.S.K.,geonames:1,ours\n")
    kansas, russia = place(), place(gid=2, name="Russia", kind="country", country="RU", admin1="")
    sources["words"].add_words([kansas, russia])
    assert {found: sort for found, (sort, _) in kansas.names.items()} == {
        "kansan": DEMONYM,
        "kansans": DEMONYM,
        "kans": ABBREVIATION,
        "ks": CODE,
        "usk": CODE,
    }
    assert russia.names["russian"] == (LANGUAGE, "Russian")


@pytest.mark.parametrize(
    ("row", "words"),
    [("Elf,country:XX,people,ours", "no place has the target"), ("Elf,geonames:1,elves,ours", "sort is")],
)
def test_a_word_for_no_place_stops_the_build(sources, tmp_path, row, words):
    (tmp_path / "demonyms.csv").write_text(f"word,target,sort,source\n{row}\n")
    with pytest.raises(sources["tables"].BuildError, match=rf"demonyms\.csv, row 2: {words}"):
        sources["words"].add_words([place()])


def test_the_better_sort_of_a_name_stays():
    row = place()
    for sort in (LANGUAGE, DEMONYM, CODE, ABBREVIATION, ALIAS, MAIN, LANGUAGE):
        row.call("Pa.", sort)
        row.call("pa", LANGUAGE)
    assert row.names["pa"][0] == MAIN


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("Cook County", "cook"),
        ("Soproni Járás", "sopron"),
        ("Municipio de Santa Eulalia", "santa eulalia"),
        ("Daïra d’Aïn Oussera", "ain oussera"),
        ("Ryŏngch’ŏn-gun", "ryongchon"),
        ("Zvenigovskiy Rayon", "zvenigovskiy"),
    ],
)
def test_the_word_for_its_rank_comes_off_a_name(sources, name, bare):
    assert bare in set(sources["ranks"].bare_names(name))


def test_the_same_rows_give_the_same_bytes(tmp_path):
    rows = [place(), place(gid=2, name="Utah")]
    for row in rows:
        row.call_as_geonames(["Old " + row.name])
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        write_places([place_table(rows)], folder / "places.arrow")
        write_names(names_of(rows), folder / "names.arrow")
    for name in ("places.arrow", "names.arrow"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
