"""The offline basemap: its data, and the map in a real Chromium."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

import folium
import numpy as np
import pytest
import shapely
from pyproj import Geod
from shapely.geometry import LineString, Point, Polygon

from geo.config import BASEMAP, PLACES
from geo.errors import CoordinateError, MissingFileError
from geo.maps import OfflineMap, assets
from geo.maps.offline import leaflet_bounds

LAND_SHARE = 0.2879  # of the Earth: Natural Earth 1:10m, Admin 0 countries, measured before simplification
EARTH_AREA_KM2 = 510_065_622  # WGS 84 ellipsoid


def decode(data: bytes) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Rings and border lines in degrees, read as data/basemap/README.md describes the format."""
    raw = gzip.decompress(data)
    end = raw.index(b"\n") + 1
    head = json.loads(raw[:end])
    numbers, value, shift = [], 0, 0
    for byte in raw[end:]:
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            numbers.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    pieces = head["rings"] + head["lines"]
    counts, steps = numbers[:pieces], np.array(numbers[pieces:]).reshape(2, -1)
    points = steps.cumsum(axis=1).T * head["scale"] + head["translate"]
    parts = np.split(points, np.cumsum(counts)[:-1])
    return parts[: head["rings"]], parts[head["rings"] :]


@pytest.fixture(scope="module")
def pieces():
    return decode((BASEMAP / "basemap.bin.gz").read_bytes())


@pytest.fixture(scope="module")
def land(pieces):
    return [Polygon(ring) for ring in pieces[0]]


@pytest.fixture(scope="module")
def labels():
    return json.loads((BASEMAP / "labels.json").read_text(encoding="utf-8"))


def is_land(land: list[Polygon], lon: float, lat: float) -> bool:
    """Even-odd over shells and holes."""
    return sum(ring.contains(Point(lon, lat)) for ring in land) % 2 == 1


def test_every_point_is_on_the_earth(pieces):
    points = np.concatenate([*pieces[0], *pieces[1]])
    assert points[:, 0].min() == -180
    assert points[:, 0].max() == pytest.approx(180, abs=1e-9)
    assert -90 <= points[:, 1].min() < -89.99
    assert points[:, 1].max() < 84


def test_rings_are_closed_and_holes_run_the_other_way(pieces):
    assert all(len(ring) >= 4 and (ring[0] == ring[-1]).all() for ring in pieces[0])
    signed = [(ring[:-1, 0] * ring[1:, 1] - ring[1:, 0] * ring[:-1, 1]).sum() for ring in pieces[0]]
    assert 0 not in signed
    holes = [ring for ring, area in zip(pieces[0], signed, strict=True) if area < 0]
    assert len(holes) == 1  # the Caspian
    assert Polygon(holes[0]).contains(Point(50.7, 41.5))


def test_land_area_is_natural_earths(land):
    geod = Geod(ellps="WGS84")
    area = sum(geod.geometry_area_perimeter(ring)[0] for ring in land) / 1e6
    assert area / EARTH_AREA_KM2 == pytest.approx(LAND_SHARE, rel=0.01)


@pytest.mark.parametrize(
    ("name", "lon", "lat", "expected"),
    [
        ("Seoul", 126.98, 37.57, True),
        ("Vladivostok", 131.93, 43.15, True),
        ("Chukotka beyond 180", -175.0, 67.0, True),
        ("Wrangel Island", -179.0, 71.2, True),
        ("South Pole", 0.0, -89.9, True),
        ("Taveuni, Fiji, at 180", -179.98, -16.8, True),
        ("Bering Sea", -177.0, 58.0, False),
        ("Sea of Japan", 134.0, 40.0, False),
        ("Caspian Sea", 50.7, 41.5, False),
        ("Pacific at 180", 180.0, 30.0, False),
        ("Arctic Ocean", 10.0, 88.0, False),
        ("Ross Sea", -175.0, -75.0, False),
    ],
)
def test_land_and_sea_where_they_are(land, name, lon, lat, expected):
    assert is_land(land, lon, lat) is expected, name


