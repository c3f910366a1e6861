"""Observed tracks held against the inferred route, and against what a vehicle can leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from geo import routing
from geo.errors import NoRouteError
from geo.geodesy import EARTH_RADIUS_KM, unit_vectors
from geo.routing.stops import label
from geo.types import LonLat, Mode, Notice

Floats = npt.NDArray[np.float64]

DETOUR = 1.5  # times the inferred route
DETOUR_LEAST_KM = 20.0  # ends nearer to each other are a round trip
ROUTED = 100  # tracks of one table for which a route is searched, the longest detours first
GAP_KM = 100.0
GAP_STEPS = 10.0  # times the median step
GAP_POSITIONS = 10
LOITERING_KM = 60.0
LOITERING_RADIUS_KM = 10.0
LAND_STEP_KM = 5.0
LAND_KM = 30.0  # a line between two positions may cut a cape
POINTS_AT_ONCE = 2_000_000


class Track(NamedTuple):
    """One observed track.

    Args:
        name: The row's id.
        mode: How it was travelled.
        points: Its positions, (longitude, latitude) in degrees; shape (n, 2).
        vectors: The same on the unit sphere; shape (n, 3).
        steps_km: Distances from each to the next, 0 from the last; shape (n,).
    """

    name: str
    mode: Mode
    points: Floats
    vectors: Floats
    steps_km: Floats

    @property
    def straight_km(self) -> float:
        """From its first position to its last."""
        return float(_apart_km(self.vectors[0], self.vectors[-1]))

    def label(self, at: int) -> str:
        """Name one of its positions.

        Args:
            at: Its number.

        Returns:
            The point with its compass letters.
        """
        return label(self.lonlat(at, 2))

    def lonlat(self, at: int, decimals: int = 7) -> LonLat:
        """Give one of its positions.

        Args:
            at: Its number.
            decimals: To how many it is rounded.

        Returns:
            (longitude, latitude) in degrees.
        """
        lon, lat = self.points[at].round(decimals).tolist()
        return (lon, lat)


def odd_tracks(tracks: gpd.GeoDataFrame) -> list[Notice]:
    """List what is odd about observed tracks.

    Args:
        tracks: Routes with a line, EPSG:4326, as `geo.plausibility` takes them.

    Returns:
        Notices about detours and gaps; by sea about loitering and land as well.
    """
    points, owner = shapely.get_coordinates(tracks.geometry.to_numpy(), return_index=True)
    vectors = unit_vectors(points[:, 0], points[:, 1])
    cuts = np.searchsorted(owner, np.arange(1, len(tracks)))
    steps = np.append(_apart_km(vectors[:-1], vectors[1:]), 0.0)
    steps[np.append(cuts, len(steps)) - 1] = 0.0  # from the end of one track to the next
    read = [
        Track(str(name), mode, *parts)
        for name, mode, *parts in zip(
            tracks["id"], tracks["mode"], *(np.split(values, cuts) for values in (points, vectors, steps)), strict=True
        )
    ]
    afloat = [track for track in read if track.mode == "sea"]
    told = [
        *_detours(read),
        *((track, message) for track in read for message in _gaps(track)),
        *((track, message) for track in afloat for message in _loitering(track)),
        *_on_land(afloat),
    ]
    return [Notice("routes", track.name, "geometry", "", message) for track, message in told]


def _apart_km(a: Floats, b: Floats) -> Floats:
    chord = np.linalg.norm(a - b, axis=-1)
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(1.0, chord / 2)))


def _detours(tracks: list[Track]) -> Iterator[tuple[Track, str]]:
    # no route is shorter than the straight line: only what is long beside that needs to be compared
    long = [
        (track, float(track.steps_km.sum()))
        for track in tracks
        if track.straight_km > DETOUR_LEAST_KM and track.steps_km.sum() > DETOUR * track.straight_km
    ]
    long.sort(key=lambda each: -each[1] / each[0].straight_km)
    for number, (track, km) in enumerate(long):
        if number >= ROUTED:
            yield (
                track,
                f"Long: the track is {km:,.0f} km, {km / track.straight_km:.1f} times the straight line between its "
                f"ends. It was not compared with the inferred route: that is done for {ROUTED} tracks at a time.",
            )
            continue
        try:
            inferred = routing.leg(track.lonlat(0), track.lonlat(-1), mode=track.mode).length_km
        except NoRouteError:
            continue  # no way to compare it with
        if km > DETOUR * inferred:
            yield (
                track,
                f"Detour: the track is {km:,.0f} km, the inferred route between its ends {inferred:,.0f} km: "
                f"{km / inferred:.1f} times as long.",
            )


def _gaps(track: Track) -> Iterator[str]:
    if len(track.points) < GAP_POSITIONS:
        return
    usual = float(np.median(track.steps_km[:-1]))
    for at in np.flatnonzero(track.steps_km > max(GAP_KM, GAP_STEPS * usual)).tolist():
        yield (
            f"Gap: no position for {track.steps_km[at]:,.0f} km, from {track.label(at)} to {track.label(at + 1)}; "
            f"the others are {usual:.1f} km apart in the median."
        )


def _loitering(track: Track) -> Iterator[str]:
    reached = np.concatenate([[0.0], np.cumsum(track.steps_km[:-1])])
    ends = np.searchsorted(reached, reached + LOITERING_KM)
    starts = np.flatnonzero(ends < len(reached))
    near = _apart_km(track.vectors[starts], track.vectors[ends[starts]]) <= 2 * LOITERING_RADIUS_KM
    for first in starts[near]:
        last, middle = ends[first], _middle(track, first, ends[first])
        if not _within(track, first, last, middle):
            continue
        while last + 1 < len(reached) and _within(track, last + 1, last + 1, middle):
            last += 1
        km, (lon, lat) = reached[last] - reached[first], _lonlats(middle)[0].round(2).tolist()
        yield f"Loitering: {km:,.0f} km of its track lie within {LOITERING_RADIUS_KM:g} km of {label((lon, lat))}."
        return


def _middle(track: Track, first: int, last: int) -> Floats:
    middle = track.vectors[first : last + 1].mean(axis=0)
    return np.asarray(middle / np.linalg.norm(middle))


def _within(track: Track, first: int, last: int, middle: Floats) -> bool:
    return bool((_apart_km(track.vectors[first : last + 1], middle) <= LOITERING_RADIUS_KM).all())


def _on_land(tracks: list[Track]) -> Iterator[tuple[Track, str]]:
    for batch in _batches(tracks):
        ashore = routing.inland(*np.concatenate([track.points for track in batch]).T)
        positions = np.split(ashore, np.cumsum([len(track.points) for track in batch])[:-1])
        samples = [_samples(track) for track in batch]
        on_way = routing.inland(*np.concatenate([points for points, _ in samples]).T)
        ways = np.split(on_way, np.cumsum([len(points) for points, _ in samples])[:-1])
        for track, at, way, (_, each_km) in zip(batch, positions, ways, samples, strict=True):
            km, count = float(each_km[way].sum()), int(at.sum())
            if count or km >= LAND_KM:
                where = track.label(int(np.argmax(at))) if count else ""
                yield (
                    track,
                    f"On land: {count} of its {len(track.points)} positions"
                    f"{f' (the first at {where})' if count else ''} and {km:,.0f} km of its line lie more than 5 km "
                    "inland: a sign of false positions, unless it is on a lake or river that the bundled map lacks.",
                )


def _batches(tracks: list[Track]) -> Iterator[list[Track]]:
    batch: list[Track] = []
    size = 0.0
    for track in tracks:
        batch.append(track)
        size += len(track.points) + float(track.steps_km.sum()) / LAND_STEP_KM
        if size > POINTS_AT_ONCE:
            yield batch
            batch, size = [], 0.0
    if batch:
        yield batch


def _samples(track: Track) -> tuple[Floats, Floats]:
    """Place points in the middle of pieces of its line, and say how long each piece is."""
    counts = np.ceil(track.steps_km / LAND_STEP_KM).astype(np.int64)
    which = np.repeat(np.arange(len(counts)), counts)
    share = (np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts) + 0.5) / counts[which]
    a, b, arc = track.vectors[which], track.vectors[which + 1], (track.steps_km / EARTH_RADIUS_KM)[which]
    sine = np.maximum(np.sin(arc), 1e-12)
    points = (np.sin((1 - share) * arc) / sine)[:, None] * a + (np.sin(share * arc) / sine)[:, None] * b
    return _lonlats(points), (track.steps_km / np.maximum(counts, 1))[which]


def _lonlats(points: Floats) -> Floats:
    x, y, z = np.atleast_2d(points).T
    return np.column_stack([np.degrees(np.arctan2(y, x)), np.degrees(np.arctan2(z, np.hypot(x, y)))])
