"""Lines and distances on the ellipsoid, above all across 180 degrees and at the poles."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyproj import Geod
from shapely.geometry import LineString, MultiLineString, Point

from geo import CoordinateError
from geo.geodesy import (
    bounds,
    check_lonlat,
    cut_at_180,
    densest,
    distance_km,
    distances_km,
    geodesic,
    length_km,
    midpoint,
    point_along,
)

lons = st.floats(-180, 180)
lats = st.floats(-90, 90)
points = st.tuples(lons, lats)
PETROPAVLOVSK, ANCHORAGE = (158.65, 53.02), (-149.9, 61.22)


def parts(line):
    return list(line.geoms) if isinstance(line, MultiLineString) else [line]


def half_the_earth(a, b):
    return distance_km(a, b) > 19_900


def test_known_distances():
    # One degree of the equator and the meridian quadrant of WGS 84 (NIMA TR8350.2).
    assert distance_km((0, 0), (1, 0)) == pytest.approx(111.3195, abs=1e-3)
    assert distance_km((0, 0), (0, 90)) == pytest.approx(10001.9657, abs=1e-3)
    assert distances_km(0, 0, [1, -1], [0, 0]) == pytest.approx([111.3195, 111.3195], abs=1e-3)


@given(points, points)
def test_distance_is_the_same_both_ways_and_across_180(a, b):
    there = distance_km(a, b)
    assert distance_km(b, a) == pytest.approx(there, abs=1e-6)
    turned = [((lon + 360) % 360 - 180, lat) for lon, lat in (a, b)]  # the same pair, half the world further
    assert distance_km(*turned) == pytest.approx(there, abs=1e-6)


@given(points, points)
def test_a_geodesic_keeps_its_length_and_its_ends_on_either_side_of_180(a, b):
    assume(distance_km(a, b) > 0.001 and not half_the_earth(a, b))
    line = geodesic(a, b)
    assert length_km(line) == pytest.approx(distance_km(a, b), rel=2e-4, abs=0.002)
    assert distance_km(parts(line)[0].coords[0], a) < 1e-6
    assert distance_km(parts(line)[-1].coords[-1], b) < 1e-6
    for part in parts(line):
        steps = [abs(east - west) for (west, _), (east, _) in zip(part.coords, part.coords[1:], strict=False)]
        assert max(steps) <= 180 + 1e-9, "a jump over 180 degrees"


def test_the_way_to_anchorage_is_cut_at_180_in_both_directions():
    for line in (geodesic(PETROPAVLOVSK, ANCHORAGE), geodesic(ANCHORAGE, PETROPAVLOVSK)):
        west, east = parts(line)
        assert abs(west.coords[-1][0]) == 180
        assert west.coords[-1][0] == -east.coords[0][0]
        assert west.coords[-1][1] == east.coords[0][1]


@pytest.mark.parametrize(
    ("vertices", "expected"),
    [
        ([(170, 10), (190, 10)], [[(170, 10), (180, None)], [(-180, None), (-170, 10)]]),
        ([(-170, 10), (-190, 10)], [[(-170, 10), (-180, None)], [(180, None), (170, 10)]]),
        ([(170, 10), (180, 12)], [[(170, 10), (180, 12)]]),
        ([(170, 10), (-180, 12)], [[(170, 10), (180, 12)]]),
        ([(170, 10), (-180, 12), (-170, 13)], [[(170, 10), (180, 12)], [(-180, 12), (-170, 13)]]),
        ([(170, 10), (180, 12), (-180, 12), (-170, 13)], [[(170, 10), (180, 12)], [(-180, 12), (-170, 13)]]),
        ([(170, 10), (180, 12), (-180, 13), (180, 14)], [[(170, 10), (180, 12), (180, 13), (180, 14)]]),
        ([(10, 0), (20, 5)], [[(10, 0), (20, 5)]]),
    ],
)
def test_cutting_at_180(vertices, expected):
    cut = parts(cut_at_180(LineString(vertices)))
    assert len(cut) == len(expected)
    for part, wanted in zip(cut, expected, strict=True):
        for (lon, lat), (lon_wanted, lat_wanted) in zip(part.coords, wanted, strict=True):
            assert lon == pytest.approx(lon_wanted)
            assert lat_wanted is None or lat == pytest.approx(lat_wanted)


@given(points, points)
def test_cutting_twice_is_cutting_once(a, b):
    assume(distance_km(a, b) > 0.001 and not half_the_earth(a, b))
    line = geodesic(a, b)
    again = [piece for part in parts(line) for piece in parts(cut_at_180(part))]
    assert [list(part.coords) for part in again] == [list(part.coords) for part in parts(line)]


@given(points, points, st.floats(0, 1))
def test_the_point_along_a_line_is_as_far_from_its_start_as_asked(a, b, share):
    assume(1 < distance_km(a, b) < 15_000)
    line = geodesic(a, b, step_km=50)
    km = share * length_km(line)
    assert distance_km(a, point_along(line, km)) == pytest.approx(km, rel=1e-3, abs=0.5)


@given(points, points)
def test_the_midpoint_is_as_far_from_both_ends(a, b):
    assume(not half_the_earth(a, b))
    middle = midpoint(a, b)
    assert distance_km(a, middle) == pytest.approx(distance_km(middle, b), abs=1e-4)
    assert distance_km(a, middle) * 2 == pytest.approx(distance_km(a, b), abs=1e-4)


def test_midpoint_lies_on_180_and_at_the_pole():
    assert abs(midpoint((170, 0), (-170, 0))[0]) == pytest.approx(180)
    assert midpoint((10, 80), (-170, 80))[1] == pytest.approx(90, abs=1e-6)


def test_over_the_pole():
    line = geodesic((10, 80), (-170, 80))
    assert length_km(line) == pytest.approx(Geod(ellps="WGS84").inv(10, 80, -170, 80)[2] / 1000, abs=1e-3)
    assert point_along(line, length_km(line) / 2)[1] > 89.9


def test_beyond_its_ends_a_line_gives_its_ends():
    line = geodesic(PETROPAVLOVSK, ANCHORAGE)
    assert point_along(line, -5) == PETROPAVLOVSK
    assert point_along(line, 1e6) == ANCHORAGE


@pytest.mark.parametrize(
    ("geometries", "box"),
    [
        ([Point(170, 1), Point(-170, 3)], (170, 1, -170, 3)),
        ([Point(10, 1), Point(20, 3)], (10, 1, 20, 3)),
        ([Point(5, 5)], (5, 5, 5, 5)),
        ([Point(-90, 0), Point(90, 0)], (-90, 0, 90, 0)),
        ([None, Point()], None),
        ([LineString([(-180, 0), (180, 0)])], (-180, 0, 180, 0)),
    ],
)
def test_bounds_take_the_short_way_round(geometries, box):
    assert bounds(geometries) == box


@given(st.lists(points, min_size=1, max_size=8))
def test_every_point_is_inside_the_bounds(several):
    west, south, east, north = bounds([Point(point) for point in several])
    width = (east - west) % 360
    for lon, lat in several:
        assert south <= lat <= north
        assert (lon - west) % 360 <= width + 1e-9 or lon == east


@pytest.mark.parametrize(("lon", "lat"), [(0, 95), (0, -91), (181, 0), (float("nan"), 0), (0, float("inf"))])
def test_what_is_not_on_the_earth_is_refused(lon, lat):
    with pytest.raises(CoordinateError, match="between"):
        check_lonlat(lon, lat)


def test_the_densest_part_leaves_the_few_out_and_crosses_180():
    korea = [(126 + step / 10, 38.0) for step in range(6)]
    assert densest([*korea, (-77, 39), (37, 55)], share=0.5) == (126, 38, pytest.approx(126.3), 38)
    assert densest([(179, 0), (-179, 1), (0, 0)], share=0.6) == (179, 0, -179, 1)
    assert densest([]) is None
