"""A name, however spelt, becomes the right point; what nobody knows stays unknown."""

from __future__ import annotations

import csv
import json
import math
import subprocess
import sys
from pathlib import Path

import geopandas
import pytest
import shapely
from geopy.exc import GeocoderQueryError
from geopy.geocoders.base import Geocoder
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, shape

from geo.config import PLACES
from geo.errors import CoordinateError, CountryError, GeoError, MissingFileError
from geo.geodesy import distance_km
from geo.places import Gazetteer, OfflineGeocoder, default_gazetteer, default_geocoder, key
from geo.places.gazetteer import ALTERNATE, MAIN
from geo.places.written import coordinates

GOLDEN = list(csv.DictReader((Path(__file__).parent / "golden" / "places.csv").open(encoding="utf-8", newline="")))
LARGEST_MB = 22  # all of data/ is to stay within 25
LATIN = st.text(alphabet=st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x24F), max_size=20)


@pytest.fixture(scope="module")
def geocoder():
    return default_geocoder()


def curated(name):
    with (PLACES / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def seas():
    return json.loads((PLACES / "seas.geojson").read_text(encoding="utf-8"))["features"]


# Spellings and readings


@pytest.mark.parametrize("case", GOLDEN, ids=[case["written"] for case in GOLDEN])
def test_names_as_written_come_out_right(geocoder, case):
    place = geocoder.place(case["written"])
    assert place is not None
    away = distance_km(place.lonlat, (float(case["lon"]), float(case["lat"])))
    assert away <= float(case["within_km"]), f"{place} is {away:.1f} km off"
    if case["place_id"]:
        assert place.place_id == case["place_id"]
    assert 0 < place.confidence <= 1
    assert place.radius_km > 0


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        "   ",
        "Nowhereville",
        "!!!",
        "Xyzzy, Moscow",
        "Seoul, Texas",
        "Vladivostok, Narnia",
        "Moscow and Seoul",
        "x" * 999,
    ],
)
def test_what_is_unknown_stays_unknown(geocoder, unknown):
    assert geocoder.place(unknown) is None
    assert geocoder.geocode(unknown) is None
    assert geocoder.candidates(unknown) == []


@pytest.mark.parametrize(
    "unknown", ["Victoria Harbour Hotel", "Kennedy Airport Road", "South Nowhere", "Port Chongjinville"]
)
def test_part_of_a_name_is_not_taken_for_the_whole(geocoder, unknown):
    assert geocoder.place(unknown) is None


def test_missing_cells_are_unknown(geocoder):
    assert geocoder.place(float("nan")) is None
    assert geocoder.geocode(None) is None


def test_a_code_counts_only_in_capitals(geocoder):
    assert geocoder.place("US").kind == "country"
    assert (found := geocoder.place("us")) is None or found.kind != "country"


def test_port_and_cosmodrome_are_two_places_and_the_bare_name_is_doubtful(geocoder):
    port, cosmodrome = geocoder.place("Vostochny Port"), geocoder.place("Vostochny Cosmodrome")
    assert distance_km(port.lonlat, cosmodrome.lonlat) > 900
    both = geocoder.candidates("Vostochny")
    assert {port.place_id, cosmodrome.place_id} <= {place.place_id for place in both}
    assert both[0].confidence < 0.6


def test_namesakes_lower_confidence_and_hints_decide(geocoder):
    found = geocoder.candidates("Springfield", limit=5)
    assert len(found) == 5
    assert [place.confidence for place in found] == sorted((place.confidence for place in found), reverse=True)
    assert found[0].confidence < 0.5
    illinois = (-89.64, 39.80)
    near = geocoder.place("Springfield", near=illinois)
    assert distance_km(near.lonlat, illinois) < 20
    assert near.confidence > found[0].confidence
    assert geocoder.place("Moscow", near=(20.0, 50.0)).country == "RU"  # a hint from far away is none


@pytest.mark.parametrize("country", ["CA", "ca", "Canada", "CAN", "캐나다"])
def test_a_country_keeps_only_what_lies_in_it(geocoder, country):
    assert geocoder.place("London", country=country).country == "CA"


def test_a_country_without_such_a_place_gives_none_and_an_unknown_country_is_an_error(geocoder):
    assert geocoder.place("Vladivostok", country="KR") is None
    with pytest.raises(CountryError, match="no country 'Narnia'") as caught:
        geocoder.place("Seoul", country="Narnia")
    assert isinstance(caught.value, GeoError)
    assert isinstance(caught.value, ValueError)


