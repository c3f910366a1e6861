"""Columns are guessed, corrected and remembered; rows that fail are kept; duplicates are offered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import FormatError, GeoError, Mapping, OptionError, read_import
from geo.cli import main
from geo.importing import Guess, Remembered, import_sheet, preview, read_sheet, suggest
from geo.importing.dates import read_dates
from geo.importing.numbers import to_angles
from geo.types import Place

HEADER = "id,title,date,lat,lon\n"
NAJIN = Place("geonames:1", "Rajin", 130.3, 42.25, "city", "KP", 3.0, 0.9, "najin")


def find(asked):
    return [NAJIN if query.name == "Najin" else None for query in asked]


@pytest.fixture
def sheet(tmp_path):
    def write(text: str, name: str = "table.csv", encoding: str = "utf-8"):
        (tmp_path / name).write_bytes(text.encode(encoding))
        return read_sheet(tmp_path / name)

    return write


def brought(sheet, mapping: Mapping | None = None):
    return import_sheet(sheet, mapping or suggest(sheet).mapping, find=find)


@pytest.mark.parametrize(
    ("header", "cells", "meant"),
    [
        ("Y,X,event_date,Headline", "42.5,130.1,2024-03-01,A", {"lat": "Y", "lon": "X", "date": "event_date"}),
        ("широта;долгота;дата;заголовок", "42,5;130,1;01.03.2024;А", {"lat": "широта", "date": "дата"}),
        ("위도,경도,날짜,제목", "42.5,130.1,2024-03-01,가", {"lat": "위도", "lon": "경도", "title": "제목"}),
        ("Breite;Länge;Datum;Ort", "42,5;130,1;31.03.2024;Kiel", {"lat": "Breite", "lon": "Länge", "place": "Ort"}),
        ("Titre;Lieu;Date de début;Date de fin", "A;Brest;2024-03-01;2024-03-02", {"start": "Date de début"}),
        ("what,geom,link", "A,POINT (1 2),https://example.org/1", {"wkt": "geom", "url": "link"}),
        ("startDate,endDate,LATITUDE,LONGITUDE", "2024-01-01,2024-01-02,1,2", {"start": "startDate", "end": "endDate"}),
        ("no,seen,spot", "1,2024-03-01,42°35'24\"N 130°42'E", {"date": "seen", "coordinates": "spot"}),
    ],
)
def test_columns_are_guessed(sheet, header, cells, meant):
    guess = suggest(sheet(f"{header}\n{cells}\n"))
    assert {target: guess.mapping.columns.get(target) for target in meant} == meant
    assert all(0.3 <= one.score <= 1 and one.reason for one in guess.columns)


@pytest.mark.parametrize(
    ("dates", "order", "first", "said"),
    [
        (("13/04/2024", "03/04/2024"), "dmy", "2024-04-13", False),
        (("04/13/2024", "03/04/2024"), "mdy", "2024-04-13", False),
        (("03/04/2024", "05/06/2024"), "dmy", "2024-04-03", True),
    ],
)
def test_the_order_of_day_and_month_is_decided_over_the_column(sheet, dates, order, first, said):
    read = sheet(HEADER + "".join(f"{n},T,{date},1,2\n" for n, date in enumerate(dates)))
    guess = suggest(read)
    assert guess.mapping.date_order == order
    assert any("month first" in remark for remark in guess.remarks) == said
    assert str(brought(read).events["start"].iloc[0].date()) == first
    if said:
        turned = import_sheet(read, guess.offers[0].mapping)
        assert str(turned.events["start"].iloc[0].date()) == "2024-03-04"


@pytest.mark.parametrize(
    ("written", "start", "precision"),
    [
        ("1650-03-01", "1650-03-01", "day"),
        ("3000", "3000-01-01", "year"),
        ("24 March 2024", "2024-03-24", "day"),
        ("24. März 2024", "2024-03-24", "day"),
        ("2024년 3월 24일", "2024-03-24", "day"),
        ("13 сентября 2023 года", "2023-09-13", "day"),
        ("Mar 2024", "2024-03-01", "month"),
        ("2024-Q2", "2024-04-01", "quarter"),
        ("20240324", "2024-03-24", "day"),
        ("24/03/2024 09:30", "2024-03-24T09:30", "exact"),
        ("2024-03-24T09:30:00+09:00", "2024-03-24T00:30", "exact"),
        ("24.03.24", "2024-03-24", "day"),
        ("2024-03-24 00:00:00.000", "2024-03-24", "day"),
    ],
)
def test_dates_are_read_as_they_are_written(written, start, precision):
    read = read_dates(pd.Series([written], dtype=object))
    assert str(read.start[0]).startswith(start)
    assert read.precision[0] == precision
    assert not read.wrong


@given(st.datetimes(min_value=datetime(1, 1, 2)))
def test_moments_come_back(moment):
    text = moment.isoformat(timespec="milliseconds") + "Z"
    read = read_dates(pd.Series([text], dtype=object))
    assert str(read.start[0]) == text[:-1]


@pytest.mark.parametrize("written", ["31/02/2024", "0", "-44", "2024-13-01", "soon"])
def test_impossible_dates_are_faults(sheet, written):
    result = brought(sheet(HEADER + f"a,T,{written},1,2\nb,T,2024-01-01,1,2\n"))
    assert list(result.events["id"]) == ["b"]
    assert result.faults[0].row == 2
    assert written in result.faults[0].message


@pytest.mark.parametrize("written", ["unknown", "N/A", "n.d.", "?", "—", "неизвестно"])
def test_a_date_that_is_said_to_be_unknown_is_none(sheet, written):
    result = brought(sheet(HEADER + f"a,T,{written},1,2\nb,T,2024-01-01,1,2\n"))
    assert not result.faults
    assert result.events.set_index("id")["start"].isna().to_dict() == {"a": True, "b": False}


def test_days_as_spreadsheets_count_them_are_dates_and_said(sheet):
    result = brought(sheet(HEADER + "a,T,45000,1,2\nb,T,45000.5,1,2\nc,T,2024-01-01,1,2\n"))
    assert [str(start)[:16] for start in result.events["start"]] == [
        "2023-03-15 00:00",
        "2023-03-15 12:00",
        "2024-01-01 00:00",
    ]
    assert list(result.events["precision"]) == ["day", "exact", "day"]
    assert any("counted by a spreadsheet (rows: 2)" in remark for remark in result.remarks)


def test_a_column_that_is_called_like_dates_and_holds_none_is_told(sheet):
    guess = suggest(sheet("title,date,place\nA,soon,Busan\nB,later,Seoul\n"))
    assert "date" not in guess.mapping.columns
    assert any(remark.startswith("date is called like dates, but 0% of its cells") for remark in guess.remarks)
    assert not suggest(sheet("title,date,place\nA,,Busan\nB,,Seoul\n")).remarks


def test_where_no_row_can_be_read_nothing_is_stored(tmp_path, capsys):
    (tmp_path / "t.csv").write_text("title,date,lat,lon\nA,2024,130.5,42\nB,2024,131,43\n")
    out, failed = tmp_path / "out.gpkg", tmp_path / "failed.csv"
    assert main(["import", str(tmp_path / "t.csv"), "-o", str(out), "--failed", str(failed)]) == 2
    assert not out.exists()
    assert (
        "Nothing was stored: none of 2 rows could be read. t.csv, row 2, column lat: '130.5'" in capsys.readouterr().err
    )
    assert len(failed.read_text().splitlines()) == 3


@given(st.floats(min_value=-89.999, max_value=89.999))
def test_angles_come_back_from_degrees_minutes_seconds(lat):
    total = round(abs(lat) * 3600)
    text = f"{total // 3600}°{total // 60 % 60:02d}'{total % 60:02d}\"{'S' if lat < 0 else 'N'}"
    read = to_angles(pd.Series([text], dtype=object), axis="lat")[0]
    assert read == pytest.approx(lat, abs=1 / 3600)


def test_names_are_placed_as_those_of_a_dossier_are(sheet):
    result = brought(sheet("id,title,date,place\na,T,2024,Najin\nb,T,2024,Nowhere at all\n"))
    assert result.events.geometry.iloc[0].x == 130.3
    assert result.events["radius_km"].iloc[0] == 3.0
    assert result.events.geometry.iloc[1] is None
    assert [notice.id for notice in result.notices if "known" in notice.message] == ["b"]


def test_extra_columns_are_kept_and_never_take_a_name_of_ours(sheet):
    result = brought(sheet("id,title,date,lat,lon,geometry,ship\na,T,2024,1,2,round,Angara\n"))
    assert result.events["ship"].iloc[0] == "Angara"
    assert result.events["original_geometry"].iloc[0] == "round"


def test_ids_are_made_and_stay(sheet):
    text = "title,date,lat,lon\nA,2024,1,2\nB,2024,1,2\nB,2024,1,2\n"
    first, again = brought(sheet(text)), brought(sheet(text, "other name.csv"))
    assert first.events["id"].is_unique
    assert list(first.events["id"]) == list(again.events["id"])
    fewer = brought(sheet("title,date,lat,lon\nB,2024,1,2\n"))
    assert set(fewer.events["id"]) <= set(first.events["id"])


def test_every_row_leads_to_its_source(sheet):
    result = brought(sheet("title,date,lat,lon,source,url\nA,2024,1,2,News,https://e.org/1\nB,2024,1,2,,\n"))
    titles = dict(zip(result.sources["id"], result.sources["title"], strict=True))
    assert [titles[name] for name in result.events["source_id"]] == ["News", "table.csv"]


def test_failed_rows_come_back_repaired(sheet, tmp_path):
    text = (
        "title;date;lat;lon;formula\nA;2024-03-01;42,5;130,1;=1+1\nB;2024-02-31;42,5;130,1;=1+1\nC;2024;99,5;130,1;x\n"
    )
    read = sheet(text)
    mapping = suggest(read).mapping
    result = brought(read, mapping)
    assert list(result.failed.columns) == ["title", "date", "lat", "lon", "formula", "fault"]
    assert list(result.failed["title"]) == ["B", "C"]
    repaired = result.failed_csv().replace("2024-02-31,", "2024-02-29,", 1).replace('"99,5",', '"9,5",', 1)
    assert "'=1+1" in repaired, "harmless in a spreadsheet"
    again = brought(sheet(repaired, "repaired.csv"), mapping)
    assert list(again.events["title"]) == ["B", "C"]
    assert again.events["formula"].iloc[0] == "=1+1"
    assert "fault" not in again.events.columns


def test_mappings_are_remembered_for_the_same_header(sheet, tmp_path):
    store = Remembered(tmp_path / "kept" / "mappings.json")
    read = sheet("a,b,c\nT,2024-03-01,POINT (1 2)\n")
    mapping = replace(Mapping(columns={"title": "a", "note": "b", "wkt": "c"}), zone="Asia/Seoul")
    assert store.find(read) is None
    store.keep(read, mapping)
    later = suggest(sheet("a,b,c,fault\nU,2025,POINT (3 4),old\n"), remembered=store)
    assert isinstance(later, Guess)
    assert later.remembered
    assert later.mapping == mapping
    assert store.find(sheet("a,b\n1,2\n")) is None


def test_mappings_are_json(sheet):
    mapping = suggest(sheet(HEADER + "a,T,13/04/2024,1,2\n")).mapping
    assert Mapping.from_json(mapping.to_json()) == mapping
    for wrong in ("[1]", "{", '{"colums": {}}', '{"columns": 3}', '{"layer": "towns"}'):
        with pytest.raises(FormatError, match="mapping"):
            Mapping.from_json(wrong)


@pytest.mark.parametrize("change", [{"lat": "no such column"}, {"altitude": "id"}])
def test_a_mapping_that_does_not_fit_is_refused(sheet, change):
    read = sheet(HEADER + "a,T,2024,1,2\n")
    with pytest.raises(OptionError, match=next(iter(change.values())) if "lat" in change else "altitude"):
        brought(read, suggest(read).mapping.with_columns(**change))


def test_a_preview_shows_the_first_rows_with_their_faults(sheet):
    read = sheet(HEADER + "".join(f"{n},T,2024-02-{n:02d},1,2\n" for n in range(20, 40)))
    shown = preview(read, suggest(read).mapping, rows=12)
    assert (len(shown.events), len(shown.failed)) == (10, 2)


def test_other_coordinate_systems_are_said_and_offered(sheet):
    read = sheet("id,title,date,x,y,country\n" + "".join(f"{n},T,2024,{500000 + n},4649776,Italy\n" for n in range(5)))
    result = brought(read)
    assert len(result.failed) == 5
    assert any("no degrees" in remark for remark in result.remarks)
    offered = {offer.mapping.crs: offer.mapping for offer in result.offers}
    assert {"EPSG:32632", "EPSG:32633"} == set(offered)
    there = brought(read, offered["EPSG:32633"])
    assert (there.events.geometry.iloc[0].x, there.events.geometry.iloc[0].y) == pytest.approx(
        (15.0, 41.999998), abs=1e-4
    )


def test_routes_are_drawn_between_names_or_refused(sheet):
    text = "title,mode,origin,destination,departure,arrival\nA,air,Najin,Najin,2024-03-01,2024-03-05\n"
    result = brought(sheet(text + "B,ship,Najin,Najin,2024,2024\nC,air,Najin,Najin,2024-03-05,2024-03-01\n"))
    assert list(result.routes["title"]) == ["A"]
    assert [fault.row for fault in result.faults] == [3, 4]


def test_the_verb_import(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("geo.importing.remembered.mappings_file", lambda: tmp_path / "mappings.json")
    (tmp_path / "t.csv").write_text(HEADER + "a,Ship,2024-03-01,42.5,130\nb,Ship,2024-02-31,42.5,130\n")
    table, out, failed = (str(tmp_path / name) for name in ("t.csv", "out.geojson", "failed.csv"))
    assert main(["import", table, "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert "fails: t.csv, row 3" in said
    assert "1 Mar 2024" in said
    assert main(["import", table, "-o", out, "--failed", failed, "--save-mapping", str(tmp_path / "m.json")]) == 0
    assert "1 event, 0 routes; 1 row failed" in capsys.readouterr().out
    assert len(json.loads((tmp_path / "out.geojson").read_text())["features"]) == 1
    repaired = (tmp_path / "failed.csv").read_text().replace("2024-02-31,", "2024-02-28,", 1)
    (tmp_path / "failed.csv").write_text(repaired)
    assert main(["import", failed, "-o", out, "--mapping", str(tmp_path / "m.json")]) == 0
    assert main(["import", str(tmp_path / "nothing.csv"), "-o", out]) == 2
    assert "There is no file" in capsys.readouterr().err


def test_nothing_known_is_refused(sheet):
    with pytest.raises(GeoError, match="Nothing is known"):
        brought(sheet("a,b\n1,2\n"))
    with pytest.raises(GeoError):
        read_import("no such file.csv")
