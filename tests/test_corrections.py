"""A correction wins, can be undone, exported and merged, and nobody's change or hand-written row is lost."""

from __future__ import annotations

import csv
import math
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import CorrectionError, FormatError, GeoError, MissingFileError, ReadError, SaveError, TableError
from geo.places.corrections import Corrections
from geo.places.corrections import store as module
from geo.places.corrections.sheet import read_sheet, write_sheet
from geo.places.names import key
from geo.types import Place

DUNAY = Place(
    place_id="geonames:2011",
    name="Dunay",
    lon=132.3512,
    lat=42.8867,
    kind="port",
    country="RU",
    radius_km=3.0,
    confidence=0.4,
    matched="Dunai",
)
BOMBAY = replace(DUNAY, place_id="rutter:bombay", name="Bombay", lon=-72.0, lat=-5.25, country="", radius_km=math.nan)
HEADER = "name,place_id,place,lon,lat,kind,country,radius_km,note,changed\n"
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=12)
NAMES = TEXTS.filter(lambda name: bool(key(name)))
PLACES = st.none() | st.builds(
    Place,
    place_id=st.sampled_from(["geonames:1", "=id", "rutter:x"]),
    name=NAMES.map(lambda name: " ".join(name.split())),
    lon=st.floats(-180, 180),
    lat=st.floats(-90, 90),
    kind=st.sampled_from(["port", "city"]),
    country=st.sampled_from(["RU", ""]),
    radius_km=st.floats(0, 1e5) | st.just(math.nan),
    confidence=st.just(1.0),
    matched=st.just(""),
)
CHANGES = st.lists(st.tuples(NAMES, PLACES, TEXTS), max_size=4)
few = settings(max_examples=40, deadline=None)


@pytest.fixture
def corrections(tmp_path):
    return Corrections.open(tmp_path)


def fresh_folder():
    return tempfile.TemporaryDirectory()


def filled(folder, changes, name="corrections.csv"):
    corrections = Corrections.open(Path(folder) / name)
    for written, place, note in changes:
        corrections = corrections.add(written, place, note=note)
    return corrections


def told(corrections):
    """Everything that counts of each correction, NaN comparable."""
    return [(entry.name, entry.meaning, repr(entry.place), entry.note, entry.more) for entry in corrections.entries()]


def refused(path):
    with pytest.raises(GeoError) as caught:
        Corrections.open(path)
    return str(caught.value)


# A correction wins


def test_a_correction_wins_for_every_spelling_of_its_key(corrections):
    assert corrections.find("Dunay") is None
    corrected = corrections.add("Dunay St.", DUNAY, note="the yard, not the river")
    for spelling in ("Dunay St.", "dunay-saint", "the DUNAÝ  Saint"):
        place = corrected.find(spelling)
        assert place is not None
        assert place.lonlat == DUNAY.lonlat
        assert (place.confidence, place.matched, place.place_id) == (1.0, "Dunay St.", "geonames:2011")
    assert corrected.find("Dunaj") is None
    assert corrected.find("...") is None
    assert not corrected.is_refused("Dunay St.")


def test_it_is_there_in_the_next_session_and_a_later_one_replaces_it(corrections, tmp_path):
    corrections.add("Dunay", DUNAY).add("Dunay", BOMBAY)
    again = Corrections.open(tmp_path)
    assert [entry.name for entry in again.entries()] == ["Dunay"]
    found = again.find("dunay")
    assert found is not None
    assert (found.lonlat, found.country) == ((-72.0, -5.25), "")
    assert math.isnan(found.radius_km)
    assert again.entries()[0].changed.endswith("Z")


def test_a_word_can_be_no_place(corrections, tmp_path):
    refusing = corrections.add("Hope", None)
    for known in (refusing, Corrections.open(tmp_path)):
        assert known.find("hope") is None
        assert known.is_refused("HOPE")
        assert not known.is_refused("Dunay")
    assert "Hope,,,,,not a place,,,," in (tmp_path / "corrections.csv").read_text(encoding="utf-8-sig")


def test_a_correction_can_be_taken_away(corrections):
    assert corrections.add("Dunay", DUNAY).remove("DUNAY").entries() == ()
    with pytest.raises(CorrectionError, match="'Dunay' was not corrected"):
        corrections.remove("Dunay")


# The file is a person's too


