"""A GeoNames dump becomes a gazetteer that finds what is in it and what is bundled."""

from __future__ import annotations

import json
import zipfile

import pytest

from geo.config import PLACES
from geo.errors import FormatError, GeoError, MissingFileError, ReadError
from geo.places.dump import feature_sorts
from geo.places.gazetteer import CODE, DEMONYM, Gazetteer
from geo.places.geonames import build_gazetteer
from geo.places.names import key

FIELDS = (
    "gid name ascii alternates lat lon class code country cc2 admin1 admin2 admin3 admin4 people height dem zone day"
)
PLACES_OF_ROWS = """
9000001|Testgrad|TSG,Testograd,Тестград,te si te ge la de|60.5|30.5|P|PPL|RU|42|12000
9000002|Stara Testova|Old Testova|60.51|30.52|P|PPLA2|RU|42|900
9000003|Nowhere Hamlet||60.7|30.1|P|PPL|RU|42|0
9000004|Test Capital||10.5|20.5|P|PPLC|XX|00|500000
9000005|Mount Teststone|Gora Testkamen|60.0|59.5|T|MT|RU|71|0
9000006|Test Range||61.0|59.0|T|MTS|RU|71|0
9000007|Testova Peak|Pik Testova|60.2|59.6|T|PK|RU|71|0
9000008|Test Island||59.9|28.0|T|ISL|RU|42|0
9000009|Cape Testy||59.8|28.1|T|CAPE|RU|42|0
9000010|Testova River|Reka Testova|58.0|56.0|H|STM|RU|90|0
9000011|Lake Testmere||62.0|34.0|H|LK|RU|28|0
9000012|Testport Bay||59.7|28.3|H|BAY|RU|42|0
9000013|Testburg Province|Testburg|10.0|20.0|A|ADM1|XX|01|700000
9000014|Test District||10.1|20.1|A|ADM2|XX|01|30000
9000015|Little Test Commune||10.2|20.2|A|ADM3|XX|01|3000
9000016|Old Test Province||10.3|20.3|A|ADM1H|XX|01|0
9000017|Test Region||10.4|20.4|L|RGN|XX|01|0
9000018|Test National Park||10.6|20.6|L|PRK|XX|01|0
9000019|Testport|Port of Testport|59.71|28.31|L|PRT|RU|42|0
9000020|Test Naval Base||59.72|28.32|L|NVB|RU|42|0
9000021|Test Airport|TST,Aeroport Testova|60.55|30.55|S|AIRP|RU|42|0
9000022|Fort Test||60.56|30.56|S|FT|RU|42|0
9000023|Test Central Station||60.57|30.57|S|RSTN|RU|42|0
9000024|Test Hotel||60.58|30.58|S|HTL|RU|42|0
9000025|Test School||60.59|30.59|S|SCH|RU|42|0
9000026|Test Seamount||45.0|-170.0|U|SMU||00|0
9000027|Test Street||60.6|30.6|R|ST|RU|42|0
9000028|Test Wood||60.61|30.61|V|FRST|RU|42|0
2013348|Vladivostok|Testovostok,VVO|43.2|131.9|P|PPLA|RU|59|700000
2017370|Russian Federation|Testland|61.0|99.0|A|PCLI|RU|00|144000000
9000029|Vostochny Cosmodrome||51.88|128.33|S|CTRS|RU|05|0
"""
BROKEN = [
    b"9000030\tToo few cells\t1\t2\n",
    b"9000031\tNo number\t\t\tnorth\teast\tP\tPPL\tRU\t\t42\t\t\t\t5\t\t1\tUTC\t2020-01-01\n",
    b"9000032\tOff the Earth\t\t\t95.0\t20.0\tP\tPPL\tRU\t\t42\t\t\t\t5\t\t1\tUTC\t2020-01-01\n",
    b"9000033\tNot UTF-8 \xff\xfe\t\t\t55.0\t20.0\tP\tPPL\tRU\t\t42\t\t\t\t5\t\t1\tUTC\t2020-01-01\n",
]


