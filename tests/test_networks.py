"""Railways and roads that the user gives, and the borders that trains cross."""

import csv
import json
from itertools import pairwise

import geopandas
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scgraph import GeoGraph

import geo
from geo import geodesy
from geo.config import NETWORKS
from geo.errors import MissingFileError, NoRouteError, OptionError, ReadError
from geo.routing import leg, line_network
from geo.routing.borders import crossings
from geo.routing.rail import network

MINSK_TO_WARSAW = [[27.55, 53.9], [23.7, 52.1], [23.58, 52.07], [21.0, 52.2]]
WARSAW_TO_BERLIN = [[21.0003, 52.2003], [13.4, 52.5]]  # 30 m beside the end of the other
IN_FRANCE = [[2.3, 48.8], [0.0, 49.0]]


def collection(*lines):
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "LineString", "coordinates": line}} for line in lines
    ]
    return {"type": "FeatureCollection", "features": features}


TRACKS = collection(MINSK_TO_WARSAW, WARSAW_TO_BERLIN, IN_FRANCE)
MINSK, BERLIN, PARIS = (27.6, 53.95), (13.45, 52.45), (2.35, 48.85)


def along(line):
    return sum(geodesy.distance_km(tuple(a), tuple(b)) for a, b in pairwise(line))


def test_a_leg_follows_the_lines_that_meet(tmp_path):
    file = tmp_path / "tracks.geojson"
    file.write_text(json.dumps(TRACKS), encoding="utf-8")
    route = geo.route(MINSK, BERLIN, mode="rail", network=file)
    assert route.length_km == pytest.approx(along(MINSK_TO_WARSAW) + along(WARSAW_TO_BERLIN), rel=0.01)
    assert route.basis == "inferred"
    assert all(0 < gap_km < 10 for gap_km in route.gaps_km)
    points = shapely.MultiPoint(shapely.get_coordinates(route.line))
    lines = shapely.MultiLineString([MINSK_TO_WARSAW, WARSAW_TO_BERLIN])
    assert shapely.hausdorff_distance(points, shapely.intersection(points, lines.buffer(1e-3))) == 0
    back = geo.route(BERLIN, MINSK, mode="rail", network=str(file))
    assert back.length_km == pytest.approx(route.length_km)


def test_borders_are_named_in_the_direction_of_travel():
    there = leg(MINSK, BERLIN, mode="rail", network=TRACKS).borders
    assert [str(border) for border in there] == ["Brest (BY) to Terespol (PL), gauge 1520 to 1435 mm"]
    back = leg(BERLIN, MINSK, mode="rail", network=TRACKS).borders
    assert [str(border) for border in back] == ["Terespol (PL) to Brest (BY), gauge 1435 to 1520 mm"]
    assert leg(MINSK, BERLIN, mode="road", network=TRACKS).borders == ()


@pytest.mark.parametrize(
    ("start", "end", "crossed"),
    [
        ("Rajin", "Khasan", ["Tumangang (KP) to Khasan (RU), gauge 1435 to 1520 mm"]),
        ("Dandong", "Pyongyang", ["Dandong (CN) to Sinuiju (KP)"]),
        ("Sinuiju", "Pyongyang", []),
        (
            "Beijing",
            "Irkutsk",
            ["Erenhot (CN) to Zamyn-Uud (MN), gauge 1435 to 1520 mm", "Sukhbaatar (MN) to Naushki (RU)"],
        ),
    ],
)
def test_borders_on_the_bundled_railways(start, end, crossed):
    assert [str(border) for border in geo.route(start, end, mode="rail").borders] == crossed


