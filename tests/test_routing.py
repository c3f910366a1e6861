"""Legs between places: rails that follow named stations, shortest lines that are cut at 180 degrees."""

import csv
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import geodesy
from geo.config import NETWORKS
from geo.errors import CoordinateError, GeoError, NoRouteError
from geo.routing import MODES, leg
from geo.routing.rail import network
from geo.types import Place

STATIONS = network().stations

# Track lengths in km as railways and encyclopaedias publish them; the same table stands in data/networks/README.md.
PUBLISHED_KM = [
    ("moscow", ["yaroslavl"], "vladivostok", 9288),
    ("vladivostok", [], "khabarovsk", 766),
    ("khabarovsk", [], "chita", 2322),
    ("chita", [], "irkutsk", 1014),
    ("irkutsk", [], "krasnoyarsk", 1087),
    ("krasnoyarsk", [], "novosibirsk", 762),
    ("novosibirsk", [], "omsk", 627),
    ("moscow", [], "st-petersburg", 650),
    ("tayshet", ["tynda", "novy-urgal"], "sovetskaya-gavan", 4287),
    ("baranovsky", [], "khasan", 238),
    ("rajin", [], "khasan", 54),
    ("pyongyang", [], "rajin", 781),
    ("pyongyang", [], "tumangang", 855),
    ("pyongyang", [], "sinuiju", 225),
    ("pyongyang", [], "kaesong", 187),
    ("seoul", [], "busan", 441.7),
    ("busan", [], "gangneung", 364),
]


def at(station):
    return STATIONS[station].lonlat


def place(name, lonlat, country=""):
    return Place(f"test:{name}", name, *lonlat, "city", country, 5.0, 1.0, name)


def parts(line):
    return list(getattr(line, "geoms", [line]))


def in_order(names, expected):
    rest = iter(names)
    return all(name in rest for name in expected)


def test_dunay_to_tikhoretsk_keeps_to_the_trans_siberian():
    route = leg(at("dunay"), at("tikhoretsk"), mode="rail")
    way = ["Smolyaninovo", "Ussuriysk", "Khabarovsk", "Belogorsk", "Chita", "Ulan-Ude", "Irkutsk", "Krasnoyarsk"]
    assert in_order(route.via, [*way, "Novosibirsk", "Omsk", "Chelyabinsk", "Samara", "Saratov", "Volgograd"])
    assert not {"Harbin", "Tynda", "Ulaanbaatar"} & set(route.via)


def test_a_train_passes_the_stops_it_is_sent_by():
    route = leg(at("pyongyang"), at("khasan"), mode="rail", via=[place("Tumangang", at("tumangang"), "KP")])
    assert in_order(route.via, ["Hamhung", "Chongjin", "Rajin", "Tumangang"])
    assert shapely.get_coordinates(route.line)[-2].tolist() == pytest.approx(at("tumangang"))
    detour = leg(at("moscow"), at("beijing"), mode="rail", via=[at("ulaanbaatar")])
    assert in_order(detour.via, ["Irkutsk", "Naushki", "Sukhbaatar", "Ulaanbaatar", "Zamyn-Uud", "Erenhot"])


def test_khasan_to_the_cosmodrome():
    route = leg(at("khasan"), at("vostochny-cosmodrome"), mode="rail")
    assert in_order(route.via, ["Ussuriysk", "Khabarovsk", "Birobidzhan", "Belogorsk", "Svobodny", "Ledyanaya"])
    assert route.basis == "inferred"


@pytest.mark.parametrize(("start", "via", "end", "track_km"), PUBLISHED_KM)
def test_drawn_length_is_below_the_track_but_not_far(start, via, end, track_km):
    route = leg(at(start), at(end), mode="rail", via=[at(stop) for stop in via])
    assert 0.72 * track_km < route.length_km < track_km