def test_a_sea_is_found_whatever_the_country(geocoder):
    assert geocoder.place("Bering Sea", country="RU").kind == "sea"


def test_near_and_compass_words_widen_or_move(geocoder):
    town, around = geocoder.place("Rajin"), geocoder.place("near Rajin")
    assert around.lonlat == town.lonlat
    assert around.radius_km > town.radius_km
    assert around.confidence < town.confidence
    krai, north = geocoder.place("Primorsky Krai"), geocoder.place("northern Primorsky Krai")
    assert north.lat > krai.lat
    assert geocoder.place("north of Seoul").lat > geocoder.place("Seoul").lat
    assert geocoder.place("South London").kind == "area"


@pytest.mark.parametrize("side", ["western", "eastern", "northern", "southern", "north-western"])
def test_each_side_of_a_sea_that_crosses_180_lies_in_its_water(geocoder, side):
    place = geocoder.place(f"{side} Bering Sea")
    area = next(shape(sea["geometry"]) for sea in seas() if sea["properties"]["id"] == "bering-sea")
    assert area.contains(Point(place.lonlat))
    assert place.kind == "area"


def test_west_and_east_of_the_bering_sea_lie_on_either_side_of_180(geocoder):
    assert geocoder.place("western Bering Sea").lon > 160
    assert geocoder.place("eastern Bering Sea").lon < -160


def test_three_provinces_are_not_one_inside_the_others(geocoder):
    three = geocoder.place("Hwanghae, Pyongan and Hamgyong provinces")
    two = geocoder.place("Hwanghae and Pyongan provinces")
    assert three.kind == "area"
    assert three.radius_km > two.radius_km


def test_two_provinces_span_an_area_that_holds_both(geocoder):
    both = geocoder.place("Hwanghae and Pyongan provinces")
    assert both.kind == "area"
    for name in ("Hwanghae", "Pyongan"):
        one = geocoder.place(name)
        assert distance_km(both.lonlat, one.lonlat) + one.radius_km <= both.radius_km + 1


# Coordinates in a text


@pytest.mark.parametrize(
    "text",
    [
        "42.59 N 130.70 E",
        "42.59N, 130.70E",
        "130.70 E 42.59 N",
        "N 42.59 E 130.70",
        "42.59°N 130.70°E",
        "at sea (42.59, 130.70), depth 540 km",
        "42°35'24\"N 130°42'00\"E",
        "42°35.4′N 130°42.0′E",
    ],
)
def test_coordinates_win_over_words(geocoder, text):
    place = geocoder.place(f"near Moscow {text}")
    assert place.kind == "coordinate"
    assert place.lonlat == pytest.approx((130.70, 42.59))


@pytest.mark.parametrize("text", ["95 N 130 E", "42 N 190 E", "95.0, 130.0", "Rajin (42.1, 999.5)"])
def test_coordinates_off_the_earth_are_an_error(geocoder, text):
    with pytest.raises(CoordinateError):
        geocoder.place(text)


@pytest.mark.parametrize("text", ["5 men, 12 boats", "Highway 95", "1,018.5 tons", "Camp 22", "2023-09-12"])
def test_other_numbers_are_not_coordinates(text):
    assert coordinates(text) is None


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_a_decimal_pair_reads_back(lat, lon):
    found = coordinates(f"{lat:.4f}, {lon:.4f}")
    assert found.lonlat == pytest.approx((lon, lat), abs=1e-4)
    south, west = "S" if lat < 0 else "N", "W" if lon < 0 else "E"
    assert coordinates(f"{abs(lat):.4f} {south} {abs(lon):.4f} {west}").lonlat == pytest.approx((lon, lat), abs=1e-4)


# The key


@given(st.text(max_size=40))
def test_the_key_of_a_key_is_itself(text):
    assert key(key(text)) == key(text)


@given(LATIN)
def test_case_does_not_matter(text):
    assert key(text) == key(text.upper()) == key(text.lower())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("St. Petersburg", "Saint Petersburg"),
        ("Mt. Paektu", "mount paektu"),
        ("The Hague", "Hague"),
        ("U. S. A.", "USA"),
        ("Ust'-Luga", "Ust-Luga"),
        ("Łódź", "Lodz"),
        ("Ёлка", "елка"),
        ("Bosnia & Herzegovina", "Bosnia and Herzegovina"),
    ],
)
def test_spellings_that_are_one(one, other):
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("ハハ", "ババ"), ("라진", "나진"), ("कि", "की"), ("Rajin", "Rajan")])
def test_spellings_that_are_two(one, other):
    assert key(one) != key(other)