def test_no_side_jumps_over_the_world_but_the_cuts(pieces):
    for piece in [*pieces[0], *pieces[1]]:
        wide = np.abs(np.diff(piece[:, 0])) > 180
        ends = np.abs(np.column_stack([piece[:-1, 0], piece[1:, 0]])[wide])
        assert np.allclose(ends, 180, atol=1e-9)  # along the South Pole only
        assert (piece[1:, 1][wide] < -89.99).all()


def test_no_border_runs_along_180(pieces):
    assert all((np.abs(line[:, 0]) < 179.9).all() for line in pieces[1])


def test_korean_border_is_drawn(pieces):
    crossing = LineString([(127.2, 37.8), (127.2, 38.8)])
    assert any(LineString(line).intersects(crossing) for line in pieces[1])


def test_sizes_stay_within_the_budget():
    assert len(assets.packed(BASEMAP / "basemap.bin.gz")) <= 900_000
    assert (BASEMAP / "labels.json").stat().st_size <= 120_000


@pytest.mark.parametrize("name", ["basemap.bin.gz", "labels.json"])
def test_readme_tells_size_and_checksum(name):
    row = re.search(rf"^\| `{re.escape(name)}` \| ([\d,]+) \| `(\w+)` \|$", (BASEMAP / "README.md").read_text(), re.M)
    data = (BASEMAP / name).read_bytes()
    assert row is not None
    assert (row[1], row[2]) == (f"{len(data):,}", hashlib.sha256(data).hexdigest())


def test_labels_name_what_a_reader_looks_for(labels, land):
    zoom = {row[0]: row[3] for rows in labels.values() for row in rows}
    assert zoom["Najin (Rajin)"] <= 6
    assert all(zoom[name] <= 8 for name in ("Chongjin", "Vladivostok", "Nakhodka", "Dunay"))
    assert {"South Korea", "Sea of Japan", "Seoul", "North Pacific Ocean"} <= zoom.keys()
    assert all(-180 <= lon <= 180 and -90 <= lat <= 90 for rows in labels.values() for _, lon, lat, *_ in rows)
    for name, lon, lat, *_ in labels["countries"][:60]:
        assert is_land(land, lon, lat), name


def test_france_is_named_in_europe(labels):
    lon, lat = next(row[1:3] for row in labels["countries"] if row[0] == "France")
    assert -5 < lon < 8
    assert 42 < lat < 51


def test_build_says_what_is_missing(tmp_path):
    copied = tmp_path / "data" / "basemap"
    copied.mkdir(parents=True)
    for name in ("build.py", "build_labels.py"):
        (copied / name).write_bytes((BASEMAP / name).read_bytes())
    (tmp_path / "data" / "world_atlas.py").write_bytes((BASEMAP.parent / "world_atlas.py").read_bytes())
    build = [sys.executable, str(copied / "build.py"), "--world-atlas", str(tmp_path)]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "seas.geojson is missing" in done.stderr
    (tmp_path / "data" / "places").mkdir()
    (tmp_path / "data" / "places" / "seas.geojson").write_bytes((PLACES / "seas.geojson").read_bytes())
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "countries-10m.json" in done.stderr
    assert "Traceback" not in done.stderr


# ---- assets and options ----------------------------------------------------------------------------------------------


def test_json_for_script_cannot_end_the_script():
    nasty = {"title": "</script><!-- & \u2028\u2029 {{ 7*7 }}"}
    text = assets.json_for_script(nasty)
    assert not set("<>&\u2028\u2029") & set(text)
    assert json.loads(text) == nasty
    with pytest.raises(ValueError, match="JSON compliant"):
        assets.json_for_script([float("nan")])