def line(text):
    gid, name, alternates, lat, lon, sort, code, country, admin1, people = text.split("|")
    cells = [gid, name, name, alternates, lat, lon, sort, code, country, "", admin1, "", "", "", people, "", "0"]
    return "\t".join([*cells, "Europe/Moscow", "2026-01-01"]).encode() + b"\n"


ROWS = [line(text) for text in PLACES_OF_ROWS.split("\n") if text]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dump")
    with zipfile.ZipFile(folder / "RU.zip", "w") as archive:
        archive.writestr("readme.txt", "Readme for GeoNames Gazetteer extract files\n" * 999)
        archive.writestr("RU.txt", b"".join([*ROWS[:10], *BROKEN, b"\n", *ROWS[10:]]))
    return build_gazetteer(folder / "RU.zip", folder / "out", progress=False)


@pytest.fixture(scope="module")
def gazetteer(built):
    return Gazetteer(built.folder)


def found(gazetteer, name):
    return {
        entry.place_id: (hit, entry)
        for hit, entry in ((hit, gazetteer.entry(hit.row)) for hit in gazetteer.find(key(name)))
    }


def test_the_rows_have_the_columns_of_geonames():
    assert len(FIELDS.split()) == 19
    assert all(row.count(b"\t") == 18 for row in ROWS)


@pytest.mark.parametrize(
    ("name", "place_id", "kind"),
    [
        ("Testgrad", "geonames:9000001", "city"),
        ("Тестград", "geonames:9000001", "city"),
        ("Mt. Teststone", "geonames:9000005", "mountain"),
        ("Test Range", "geonames:9000006", "mountain range"),
        ("Test Island", "geonames:9000008", "island"),
        ("Testova River", "geonames:9000010", "river"),
        ("Lake Testmere", "geonames:9000011", "lake"),
        ("Testburg", "geonames:9000013", "province"),
        ("Test District", "geonames:9000014", "district"),
        ("Old Test Province", "geonames:9000016", "former province"),
        ("Port of Testport", "geonames:9000019", "port"),
        ("Test Naval Base", "geonames:9000020", "military site"),
        ("Test Airport", "geonames:9000021", "airport"),
        ("Fort Test", "geonames:9000022", "fort"),
        ("Test Seamount", "geonames:9000026", "undersea"),
    ],
)
def test_what_the_dump_holds_is_found(gazetteer, name, place_id, kind):
    _, entry = found(gazetteer, name)[place_id]
    assert entry.kind == kind
    assert entry.radius_km > 0


def test_a_place_keeps_its_point_its_division_and_its_inhabitants(gazetteer):
    hit, entry = found(gazetteer, "TSG")["geonames:9000001"]
    assert (entry.lon, entry.lat, entry.admin1, entry.population) == (30.5, 60.5, "RU.42", 12000)
    assert hit.sort == CODE
    assert found(gazetteer, "Test Capital")["geonames:9000004"][1].capital


@pytest.mark.parametrize("name", ["Test Hotel", "Test School", "Test Street", "Test Wood", "te si te ge la de"])
def test_what_is_not_kept_is_not_found(gazetteer, name):
    assert not found(gazetteer, name)


def test_a_bundled_place_takes_the_point_and_the_names_of_the_dump(gazetteer):
    _, entry = found(gazetteer, "Testovostok")["geonames:2013348"]
    assert (entry.name, entry.lon, entry.lat, entry.population) == ("Vladivostok", 131.9, 43.2, 700000)
    assert len([place for place in found(gazetteer, "Vladivostok") if place == "geonames:2013348"]) == 1
    _, country = found(gazetteer, "Testland")["geonames:2017370"]
    assert (country.lon, country.lat) == (100, 60)


def test_what_is_bundled_stays(gazetteer):
    bundled = Gazetteer()
    assert len(gazetteer) == len(bundled) + 24
    for name in ("Najin", "나진", "DPRK", "Bering Sea", "Vostochny Cosmodrome", "Seoul"):
        assert found(bundled, name).keys() <= found(gazetteer, name).keys()
    assert gazetteer.seas.keys() == bundled.seas.keys()
    assert "geonames:9000029" not in found(gazetteer, "Vostochny Cosmodrome")