def test_a_row_by_hand_needs_only_a_name_and_a_point(tmp_path):
    (tmp_path / "corrections.csv").write_text(" Name ,LON,lat,checked by\n\nDunay,132.35,-5,Ann\n,,,\n", "utf-8")
    opened = Corrections.open(tmp_path)
    place = opened.find("dunay")
    assert place is not None
    assert (place.place_id, place.name, place.kind, place.country) == ("point:-5.00000,132.35000", "Dunay", "place", "")
    opened.add("Hope", None)
    opened.add("Dunay", DUNAY)
    kept = (tmp_path / "corrections.csv").read_text(encoding="utf-8-sig").splitlines()
    assert kept[0].endswith(",changed,checked by")
    assert kept[1].endswith(",Ann"), "a column that a person added is kept"


def test_every_fault_is_told_at_once_with_row_and_column(tmp_path):
    path = tmp_path / "corrections.csv"
    rows = [
        'Dunay,,,"132,35",42.9,port,RU,3,"two\nlines",',
        "Hope,,,200,95,port,Russia,-1,,",
        "...,,,1,1,,,,,",
        "dunay,,,1,,port,,,,",
        "Nowhere,,,1,1,Not a Place,,inf,,",
    ]
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        Corrections.open(path)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "lon"),
        (3, "lon"),
        (3, "lat"),
        (3, "radius_km"),
        (3, "country"),
        (4, "name"),
        (5, "name"),
        (5, "lat"),
        (6, "kind"),
    ]
    message = str(caught.value)
    assert "corrections.csv, row 2, column lon: '132,35' is not a number. Write degrees with a point" in message
    assert "row 5, column name: 'dunay' is the same name as in row 2. Keep one of them." in message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"name,lon,lat\nNaj\xedn,1,2\n", "row 2: a letter is not UTF-8. Save the file as CSV UTF-8."),
        (b"name;lon;lat\nNajin;1;2\n", "row 1: the columns are divided by semicolons."),
        (b"name,lon\nNajin,1\n", "row 1, column lat: the column is missing."),
        (b"name,lon,lat,Lat\n", "row 1, column lat: the column is there twice."),
        (b'name,lon,lat\nDunay,1,2\n"Najin,1,2\nHope,1,2\n', "row 3: its cells cannot be told apart"),
        (b"name,lon,lat\nNajin,Korea,1,2\n", "row 2, column lat: the row has 4 cells, the header 3."),
        (b"name,,lon,lat,\nNajin,why,1,2,\n", "row 2: 'why' stands in a column without a name."),
    ],
)
def test_a_file_that_is_none_is_told_and_left_as_it_is(tmp_path, content, says):
    path = tmp_path / "corrections.csv"
    path.write_bytes(content)
    assert says in refused(path)
    with pytest.raises(GeoError):
        Corrections(path, {}).add("Dunay", DUNAY)
    assert path.read_bytes() == content
    assert not (tmp_path / "corrections.undo.csv").exists()


def test_an_empty_file_has_no_corrections(tmp_path):
    (tmp_path / "corrections.csv").write_text("\n,,\n")
    assert Corrections.open(tmp_path).entries() == ()


def test_a_folder_in_its_place_is_told(tmp_path):
    (tmp_path / "corrections.csv").mkdir()
    with pytest.raises(ReadError, match="cannot be read"):
        Corrections.open(tmp_path)


@pytest.mark.parametrize(
    ("name", "place", "column"),
    [
        ("?!", DUNAY, "name"),
        ("Dunay\ud800", DUNAY, "name"),
        ("Dunay", replace(DUNAY, lon=181.0), "lon"),
        ("Dunay", replace(DUNAY, lat=math.nan), "lat"),
        ("Dunay", replace(DUNAY, radius_km=-1), "radius_km"),
        ("Dunay", replace(DUNAY, country="Russia"), "country"),
    ],
)
def test_bad_input_writes_nothing(corrections, tmp_path, name, place, column):
    with pytest.raises(TableError) as caught:
        corrections.add(name, place)
    assert [fault.column for fault in caught.value.faults] == [column]
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_what_stood_there(corrections, tmp_path, monkeypatch):
    corrections.add("Dunay", DUNAY)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SaveError, match="could not be written: No space left on device"):
        corrections.add("Hope", None)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_no_folder_is_made_for_a_path_that_is_not_there(tmp_path):
    with pytest.raises(SaveError, match=r"There is no folder .*nowhere"):
        Corrections.open(tmp_path / "nowhere" / "corrections.csv").add("Dunay", DUNAY)
    assert not (tmp_path / "nowhere").exists()