@given(st.sampled_from(sorted(STATIONS)), st.sampled_from(sorted(STATIONS)))
@settings(deadline=None)
def test_there_and_back_is_one_way(a, b):
    ends = (at(a), at(b))
    try:
        there = leg(*ends, mode="rail")
    except NoRouteError as error:
        with pytest.raises(NoRouteError):
            leg(*ends[::-1], mode="rail")
        assert a == b or "do not meet" in str(error)
        return
    back = leg(*ends[::-1], mode="rail")
    assert there.length_km == pytest.approx(back.length_km)
    assert there.via == back.via[::-1]
    assert there.length_km >= geodesy.distance_km(*ends) - 0.001
    assert leg(*ends, mode="rail") == there


def test_a_place_off_the_line_is_joined_by_a_straight_stretch():
    yakutsk = place("Yakutsk", (129.733, 62.034), "RU")
    route = leg(yakutsk, at("tynda"), mode="rail")
    first, second, *_ = shapely.get_coordinates(route.line).tolist()
    assert first == pytest.approx(yakutsk.lonlat)
    assert second == pytest.approx(at("nizhny-bestyakh"))
    assert route.via[0] == "Nizhny Bestyakh"
    assert route.length_km == pytest.approx(geodesy.length_km(route.line))


def test_no_station_near_names_the_end_and_the_nearest_one():
    anadyr = place("Anadyr", (177.5, 64.73), "RU")
    with pytest.raises(NoRouteError, match=r"within 60 km of the origin, Anadyr: .* \(RU\), [\d,]+ km away"):
        leg(anadyr, at("moscow"), mode="rail")
    with pytest.raises(NoRouteError, match=r"the destination, 21\.03 N 105\.85 E"):
        leg(at("moscow"), (105.85, 21.03), mode="rail")
    with pytest.raises(NoRouteError, match=r"the stop between, Anadyr"):
        leg(at("moscow"), at("omsk"), mode="rail", via=[anadyr])


def test_a_place_never_joins_a_station_across_a_border():
    heihe = place("Heihe", (127.50, 50.245), "CN")
    with pytest.raises(NoRouteError, match="Heihe"):
        leg(heihe, at("moscow"), mode="rail")
    assert leg(heihe.lonlat, at("moscow"), mode="rail").via[0] == "Blagoveshchensk"


def test_rails_that_do_not_meet():
    with pytest.raises(NoRouteError, match=r"Seoul and Pyongyang do not meet"):
        leg(at("seoul"), at("pyongyang"), mode="rail")


@pytest.mark.parametrize("mode", MODES)
def test_a_place_to_itself_is_no_route(mode):
    seoul = place("Seoul", at("seoul"), "KR")
    with pytest.raises(NoRouteError, match="Seoul and Seoul are the same place"):
        leg(seoul, seoul, mode=mode)
    assert leg(seoul, seoul, mode=mode, via=[at("busan")]).length_km > 600


def test_two_places_with_one_station():
    lon, lat = at("omsk")
    with pytest.raises(NoRouteError, match="same station, Omsk"):
        leg((lon + 0.05, lat), (lon - 0.05, lat), mode="rail")


def test_unknown_mode_lists_the_modes():
    with pytest.raises(GeoError, match=r"'boat'.*sea, rail, road, air"):
        leg((0, 0), (1, 1), mode="boat")


@pytest.mark.parametrize("bad", [(0, 95), (181, 0), (float("nan"), 0), (0, float("inf"))])
@pytest.mark.parametrize("mode", MODES)
def test_points_off_the_earth_are_refused(mode, bad):
    with pytest.raises(CoordinateError):
        leg(bad, at("moscow"), mode=mode)


@pytest.mark.parametrize("mode", ["air", "road"])
def test_petropavlovsk_to_anchorage_is_cut_at_180(mode):
    petropavlovsk, anchorage = (158.65, 53.02), (-149.9, 61.22)
    for start, end in ((petropavlovsk, anchorage), (anchorage, petropavlovsk)):
        route = leg(start, end, mode=mode)
        first, second = parts(route.line)
        assert abs(first.coords[-1][0]) == abs(second.coords[0][0]) == 180
        assert first.coords[-1][1] == pytest.approx(second.coords[0][1])
        assert first.coords[0] == pytest.approx(start)
        assert second.coords[-1] == pytest.approx(end)
        assert route.length_km == pytest.approx(geodesy.distance_km(start, end), rel=1e-4)
        assert route.basis == "inferred"