def test_every_track_over_a_border_is_in_the_table():
    stations, tracks, _ = network()
    listed = {frozenset(point) for point in (tuple(crossing.stations) for crossing in crossings())}
    for a, neighbours in tracks.items():
        for b in neighbours:
            if stations[a].country != stations[b].country:
                assert frozenset((stations[a].lonlat, stations[b].lonlat)) in listed, (a, b)
    gauges = {station.lonlat: station.gauge_mm for station in stations.values()}
    with (NETWORKS / "borders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for end in ("", "next_"):
                point = (float(row[f"{end}lon"]), float(row[f"{end}lat"]))
                assert gauges.get(point, int(row[f"{end}gauge_mm"])) == int(row[f"{end}gauge_mm"])
            apart = geodesy.distance_km(
                (float(row["lon"]), float(row["lat"])), (float(row["next_lon"]), float(row["next_lat"]))
            )
            assert 0.5 < apart < 100, row


def test_what_is_missing_is_said():
    with pytest.raises(NoRouteError, match=r"do not meet in the network\. A line from .* km, would join them"):
        leg(MINSK, PARIS, mode="rail", network=TRACKS)
    with pytest.raises(NoRouteError, match=r"no line within 60 km of 60 N 10 E: the nearest point is .*, \d+ km away"):
        leg(MINSK, (10.0, 60.0), mode="rail", network=TRACKS)
    with pytest.raises(NoRouteError, match="same point of the network"):
        leg(MINSK, (27.61, 53.96), mode="road", network=TRACKS)
    with pytest.raises(MissingFileError, match=r"no file .*nowhere\.geojson.*Give a GeoJSON file"):
        leg(MINSK, BERLIN, mode="rail", network="nowhere.geojson")
    with pytest.raises(OptionError, match="cannot be a int"):
        leg(MINSK, BERLIN, mode="rail", network=5)
    with pytest.raises(OptionError, match="by sea follows no network"):
        leg(MINSK, BERLIN, mode="sea", network=TRACKS)
    with pytest.raises(OptionError, match="snapping distance"):
        line_network(TRACKS, snap_km=-1)


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (collection(), "holds no lines"),
        (collection([["a", "b"], [1, 2]]), "damaged"),
        (collection([[0.0, 95.0], [1.0, 2.0]]), "leaves the Earth"),
        ({"type": "Point", "coordinates": [0, 0]}, "holds no lines"),
    ],
)
def test_broken_networks(broken, said):
    with pytest.raises(ReadError, match=said):
        line_network(broken)


def test_files_that_are_no_geojson(tmp_path):
    file = tmp_path / "tracks.geojson"
    file.write_text("lines", encoding="utf-8")
    with pytest.raises(ReadError, match=r"tracks\.geojson is no GeoJSON"):
        line_network(file)


def test_snapping_joins_ends_that_are_near():
    with pytest.raises(NoRouteError, match="do not meet"):
        leg(MINSK, BERLIN, mode="rail", network=line_network(TRACKS, snap_km=0.01))
    made = line_network(TRACKS, snap_km=0.1)
    assert line_network(made) is made
    assert leg(MINSK, BERLIN, mode="rail", network=made).length_km > 1000


def test_a_frame_in_metres_is_the_same_network():
    frame = geopandas.GeoDataFrame.from_features(TRACKS, crs=4326)
    degrees, metres = (leg(MINSK, BERLIN, mode="road", network=table) for table in (frame, frame.to_crs(3857)))
    assert metres.length_km == pytest.approx(degrees.length_km, rel=1e-4)


def test_a_geograph_of_scgraph():
    nodes = [[51.5, 0.1], [48.8, 2.3], [45.75, 4.85], [43.3, 5.4]]
    graph = GeoGraph([{1: 340.0}, {0: 340.0, 2: 390.0}, {1: 390.0, 3: 280.0}, {2: 280.0}], nodes)
    route = leg((0.1, 51.45), (5.4, 43.35), mode="road", network=graph)
    assert route.length_km == pytest.approx(along([[lon, lat] for lat, lon in nodes]), rel=1e-6)
    assert max(route.gaps_km) < 10


def test_lines_across_180():
    chukotka = collection([[178.0, 66.0], [-178.0, 66.0], [-175.0, 65.0]], [[182.0, 66.0], [183.0, 67.0]])
    route = leg((178.0, 66.1), (-177.0, 67.0), mode="road", network=chukotka)
    assert route.length_km < 400
    assert len(route.line.geoms) == 2


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), min_size=2, max_size=12, unique=True))
def test_along_one_line_the_way_is_the_line_or_shorter(cells):
    line = [[x / 2, y / 2] for x, y in cells]
    start, end = tuple(line[0]), tuple(line[-1])
    route = leg(start, end, mode="road", network=collection(line))
    assert geodesy.distance_km(start, end) - 0.01 <= route.length_km <= along(line) * 1.001
    assert route.gaps_km == pytest.approx((0, 0), abs=1e-3)
    ends = shapely.get_coordinates(route.line)[[0, -1]]
    assert np.abs(ends - [start, end]).max() < 1e-5
