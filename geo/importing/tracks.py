"""Positions with their times to observed tracks: one for each vessel and stretch of time without a gap."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry import LineString, MultiLineString
from tqdm import tqdm

from geo import schema
from geo.checking.speeds import vehicles
from geo.errors import OptionError
from geo.formats.reading import Sheet
from geo.geodesy import COORDINATE_DECIMALS, cut_at_180, distances_km, parts
from geo.importing.cells import Cells
from geo.importing.citing import cite, slug
from geo.importing.dates import Moments
from geo.importing.mapping import Mapping
from geo.importing.numbers import Floats
from geo.importing.result import Imported, checked, failed_rows
from geo.importing.times import TIMES_COLUMN, read_times
from geo.importing.where import NOT_READ, read_positions, to_degrees
from geo.routing.stops import label
from geo.types import Notice

GAP = "6h"
"""After how long without a position a new track begins."""
JUMP_TIMES = 1.5  # times the fastest speed of the mode: positions are rounded and clocks are off
JUMP_KM = 2.0  # shorter steps are never a jump
_SHOWN = 1_000  # tracks from which a bar is worth its line


class Fixes(NamedTuple):
    """Positions of all vessels, by vessel and time.

    Args:
        row: The row each stands in; shape (n,).
        track: The number of its track; shape (n,).
        lon: Longitude in degrees; shape (n,).
        lat: Latitude in degrees; shape (n,).
        at: When; shape (n,).
    """

    row: npt.NDArray[np.int64]
    track: npt.NDArray[np.int64]
    lon: Floats
    lat: Floats
    at: Moments


def import_tracks(sheet: Sheet, mapping: Mapping, *, gap: str = GAP, progress: bool = False) -> Imported:
    """Join positions to observed tracks.

    A track ends where no position follows for longer than `gap`, or where the next one could only be reached at an
    impossible speed. Every position is kept; one that stands alone becomes an event.

    Args:
        sheet: Positions: who, when and where.
        mapping: What its columns mean; its layer is `tracks`.
        gap: After how long without a position a new track begins, as an offset of pandas: `6h`, `90min`, `2D`.
        progress: Whether a bar shows how far it is.

    Returns:
        Routes whose basis is `observed track`, with depart and arrive of their own and the column `times_ms`: JSON,
        for each vertex of the line in order the milliseconds since `depart`.

    Raises:
        OptionError: The gap is no length of time, or the mapping has no vessel, time or position.
    """
    longest = _gap(gap)
    cells = Cells(sheet, mapping)
    if not cells.has("moment") or not (cells.has("track") or "track_fid" in sheet.cells.columns):
        raise OptionError(
            f"{sheet.file}: tracks need a column for who and one for when. Name them as track and moment."
        )
    times = read_times(cells, starts=("moment",), ends=())
    positions = to_degrees(cells, read_positions(cells))
    lon, lat = _lonlat(cells, positions.x, positions.y, positions.geometry)
    cells.blame(np.isnat(times.start), "moment", "is empty. A position needs its time.")
    who = cells.text("track")
    cells.blame((who == "").to_numpy(), "track", "is empty. A position needs to be somebody's, as by the MMSI.")
    mode = cells.mapping.constants.get("mode", "sea")
    if mode not in vehicles():
        raise OptionError(f"{mode!r} is no mode of transport. Use one of: {', '.join(vehicles())}.")
    fastest_kmh = JUMP_TIMES * max(kind.fastest_kmh for kind in vehicles()[mode])
    good = np.flatnonzero(~cells.bad)
    told = Fixes(good, pd.factorize(who)[0][good], lon[good], lat[good], times.start[good])
    fixes, breaks = _parted(told, longest, fastest_kmh)
    source_id, sources = cite(cells)
    routes, lone = _tables(cells, fixes, mode, source_id, progress=progress)
    numbers = np.asarray(sheet.numbers)
    routes_, wrong = checked("routes", routes, file=sheet.file, numbers=numbers[routes.pop("row")].tolist())
    events_, wrong_ = checked("events", lone, file=sheet.file, numbers=numbers[lone.pop("row")].tolist())
    faults = [*cells.faults, *wrong, *wrong_]
    return Imported(
        file=sheet.file,
        mapping=mapping,
        events=events_,
        routes=routes_,
        sources=sources[sources["id"].isin([*routes_["source_id"], *events_["source_id"]])],
        failed=failed_rows(sheet, faults),
        faults=tuple(sorted(faults, key=lambda one: one.row or 0)),
        notices=tuple(_told(fixes, breaks, events_)),
        remarks=tuple(dict.fromkeys([*sheet.notices, *cells.remarks, *_not_kept(cells)])),
    )


def _not_kept(cells: Cells) -> list[str]:
    used = {column for target, column in cells.mapping.columns.items() if target != "speed_kn"}
    kept = {*used, "track_fid", "track_seg_id", "track_seg_point_id"}
    lost = [name for name in cells.sheet.cells.columns if name not in kept and (cells.sheet.cells[name] != "").any()]
    return [f"A track has no column for what its positions say in {', '.join(lost)}: left out."] if lost else []


def _gap(gap: str) -> np.timedelta64:
    try:
        longest = pd.Timedelta(gap)
    except ValueError as error:
        raise OptionError(f"{gap!r} is no length of time. Write it as 6h, 90min or 2D.") from error
    if not longest > pd.Timedelta(0):
        raise OptionError(f"A gap of {gap} would part every position. Write it as 6h, 90min or 2D.")
    return longest.as_unit("ms").to_numpy()


def _lonlat(cells: Cells, x: Floats, y: Floats, geometry: npt.NDArray[np.object_]) -> tuple[Floats, Floats]:
    points = shapely.get_type_id(geometry) == 0
    lon, lat = x.copy(), y.copy()
    lon[points], lat[points] = shapely.get_x(geometry[points]), shapely.get_y(geometry[points])
    target = "lat" if cells.has("lat") else "coordinates"
    cells.blame(np.isnan(lon) & ~cells.bad, target, NOT_READ)
    return lon.round(COORDINATE_DECIMALS), lat.round(COORDINATE_DECIMALS)


class _Breaks(NamedTuple):
    """Where tracks were parted by an impossible speed.

    Args:
        at: The position after the jump; shape (m,).
        km: How far it is from the one before, in km; shape (m,).
        kmh: How fast that would be, in km/h; shape (m,).
    """

    at: npt.NDArray[np.int64]
    km: Floats
    kmh: Floats


def _parted(told: Fixes, gap: np.timedelta64, kmh: float) -> tuple[Fixes, _Breaks]:
    """Put the positions of each vessel in order, and number the tracks that gaps and jumps make of them."""
    order = np.lexsort((told.at.astype("int64"), told.track))
    row, codes, lon, lat, at = told.row[order], told.track[order], told.lon[order], told.lat[order], told.at[order]
    if not len(order):
        return told, _Breaks(order, lon, lon)
    same = codes[1:] == codes[:-1]
    apart = at[1:] - at[:-1]
    km = distances_km(lon[:-1], lat[:-1], lon[1:], lat[1:])
    hours = apart.astype(float) / 3_600_000
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(km > 0, km / hours, 0.0)
    jumps = same & (apart <= gap) & (km > JUMP_KM) & (speed > kmh)
    new = ~same | (apart > gap) | jumps
    track = np.concatenate([[0], np.cumsum(new)])
    found = np.flatnonzero(jumps)
    return Fixes(row, track, lon, lat, at), _Breaks(found + 1, km[found], speed[found])


def _tables(
    cells: Cells, fixes: Fixes, mode: str, source_id: pd.Series, *, progress: bool
) -> tuple[pd.DataFrame, pd.DataFrame]:
    firsts = np.flatnonzero(np.diff(fixes.track, prepend=-1)).tolist()
    ends = [*firsts[1:], len(fixes.row)]
    step = (
        distances_km(fixes.lon[:-1], fixes.lat[:-1], fixes.lon[1:], fixes.lat[1:])
        if len(fixes.row) > 1
        else np.empty(0)
    )
    reached = np.concatenate([[0.0], np.cumsum(step)])
    who, vessel = cells.text("track"), cells.text("vessel")
    modes = cells.text("mode").str.casefold()
    routes, lone = [], []
    legs: dict[str, int] = {}
    bar = tqdm(total=len(firsts), desc="tracks", disable=not progress or len(firsts) < _SHOWN)
    for first, end in zip(firsts, ends[: len(firsts)], strict=True):
        bar.update()
        row = int(fixes.row[first])
        name = next(filter(None, (vessel.iloc[int(one)] for one in fixes.row[first:end])), "")
        told = {"source_id": source_id.iloc[row], "row": row, "track": who.iloc[row], "vessel": name}
        called = name or f"{cells.column('track')} {who.iloc[row]}"
        began = str(fixes.at[first].astype("datetime64[s]")).replace("-", "").replace(":", "")
        told["id"] = f"{slug(who.iloc[row])}-{began}"
        if end - first == 1:
            lone.append(told | _lone(fixes, first, called))
            continue
        legs[who.iloc[row]] = legs.get(who.iloc[row], 0) + 1
        line, offsets = _line(fixes, first, end)
        routes.append(
            told
            | {
                "title": called,
                "shipment": who.iloc[row],
                "leg": legs[who.iloc[row]],
                "mode": modes.iloc[row] or mode,
                "carrier": name,
                "origin": label((float(fixes.lon[first]), float(fixes.lat[first]))),
                "destination": label((float(fixes.lon[end - 1]), float(fixes.lat[end - 1]))),
                "depart": fixes.at[first],
                "arrive": fixes.at[end - 1],
                "precision": "exact",
                "basis": "observed track",
                "length_km": round(float(reached[end - 1] - reached[first]), 3),
                "positions": end - first,
                TIMES_COLUMN: json.dumps(offsets, separators=(",", ":")),
                "geometry": line,
            }
        )
    bar.close()
    return _frame(routes, "routes", ("depart", "arrive")), _frame(lone, "events", ("start", "end"))


def _frame(rows: list[dict[str, object]], layer: str, times: tuple[str, str]) -> pd.DataFrame:
    table = (
        pd.DataFrame(rows) if rows else pd.DataFrame({name: [] for name in (*schema.REQUIRED[layer], "row", *times)})
    )
    table["row"] = table["row"].astype(int)
    for name in times:
        table[name] = pd.Series(np.array(table[name].tolist(), dtype="datetime64[ms]")).dt.tz_localize("UTC")
    again = table.groupby("id").cumcount()
    return table.assign(id=[f"{name}-{n + 1}" if n else name for name, n in zip(table["id"], again, strict=True)])


def _lone(fixes: Fixes, at: int, called: str) -> dict[str, object]:
    return {
        "title": f"One position of {called}",
        "kind": "other",
        "start": fixes.at[at],
        "end": fixes.at[at],
        "precision": "exact",
        "place": label((float(fixes.lon[at]), float(fixes.lat[at]))),
        "geometry": shapely.Point(fixes.lon[at], fixes.lat[at]),
    }


def _line(fixes: Fixes, first: int, end: int) -> tuple[LineString | MultiLineString, list[int]]:
    """Draw a track and say for each of its vertices when it was there; a cut at 180 degrees adds two."""
    points = np.column_stack([fixes.lon[first:end], fixes.lat[first:end]])
    offsets = (fixes.at[first:end] - fixes.at[first]).astype("int64").tolist()
    crossings = np.flatnonzero(np.abs(np.diff(points[:, 0])) > 180)
    if not len(crossings):
        return LineString(points), offsets
    pieces: list[list[tuple[float, float]]] = [[]]
    times: list[int] = []
    vertices = [tuple(point) for point in points.tolist()]
    cuts = set(crossings.tolist())
    for at, vertex in enumerate(vertices):
        pieces[-1].append(vertex)
        times.append(offsets[at])
        if at in cuts:
            for crossing in _crossing(vertex, vertices[at + 1]):
                if crossing is None:
                    pieces.append([])
                    continue
                pieces[-1].append(crossing)
                times.append(_between(vertex, vertices[at + 1], crossing, offsets[at], offsets[at + 1]))
    return MultiLineString([piece if len(piece) > 1 else [piece[0], piece[0]] for piece in pieces]), times


def _crossing(a: tuple[float, float], b: tuple[float, float]) -> Iterator[tuple[float, float] | None]:
    """Give the end of the piece before 180 degrees, a break, and the start of the piece after it."""
    cut = parts(cut_at_180(LineString([a, b])))
    if len(cut) == 1:
        yield None
        return
    yield (float(cut[0].coords[-1][0]), float(cut[0].coords[-1][1]))
    yield None
    yield (float(cut[1].coords[0][0]), float(cut[1].coords[0][1]))


def _between(a: tuple[float, float], b: tuple[float, float], at: tuple[float, float], start: int, end: int) -> int:
    to, whole = distances_km([a[0], a[0]], [a[1], a[1]], [at[0], b[0]], [at[1], b[1]])
    return round(start + (end - start) * (to / whole if whole else 0.0))


def _told(fixes: Fixes, breaks: _Breaks, events: pd.DataFrame) -> Iterator[Notice]:
    for name in events["id"]:
        yield Notice("events", name, "geometry", "", "A position that stands alone: kept as an event.")
    yield from _jumps(fixes, breaks)


def _jumps(fixes: Fixes, breaks: _Breaks) -> Iterator[Notice]:
    for at, km, kmh in zip(breaks.at.tolist(), breaks.km, breaks.kmh, strict=True):
        before, after = (label((float(fixes.lon[i]), float(fixes.lat[i]))) for i in (at - 1, at))
        speed = f"{kmh:,.0f} km/h" if np.isfinite(kmh) else "no time at all"
        said = f"Jump: {km:,.0f} km from {before} to {after} would need {speed}. The track is parted there."
        yield Notice("routes", "", "geometry", str(fixes.at[at]), said)