def test_a_flight_by_a_stop_on_the_far_side_of_180():
    nome = place("Nome", (-165.4, 64.5), "US")
    route = leg((158.65, 53.02), (177.5, 64.73), mode="air", via=[nome])
    assert len(parts(route.line)) == 3
    assert route.via == ("Nome",)


def test_a_stop_on_180_itself_leaves_no_empty_part():
    for lon in (180.0, -180.0):
        route = leg((170.0, 60.0), (-170.0, 60.0), mode="sea", via=[(lon, 61.0)])
        assert len(parts(route.line)) == 2
        assert all(part.length > 0 for part in parts(route.line))


@pytest.mark.parametrize("pole", [90.0, -90.0])
def test_to_and_over_a_pole(pole):
    for ends in (((30.0, pole), (30.0, 10.0)), ((30.0, pole * 0.9), (-150.0, pole * 0.9))):
        route = leg(*ends, mode="air")
        assert route.length_km == pytest.approx(geodesy.distance_km(*ends), rel=1e-3)
        xy = shapely.get_coordinates(route.line)
        assert (np.abs(xy) <= [180, 90]).all()


longitudes = st.floats(-180, 180).map(lambda lon: round(lon, 3))
latitudes = st.floats(-89, 89).map(lambda lat: round(lat, 3))


@given(longitudes, latitudes, longitudes, latitudes)
def test_every_shortest_line_stays_on_the_map(lon1, lat1, lon2, lat2):
    if geodesy.distance_km((lon1, lat1), (lon2, lat2)) < 0.01:
        return
    route = leg((lon1, lat1), (lon2, lat2), mode="air")
    xy = shapely.get_coordinates(route.line)
    assert (np.abs(xy) <= [180, 90]).all()
    assert np.array_equal(xy, np.round(xy, 7))
    assert all((np.abs(np.diff(np.asarray(part.coords)[:, 0])) <= 180.001).all() for part in parts(route.line))
    assert route.length_km == pytest.approx(geodesy.distance_km((lon1, lat1), (lon2, lat2)), rel=2e-3)


def test_the_stations_file_is_whole():
    with (NETWORKS / "rail_stations.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len({row["id"] for row in rows}) == len(rows) == len(STATIONS)
    assert len({row["name"] for row in rows}) == len(rows)
    assert {row["source"] for row in rows} == {"GeoNames", "rutter"}
    assert all((row["source"] == "GeoNames") == bool(row["geonames_id"]) for row in rows)
    assert {row["gauge_mm"] for row in rows} == {"1520", "1435"}
    assert all(tracks for tracks in network().tracks.values())


def test_the_lines_file_has_no_gaps_and_no_leaps():
    with (NETWORKS / "rail_lines.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["grade"] for row in rows} == {"trunk", "secondary"}
    for before, after in pairwise(rows):
        if after["line"] == before["line"]:
            assert int(after["order"]) == int(before["order"]) + 1
            assert after["grade"] == before["grade"]
            assert 1 < geodesy.distance_km(at(before["station"]), at(after["station"])) < 250
        else:
            assert after["order"] == "1"


def test_gauge_changes_only_at_border_stations():
    changes = {
        frozenset((a, b))
        for a, tracks in network().tracks.items()
        for b in tracks
        if STATIONS[a].gauge_mm != STATIONS[b].gauge_mm
    }
    assert changes == {
        frozenset(pair)
        for pair in [
            ("khasan", "tumangang"),
            ("zabaykalsk", "manzhouli"),
            ("suifenhe", "pogranichny"),
            ("zamyn-uud", "erenhot"),
            ("hunchun", "kamyshovaya"),
        ]
    }
    assert all(STATIONS[station].main for pair in changes for station in pair)