def test_demonyms_stay_demonyms(gazetteer):
    if not (PLACES / "demonyms.csv").exists():
        pytest.skip("no demonyms are bundled")
    assert any(hit.sort == DEMONYM for hit, _ in found(gazetteer, "Russian").values())


def test_it_says_what_it_is_built_from_and_what_was_wrong(built):
    about = json.loads((built.folder / "about.json").read_text(encoding="utf-8"))
    assert {path.name for path in built.folder.iterdir()} == {
        "places.arrow",
        "names.arrow",
        "seas.geojson",
        "about.json",
    }
    assert about["source"] == "RU.zip"
    assert about["rows"] == len(ROWS) + len(BROKEN)
    assert (about["broken"], about["left_out"]) == (4, 5)
    assert [fault.row for fault in built.faults] == [11, 12, 13, 14]
    assert str(built.faults[0]).startswith("RU.txt, row 11") or str(built.faults[0]).startswith("RU.zip, row 11")
    assert about["places"] == built.places == len(Gazetteer(built.folder))


def test_small_towns_can_be_left_out(tmp_path):
    (tmp_path / "RU.txt").write_bytes(b"".join(ROWS))
    built = build_gazetteer(tmp_path / "RU.txt", tmp_path / "out", min_population=1000, progress=False)
    gazetteer = Gazetteer(built.folder)
    assert found(gazetteer, "Testgrad")
    assert not found(gazetteer, "Nowhere Hamlet")
    assert found(gazetteer, "Test Island")


@pytest.mark.parametrize(
    ("name", "content", "error", "words"),
    [
        ("RU.zip", b"not an archive", FormatError, "not a zip archive"),
        ("RU.txt", b"", FormatError, "is empty"),
        ("RU.txt", b"city,country\nSeoul,KR\n", FormatError, "row 1.*1 columns, not 19"),
        ("RU.txt", BROKEN[0] * 200, FormatError, "no dump of GeoNames"),
        ("RU.txt", line("1|Test Street||1|1|R|ST|RU|42|0"), FormatError, "No place of RU.txt"),
    ],
)
def test_what_is_no_dump_is_one_readable_error_and_leaves_nothing(tmp_path, name, content, error, words):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=words) as caught:
        build_gazetteer(tmp_path / name, tmp_path / "out", progress=False)
    assert isinstance(caught.value, GeoError)
    assert "\n" not in str(caught.value)
    assert not any((tmp_path / "out").glob("*"))


def test_a_missing_dump_and_one_that_breaks_off(tmp_path):
    with pytest.raises(MissingFileError, match="allCountries"):
        build_gazetteer(tmp_path / "allCountries.zip", tmp_path / "out")
    with zipfile.ZipFile(tmp_path / "RU.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("RU.txt", b"".join(ROWS) * 300)
    packed = bytearray((tmp_path / "RU.zip").read_bytes())
    packed[len(packed) // 2 : len(packed) // 2 + 50] = b"\x00" * 50
    (tmp_path / "RU.zip").write_bytes(packed)
    with pytest.raises(ReadError, match="Fetch it anew"):
        build_gazetteer(tmp_path / "RU.zip", tmp_path / "out", progress=False)


def test_an_archive_without_a_text_in_it(tmp_path):
    with zipfile.ZipFile(tmp_path / "RU.zip", "w") as archive:
        archive.writestr("RU.csv", "a,b\n")
    with pytest.raises(FormatError, match=r"holds no \.txt"):
        build_gazetteer(tmp_path / "RU.zip", tmp_path / "out")


def test_each_feature_code_stands_once_with_a_kind_and_a_reach():
    sorts = feature_sorts()
    text = (PLACES / "feature_codes.csv").read_text(encoding="utf-8").splitlines()
    assert len(sorts) == len(text) - 1
    assert all(sort.kind and sort.radius_km > 0 for sort in sorts.values())
    assert {feature_class for feature_class, _ in sorts} == set("PAHTLSU")