def test_assets_carry_their_images_and_name_what_is_missing():
    assert not re.search(r"url\((?!data:|#)", assets.leaflet_style())
    assert "sourceMappingURL" not in assets.leaflet_script()
    assert "</script" not in assets.leaflet_script().lower()
    assert assets.close_safe("a = '</SCRIPT>'") == r"a = '\x3c/SCRIPT>'"
    assert base64.b64decode(assets.packed(BASEMAP / "labels.json")) == (BASEMAP / "labels.json").read_bytes()
    with pytest.raises(MissingFileError, match=r"nothing\.js is missing"):
        assets.script("nothing")


def test_bounds_go_on_beyond_180():
    assert leaflet_bounds((10, 20, 30, 40)) == [[20, 10], [40, 30]]
    assert leaflet_bounds((160, -10, -160, 10)) == [[-10, 160], [10, 200]]
    assert leaflet_bounds((170, -10, -100, 10)) == [[-10, -190], [10, -100]]
    assert leaflet_bounds((-180, -90, 180, 90)) == [[-90, -180], [90, 180]]


@pytest.mark.parametrize("bounds", [(10, 40, 30, 20), (0, 0, 200, 10), (float("nan"), 0, 1, 1), (0, -95, 1, 1)])
def test_bounds_off_the_earth_are_refused(bounds):
    with pytest.raises(CoordinateError, match="west, south, east, north"):
        OfflineMap(bounds=bounds)


def test_a_location_off_the_earth_is_refused():
    with pytest.raises(CoordinateError, match="latitude, longitude"):
        OfflineMap(location=(95, 10))


def test_folium_itself_is_left_alone():
    before = list(folium.Map.default_js)
    OfflineMap().add_js_link("own", "own.js")
    assert folium.Map.default_js == before
    assert OfflineMap().default_js == []


def test_page_names_no_file_to_fetch(tmp_path):
    page = saved(OfflineMap(title="A </title><b>"), tmp_path)
    html = page.read_text(encoding="utf-8")
    assert "<title>A &lt;/title&gt;&lt;b&gt;</title>" in html
    assert not re.search(r"<(?:script|img|iframe)[^>]*\ssrc=|<link[^>]*href=", html)
    assert len(html) < 1_400_000


# ---- in the browser --------------------------------------------------------------------------------------------------

FIND_MAP = """
async () => {
  window.map = window[Object.keys(window).find((name) => name.startsWith("map_"))];
  map.eachLayer((layer) => { if (layer.ready) window.base = layer; });
  await base.ready;
  window.at = async (lat, lon, zoom) => {  // colour of the basemap there, as drawn
    map.setView([lat, lon], zoom, { animate: false });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const box = map.getContainer().getBoundingClientRect(), spot = map.latLngToContainerPoint([lat, lon]);
    const x = box.left + spot.x, y = box.top + spot.y;
    for (const [canvas, tile] of base._drawn) {
      const own = canvas.getBoundingClientRect();
      if (tile.z !== zoom || x < own.left || y < own.top || x >= own.right || y >= own.bottom) continue;
      const scale = canvas.width / own.width;
      window.probe ||= new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      probe.drawImage(canvas, Math.floor((x - own.left) * scale), Math.floor((y - own.top) * scale), 1, 1, 0, 0, 1, 1);
      return [...probe.getImageData(0, 0, 1, 1).data].join();
    }
    return "no tile";
  };
}
"""


def saved(page_map: folium.Map, folder: Path) -> Path:
    path = folder / "map.html"
    page_map.save(str(path))
    return path