# geopy and geopandas


def test_geopy_contract(geocoder):
    assert isinstance(geocoder, Geocoder)
    one = geocoder.geocode("Najin")
    assert (one.latitude, one.longitude) == (one.point.latitude, one.point.longitude)
    assert one.latitude == pytest.approx(42.25, abs=0.05)
    assert json.loads(json.dumps(one.raw)) == one.raw
    assert {"place_id", "name", "kind", "country", "radius_km", "confidence", "matched", "population"} <= one.raw.keys()
    several = geocoder.geocode("Springfield", exactly_one=False, limit=3)
    assert [place.raw["kind"] for place in several] == ["city"] * 3
    assert several[0].raw["alternatives"] > 3
    assert geocoder.geocode("Nowhereville", exactly_one=False) is None


def test_geopandas_geocodes_with_it():
    frame = geopandas.tools.geocode(["Najin", "Владивосток", "Nowhereville"], provider=OfflineGeocoder)
    assert frame.crs == "EPSG:4326"
    assert frame.geometry.iloc[0].x == pytest.approx(130.28, abs=0.05)
    assert frame.geometry.iloc[1].y == pytest.approx(43.11, abs=0.05)
    assert frame.geometry.iloc[2].is_empty


def test_geopandas_reverse_geocodes_with_it():
    frame = geopandas.tools.reverse_geocode([Point(131.87, 43.11), Point(126.98, 37.57)], provider=OfflineGeocoder)
    assert list(frame["address"].str.contains("RU|KR")) == [True, True]


def test_no_request_is_made_and_calls_do_not_change_one_another(geocoder):
    before = geocoder.candidates("Washington")
    geocoder.candidates("Washington", country="GB", near=(-1.5, 54.9))
    assert geocoder.candidates("Washington") == before


# From a point back to a name


def test_reverse_names_the_town_and_says_how_far(geocoder):
    found = geocoder.reverse((43.2, 132.0))
    assert found.raw["country"] == "RU"
    assert 0 < found.raw["distance_km"] <= 50
    towns = geocoder.reverse((37.5665, 126.978), exactly_one=False, limit=5)
    away = [town.raw["distance_km"] for town in towns]
    assert away == sorted(away)


@pytest.mark.parametrize(
    ("latlon", "sea"),
    [
        ((58, 179.9), "Bering Sea"),
        ((58, -179.9), "Bering Sea"),
        ((40, 134), "Sea of Japan"),
        ((54, 148), "Sea of Okhotsk"),
    ],
)
def test_reverse_at_sea_names_the_sea(geocoder, latlon, sea):
    assert geocoder.reverse(latlon).raw["name"] == sea


def test_reverse_where_nothing_is(geocoder):
    assert geocoder.reverse((23.5, 9.5), reach_km=5) is None
    with pytest.raises(CoordinateError):
        geocoder.reverse((95, 130))
    with pytest.raises(GeocoderQueryError):
        geocoder.reverse("not a point")


@pytest.mark.parametrize("name", ["Najin", "Dunay", "Khasan", "Kremlin", "Sohae", "Yakutsk", "Suva", "Uelen"])
def test_there_and_back(geocoder, name):
    there = geocoder.geocode(name)
    back = geocoder.reverse(there.point)
    assert back.raw["distance_km"] < 1


# The files


def test_everything_bundled_is_small():
    total = sum(path.stat().st_size for path in PLACES.iterdir() if path.is_file())
    assert total / 1e6 <= LARGEST_MB


def test_countries_are_whole_and_on_the_earth():
    rows = curated("countries.csv")
    codes = [row["iso2"] for row in rows]
    assert len(codes) == len(set(codes)) == 250
    for row in rows:
        assert -180 <= float(row["lon"]) <= 180
        assert -90 <= float(row["lat"]) <= 90
        assert float(row["radius_km"]) > 0
        assert row["source"] in ("GeoNames", "rutter")


def test_curated_places_are_whole_unique_and_on_the_earth(geocoder):
    rows = [row for name in ("sites.csv", "islands.csv", "regions.csv", "towns.csv") for row in curated(name)]
    identities = [row["id"] for row in rows] + [sea["properties"]["id"] for sea in seas()]
    assert len(identities) == len(set(identities))
    countries = {row["iso2"] for row in curated("countries.csv")}
    for row in rows:
        assert row["name"], row
        assert row["kind"], row
        assert row["source"], row
        assert not row["country"] or row["country"] in countries
        assert -180 <= float(row["lon"]) <= 180, row
        assert -90 <= float(row["lat"]) <= 90, row
        assert float(row["radius_km"]) > 0, row
        assert row["id"] == row["id"].strip().lower(), row
    assert len(curated("sites.csv")) >= 120