def test_a_failed_second_write_can_be_tried_again(corrections, tmp_path, monkeypatch):
    first = corrections.add("Hope", None)

    def full(path, _):
        raise SaveError(f"{path} could not be written.")

    with monkeypatch.context() as patch:
        patch.setattr(module, "write_corrections", full)
        with pytest.raises(SaveError):
            first.add("Dunay", DUNAY)
    assert told(Corrections.open(tmp_path)) == told(first)
    assert first.last_change() == ("Hope",), "a change that was never made is not undone"
    assert first.undo().entries() == ()


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+7 (423) 1",
        "-2+3|cmd!A0",
        "@SUM(A1)",
        "'=1",
        "''-x",
        "'plain",
        "-5",
        "- dash",
        " =x",
        "a\r\nb",
        "=a\nb",
    ],
)
def test_no_cell_runs_in_a_spreadsheet_and_all_read_back(corrections, tmp_path, text):
    corrections.add("Dunay", replace(DUNAY, lon=-5.5, name=text.strip()), note=text)
    with (tmp_path / "corrections.csv").open(encoding="utf-8-sig", newline="") as lines:
        cells = next(csv.DictReader(lines))
    assert (tmp_path / "corrections.csv").read_bytes().startswith(b"\xef\xbb\xbf"), "else Excel spoils other scripts"
    assert cells["lon"] == "-5.5"
    for cell in (cells["place"], cells["note"]):
        assert cell == "-5" or cell.lstrip()[:1] not in ("=", "+", "-", "@")
    entry = Corrections.open(tmp_path).entries()[0]
    assert entry.note == text.strip().replace("\r\n", "\n")


@few
@given(st.lists(st.lists(TEXTS.map(str.strip), min_size=2, max_size=2).filter(any), max_size=4))
def test_a_sheet_reads_back_as_written(rows):
    with fresh_folder() as folder:
        path = Path(folder) / "sheet.csv"
        write_sheet(path, ["a", "b"], [dict(zip("ab", row, strict=True)) for row in rows])
        read = read_sheet(path, known=["a", "b"], needed=["a"])
    plain = [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row] for row in rows]
    assert [list(row.values()) for row in read.rows] == plain
    assert read.numbers == tuple(range(2, len(rows) + 2))


# Undo


@few
@given(CHANGES, NAMES, PLACES)
def test_undo_gives_back_what_was(changes, name, place):
    with fresh_folder() as folder:
        before = filled(folder, changes)
        after = before.add(name, place)
        if told(after) != told(before):
            assert after.last_change() == (after.by_key[key(name)].name,)
            assert told(Corrections.open(folder).undo()) == told(before)
            assert told(Corrections.open(folder)) == told(before)


@few
@given(CHANGES.filter(bool), st.data())
def test_undoing_a_removal_puts_it_back_in_its_place(changes, data):
    with fresh_folder() as folder:
        before = filled(folder, changes)
        gone = data.draw(st.sampled_from([entry.name for entry in before.entries()]))
        assert told(before.remove(gone).undo()) == told(before)


def test_all_changes_can_be_undone_one_after_another_in_other_sessions(corrections, tmp_path):
    changes = (
        lambda known: known.add("Dunay", DUNAY),
        lambda known: known.add("Hope", None),
        lambda known: known.add("dunay", BOMBAY),
        lambda known: known.remove("Hope"),
    )
    states = [told(corrections), *(told(change(Corrections.open(tmp_path))) for change in changes)]
    while len(states) > 1:
        states.pop()
        assert told(Corrections.open(tmp_path).undo()) == states[-1]
    with pytest.raises(CorrectionError, match="there is no change to undo"):
        Corrections.open(tmp_path).undo()
    assert Corrections.open(tmp_path).last_change() == ()


def test_saying_the_same_again_is_no_change(corrections, monkeypatch):
    once = corrections.add("Dunay", DUNAY)
    before = once.path.read_bytes()
    monkeypatch.setattr(module, "_now", lambda: "2030-01-01T00:00:00Z")
    again = once.add("Dunay", DUNAY)
    assert once.path.read_bytes() == before
    assert again.undo().entries() == ()


def test_undo_never_takes_away_what_was_edited_by_hand(corrections, tmp_path):
    corrections.add("Dunay", DUNAY)
    path = tmp_path / "corrections.csv"
    by_hand = path.read_text(encoding="utf-8").replace("132.3512", "132.4")
    path.write_text(by_hand, encoding="utf-8")
    with pytest.raises(CorrectionError, match="Dunay was edited by hand since"):
        Corrections.open(tmp_path).undo()
    assert path.read_text(encoding="utf-8") == by_hand