@pytest.fixture
def opened(browser, tmp_path):
    """Open a map from its file; any request, error or word on the console fails the test."""
    heard, contexts = [], []

    def open_map(page_map, **options):
        contexts.append(browser.new_context(viewport={"width": 1000, "height": 700}, **options))
        page = contexts[-1].new_page()
        page.on("console", lambda message: heard.append(f"console {message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(f"error: {error}"))
        page.on(
            "request",
            lambda request: request.url.startswith(("file:", "data:", "blob:")) or heard.append(request.url),
        )
        page.goto(saved(page_map, tmp_path).as_uri())
        page.evaluate(FIND_MAP)
        return page

    open_map.heard = heard
    yield open_map
    for context in contexts:
        context.close()
    assert heard == []


@pytest.mark.browser
def test_land_shows_at_every_zoom_and_on_the_next_world(opened):
    page = opened(OfflineMap(theme="light"))
    sea = page.evaluate("at(39.3, 134.3, 5)")
    assert sea == "201,219,229,255"
    for zoom in (2, 5, 8, 11):
        land = page.evaluate(f"at(45.1, 133.1, {zoom})")
        assert land not in (sea, "no tile")
        assert page.evaluate(f"at(45.1, 133.1 + 360, {zoom})") == land
        assert page.evaluate(f"at(45.1, 133.1 - 360, {zoom})") == land
        assert page.evaluate(f"at(38.6, 135.3, {zoom})") == sea
        assert page.evaluate(f"at(41.5, 51.1, {zoom})") == sea  # the Caspian


@pytest.mark.browser
def test_no_stroke_at_180_and_no_seam_between_tiles(opened):
    page = opened(OfflineMap(theme="light"))
    for zoom in (3, 5, 8, 9, 12):
        land = page.evaluate(f"at(66.3, 175.37, {zoom})")
        # inland in Chukotka, on both sides of 180 degrees and right at it, whichever tile draws it
        for lon in (179.95, 179.9999, 180.0001, -179.9999, -179.95):
            assert page.evaluate(f"at(67.83, {lon}, {zoom})") == land, zoom
        assert page.evaluate(f"at(-84.9, 179.9999, {min(zoom, 5)})") == land, zoom  # the cut through Antarctica


@pytest.mark.browser
def test_tiles_of_high_zooms_agree_with_the_data(opened, land):
    """Passing over far points must not move a coast: compare random places with the polygons."""
    page = opened(OfflineMap(theme="light"))
    random = np.random.default_rng(7)
    sea, ground = page.evaluate("at(39.3, 134.3, 5)"), page.evaluate("at(45.1, 133.1, 9)")
    tree = shapely.STRtree([ring.exterior for ring in land])
    checked = 0
    for lon, lat in np.column_stack([random.uniform(126, 142, 60), random.uniform(34, 47, 60)]).tolist():
        near = tree.query(Point(lon, lat).buffer(0.06))
        if any(land[i].exterior.distance(Point(lon, lat)) < 0.06 for i in near):
            continue
        drawn = page.evaluate(f"at({lat}, {lon}, 9)")
        if drawn in (sea, ground):  # a border or a line of the grid says nothing
            checked += 1
            assert (drawn == ground) is is_land(land, lon, lat), (lon, lat)
    assert checked > 30


@pytest.mark.browser
def test_theme_switches_the_pixels(opened):
    page = opened(OfflineMap(theme="light"))
    light = page.evaluate("at(45.1, 133.1, 5)")
    page.evaluate("Rutter.setTheme('dark')")
    assert page.evaluate("at(45.1, 133.1, 5)") != light
    assert page.evaluate("document.documentElement.dataset.rutterTheme") == "dark"
    page.evaluate("Rutter.setTheme('light')")
    assert page.evaluate("at(45.1, 133.1, 5)") == light


@pytest.mark.browser
def test_theme_auto_follows_the_system(opened):
    page = opened(OfflineMap(), color_scheme="dark")
    assert page.evaluate("Rutter.theme()") == "dark"
    dark = page.evaluate("at(45.1, 133.1, 5)")
    page.emulate_media(color_scheme="light")
    page.wait_for_function("document.documentElement.dataset.rutterTheme === 'light'")  # told in the next frame
    assert page.evaluate("at(45.1, 133.1, 5)") != dark


@pytest.mark.browser
def test_labels_are_drawn_hidden_and_shown(opened):
    page = opened(OfflineMap(location=(38, 127), zoom_start=6, theme="light"))
    inked = """() => {
      const canvas = document.querySelector("canvas.rutter-labels");
      if (getComputedStyle(canvas).display === "none") return 0;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, 0, 0);
      const data = copy.getImageData(0, 0, canvas.width, canvas.height).data;
      return data.filter((value, i) => i % 4 === 3 && value > 200).length;
    }"""
    assert page.evaluate(inked) > 2000
    page.evaluate("Rutter.labels.setVisible(false)")
    assert page.evaluate(inked) == 0
    page.evaluate("Rutter.labels.setVisible(true)")
    assert page.evaluate(inked) > 2000
    assert page.evaluate("getComputedStyle(map.getPane('rutter-labels')).zIndex") == "350"


@pytest.mark.browser
def test_bounds_across_180_fill_the_view(opened):
    page = opened(OfflineMap(bounds=(160, 50, -150, 70), theme="light"))
    west, east = page.evaluate("[map.getBounds().getWest(), map.getBounds().getEast()]")
    shift = 0 if west > 0 else 360
    assert west + shift < 160
    assert east + shift > 210
    assert east - west < 130


@pytest.mark.browser
def test_other_folium_elements_still_work(opened):
    page_map = OfflineMap(location=(43, 132), zoom_start=7, theme="light")
    folium.Marker((43.1, 131.9), popup="Vladivostok {{ 7*7 }}", tooltip="a port").add_to(page_map)
    folium.Marker((42.8, 132.9), icon=folium.Icon(color="red")).add_to(page_map)
    folium.CircleMarker((42.25, 130.3)).add_to(page_map)
    folium.LayerControl().add_to(page_map)
    page = opened(page_map)
    assert page.locator(".leaflet-marker-icon").count() == 2
    assert page.locator("img.leaflet-marker-icon").get_attribute("src").startswith("data:image/png")
    page.locator("img.leaflet-marker-icon").click()
    assert "Vladivostok" in page.locator(".leaflet-popup-content").inner_text()


@pytest.mark.browser
def test_an_online_layer_out_of_reach_gives_way(opened):
    page = opened(OfflineMap(theme="light"))
    page.locator(".leaflet-control-layers").hover()
    page.get_by_text("OpenStreetMap", exact=True).click()
    notice = page.get_by_role("status")
    notice.wait_for()
    assert notice.inner_text() == "This layer needs the network; showing the offline map"
    assert page.evaluate("map.hasLayer(base)")
    assert page.get_by_label("Offline map").is_checked()
    asked = [line for line in opened.heard if line.startswith("http")]
    assert asked
    assert all(line.startswith("https://tile.openstreetmap.org/") for line in asked)
    opened.heard.clear()


@pytest.mark.browser
def test_without_online_layers_there_is_no_control(opened):
    page = opened(OfflineMap(online_tiles=False))
    assert page.locator(".leaflet-control-layers").count() == 0


@pytest.mark.browser
def test_map_fills_an_iframe_that_is_shown_later(browser, tmp_path):
    html = saved(OfflineMap(bounds=(124, 33, 132, 43), theme="light"), tmp_path).read_text(encoding="utf-8")
    page = browser.new_page()
    page.set_content('<iframe id="f" style="display: none; width: 600px; height: 400px; border: 0"></iframe>')
    page.evaluate("html => document.getElementById('f').srcdoc = html", html)
    page.wait_for_function("document.getElementById('f').contentDocument.querySelector('.leaflet-control-zoom')")
    page.evaluate("document.getElementById('f').style.display = 'block'")
    size = """() => {
      const frame = document.getElementById("f").contentWindow;
      const map = frame[Object.keys(frame).find((name) => name.startsWith("map_"))];
      const bounds = map.getBounds();
      return map.getSize().x === 600 && map.getSize().y === 400 && bounds.getSouth() < 33 && bounds.getNorth() > 43;
    }"""
    page.wait_for_function(size)
    page.close()