def test_each_site_is_found_by_its_own_name(geocoder):
    for row in curated("sites.csv"):
        found = {place.place_id for place in geocoder.candidates(row["name"])}
        assert f"rutter:{row['id']}" in found, row["name"]


def test_each_site_lies_where_it_says(geocoder):
    for row in curated("sites.csv"):
        here = (float(row["lon"]), float(row["lat"]))
        containers = geocoder.candidates(row["within"], country=row["country"] or None)
        assert not containers or any(
            distance_km(here, place.lonlat) <= 2 * place.radius_km + 60 + float(row["radius_km"])
            for place in containers
        ), f"{row['name']} is not in {row['within']}"


def test_seas_are_rfc_7946_and_hold_their_points():
    assert len(seas()) >= 70
    for sea in seas():
        name, area = sea["properties"]["name"], shape(sea["geometry"])
        assert isinstance(area, Polygon | MultiPolygon)
        assert area.is_valid, f"{name}: {shapely.is_valid_reason(area)}"
        west, south, east, north = area.bounds
        assert west >= -180, name
        assert east <= 180, name
        assert -90 <= south < north <= 90, name
        for part in getattr(area, "geoms", [area]):
            assert part.exterior.is_ccw, name
        assert area.contains(Point(sea["properties"]["lon"], sea["properties"]["lat"])), name


def test_the_bering_sea_is_cut_at_180():
    area = next(shape(sea["geometry"]) for sea in seas() if sea["properties"]["id"] == "bering-sea")
    assert isinstance(area, MultiPolygon)
    assert sorted(part.bounds[2] for part in area.geoms)[-1] == 180
    assert sorted(part.bounds[0] for part in area.geoms)[0] == -180


def test_a_missing_gazetteer_says_how_to_build_it(tmp_path):
    with pytest.raises(MissingFileError, match=r"build\.py"):
        Gazetteer(tmp_path)


def test_the_gazetteer_is_read_once():
    assert default_gazetteer() is default_gazetteer()
    assert OfflineGeocoder().gazetteer is default_gazetteer()


def test_every_point_of_the_gazetteer_is_on_the_earth():
    gazetteer = default_gazetteer()
    assert len(gazetteer) > 250_000
    assert abs(gazetteer.lon).max() <= 180
    assert abs(gazetteer.lat).max() <= 90
    assert gazetteer.radius_km.min() > 0
    assert math.isfinite(gazetteer.radius_km.max())


def test_a_fresh_process_answers_in_hangul():
    code = "from geo.places import default_geocoder; print(default_geocoder().place('나진').place_id)"
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "geonames:2042645"


FEW = """
import sys
from geo.places import default_finder, default_gazetteer
from geo.types import PlaceQuery
print(default_finder().place("Najin").place_id, *{"pandas", "pyarrow.compute", "pyproj"} & {*sys.modules})
names = dict.fromkeys(default_gazetteer().written(row) for row in range(0, 900_000, 300))
print(sum(place is not None for place in default_finder().places([PlaceQuery(name) for name in names])))
print(*{"pandas", "geopandas"} & {*sys.modules})
"""
COLUMN = """
import re, sys
from pathlib import Path
import geo
found = geo.geocode(sys.stdin.read().splitlines())
print(found.geometry.notna().mean(), *re.findall(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()))
"""


def told(code, given=""):
    root = Path(__file__).resolve().parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, input=given, capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()


def test_neither_one_name_nor_a_dossier_waits_for_what_only_columns_need():
    one, found, imported = told(FEW)
    assert one == "geonames:2042645"
    assert int(found) > 2_000
    assert imported == ""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the most memory of a process by itself")
def test_a_column_of_many_names_stays_small():
    gazetteer = default_gazetteer()
    rows = [row for row in range(0, len(gazetteer.sort), 10) if gazetteer.sort[row] in (MAIN, ALTERNATE)]
    names = dict.fromkeys(gazetteer.written(row) for row in rows[:90_000])
    ((known, kilobytes),) = (line.split() for line in told(COLUMN, "\n".join(names)))
    assert float(known) > 0.999
    assert int(kilobytes) < 300_000