def test_a_spreadsheet_that_writes_numbers_and_times_its_own_way_does_not_hinder_undo(corrections, tmp_path):
    corrected = corrections.add("Dunay", DUNAY)
    path = tmp_path / "corrections.csv"
    by_spreadsheet = path.read_text(encoding="utf-8").replace("132.3512", "132.351200")
    by_spreadsheet = by_spreadsheet.replace(corrected.entries()[0].changed, "11/22/2026 8:02")
    path.write_text(by_spreadsheet, encoding="utf-8")
    assert Corrections.open(tmp_path).undo().entries() == ()


def test_a_spoilt_past_is_told_and_hinders_no_finding(corrections, tmp_path):
    corrections.add("Dunay", DUNAY)
    past = tmp_path / "corrections.undo.csv"
    past.write_text(past.read_text(encoding="utf-8").replace(",now,", ",soon,"), encoding="utf-8")
    opened = Corrections.open(tmp_path)
    assert opened.find("Dunay") is not None
    with pytest.raises(TableError, match=r"corrections\.undo\.csv, row 2, column undo_state: 'soon' was not written"):
        opened.undo()
    past.unlink()
    assert len(opened.add("Hope", None).undo().entries()) == 1


# Others


def test_what_another_program_changed_meanwhile_is_kept(tmp_path):
    mine, theirs = Corrections.open(tmp_path), Corrections.open(tmp_path)
    theirs.add("Hope", None)
    assert [entry.name for entry in mine.add("Dunay", DUNAY).entries()] == ["Hope", "Dunay"]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: mine.add(f"Place {number}", DUNAY), range(16)))
    assert len(Corrections.open(tmp_path).entries()) == 18


def test_a_file_that_another_program_holds_is_told(corrections, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "_WAIT_S", 0.05)
    with (
        FileLock(tmp_path / ".corrections.csv.lock"),
        pytest.raises(SaveError, match="is being changed by another program"),
    ):
        corrections.add("Dunay", DUNAY)
    assert corrections.add("Dunay", DUNAY).find("Dunay")


@few
@given(CHANGES)
def test_what_was_exported_merges_into_the_same(changes):
    with fresh_folder() as folder:
        mine = filled(folder, changes)
        elsewhere = Path(folder) / "elsewhere"
        elsewhere.mkdir()
        mine.export(elsewhere / "handed on.csv")
        merged = Corrections.open(elsewhere).merge(elsewhere / "handed on.csv")
        assert told(merged.corrections) == told(mine) == told(Corrections.open(elsewhere))
        assert merged.added == tuple(entry.name for entry in mine.entries())
        again = merged.corrections.merge(elsewhere / "handed on.csv")
        assert (again.added, again.conflicts) == ((), ())


def test_a_conflict_is_reported_and_yours_is_kept(corrections, tmp_path):
    theirs = filled(tmp_path, [("Hope", DUNAY, ""), ("dunay", BOMBAY, ""), ("Najin", DUNAY, "")], "theirs.csv")
    mine = corrections.add("Dunay", DUNAY).add("Hope", DUNAY, note="mine")
    merged = mine.merge(theirs.path)
    assert merged.added == ("Najin",)
    assert [(fault.row, fault.column) for fault in merged.conflicts] == [(3, "name")]
    says = str(merged.conflicts[0])
    assert "theirs.csv, row 3, column name: 'dunay' is Bombay (rutter:bombay) at -5.2500, -72.0000 there" in says
    assert "but Dunay (geonames:2011) at 42.8867, 132.3512 in corrections.csv. Yours is kept" in says
    place = merged.corrections.find("Dunay")
    assert place is not None
    assert place.place_id == "geonames:2011"
    assert told(merged.corrections.undo()) == told(mine), "all that came in is one change"


def test_merging_what_is_not_there_or_wrong_merges_nothing(corrections, tmp_path):
    with pytest.raises(MissingFileError):
        corrections.merge(tmp_path / "nowhere.csv")
    (tmp_path / "theirs.csv").write_text("name,lon,lat\nHope,1,2\nDunay,1,x\n", encoding="utf-8")
    with pytest.raises(TableError, match=r"theirs\.csv, row 3, column lat"):
        corrections.merge(tmp_path / "theirs.csv")
    (tmp_path / "theirs.csv").write_bytes(b"\xff\xfe")
    with pytest.raises(FormatError):
        corrections.merge(tmp_path / "theirs.csv")
    assert not corrections.path.exists()


def test_a_linked_file_stays_linked(tmp_path):
    shared = tmp_path / "shared.csv"
    shared.write_text(HEADER, encoding="utf-8")
    link = tmp_path / "corrections.csv"
    link.symlink_to(shared)
    Corrections.open(link).add("Dunay", DUNAY)
    assert link.is_symlink()
    assert "Dunay" in shared.read_text(encoding="utf-8-sig")
