"""One file, whatever it is: which kind, which layers, and one of them read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from geo.errors import FormatError, LayerError, MissingFileError, ReadError
from geo.formats.reading.delimited import read_delimited
from geo.formats.reading.limits import MB, TEXT_BYTES
from geo.formats.reading.packed import names, unpack
from geo.formats.reading.sheet import Decode, LayerSummary, Sheet

_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_SHAPE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


class _Kind(NamedTuple):
    """A kind of file: what it is called and how it must begin."""

    label: str
    begins: tuple[bytes, ...] = ()


_TEXT = _Kind("table of text")
_KINDS = {
    ".xlsx": _Kind("workbook", _ZIP),
    ".xlsm": _Kind("workbook", _ZIP),
    ".xls": _Kind("workbook", (b"\xd0\xcf\x11\xe0",)),
    ".geojson": _Kind("GeoJSON"),
    ".json": _Kind("GeoJSON"),
    ".geojsonl": _Kind("GeoJSON"),
    ".ndjson": _Kind("GeoJSON"),
    ".gpkg": _Kind("GeoPackage", (b"SQLite format 3\0",)),
    ".parquet": _Kind("Parquet", (b"PAR1",)),
    ".geoparquet": _Kind("Parquet", (b"PAR1",)),
    ".kml": _Kind("KML"),
    ".kmz": _Kind("KMZ", _ZIP),
    ".gpx": _Kind("GPX"),
    ".shp": _Kind("Shapefile", (b"\x00\x00\x27\x0a",)),
    ".zip": _Kind("zip", _ZIP),
    **dict.fromkeys((".csv", ".tsv", ".tab", ".txt", ".dat"), _TEXT),
}
SUFFIXES = tuple(_KINDS)
"""Endings of the files that can be read."""


def list_layers(path: Path) -> list[LayerSummary]:
    """List the layers of a file: sheets of a workbook, layers of a GeoPackage, folders of KML, parts of GPX.

    Args:
        path: The file.

    Returns:
        Those that hold anything; one without a name where the kind of file has no layers.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
    """
    with _part(path) as part:
        if part.label in _LISTED:
            return _LISTED[part.label](part)
        return [LayerSummary("", -1)]


def read_sheet(path: Path, *, layer: str | None = None, decode: Decode) -> Sheet:
    """Read one layer of a file.

    Args:
        path: A table of text, a workbook, GeoJSON, GeoPackage, Parquet, KML, KMZ, GPX or Shapefile, or a zip with one.
        layer: Which layer; may be left out where only one holds anything.
        decode: Turns the bytes of a text into characters.

    Returns:
        Its rows.

    Raises:
        MissingFileError: There is no such file.
        FormatError: It is not what its name promises, damaged, or too large.
        LayerError: It has no such layer, or several and none is named.
    """
    with _part(path) as part:
        sheet = _read(part, layer, decode)
    if not len(sheet) and not sheet.faults:
        raise FormatError(f"{path.name}: it holds no rows. Export it again.")
    return replace(sheet, file=path.name, notices=(*part.notices, *sheet.notices))


class _Part(NamedTuple):
    """What is to be read of a file: itself, or what was packed in it."""

    path: Path
    content: bytes
    file: str
    label: str
    notices: tuple[str, ...] = ()


def _read(part: _Part, layer: str | None, decode: Decode) -> Sheet:
    if part.label == _TEXT.label:
        return read_delimited(part.content, file=part.file, decode=decode)
    from geo.formats.reading.vector import read_kml_layers, read_parquet, read_vector

    if part.label == "Parquet":
        return read_parquet(part.path, file=part.file)
    if part.label == "GPX" and layer in (None, "tracks"):
        from geo.formats.reading.own import own_gpx

        if own := own_gpx(part.path.read_bytes(), file=part.file):
            return own
    layers = _LISTED[part.label](part)
    if part.label == "KML" and layer is None and layers:
        return read_kml_layers(part.path, file=part.file, layers=layers)
    chosen = _chosen(layers, layer, part)
    if part.label == "workbook":
        from geo.formats.reading.workbook import read_workbook

        return read_workbook(part.content, file=part.file, layer=chosen.name)
    if part.label == "KML":
        return read_kml_layers(part.path, file=part.file, layers=[chosen])
    return read_vector(part.path, file=part.file, layer=chosen.name)


def _chosen(layers: list[LayerSummary], layer: str | None, part: _Part) -> LayerSummary:
    listed = "; ".join(map(str, layers)) or "none"
    if layer is not None:
        for one in layers:
            if one.name == layer:
                return one
        raise LayerError(f"{part.file} has no layer {layer!r} that holds anything. Its layers: {listed}.")
    telling = [one for one in layers if part.label != "GPX" or one.name not in _gpx_doubles(layers)]
    if len(telling) > 1:
        raise LayerError(f"{part.file} holds several layers. Name the one to bring: {listed}.")
    if not telling:
        raise FormatError(f"{part.file}: it holds no rows. Export it again.")
    return telling[0]


def _gpx_doubles(layers: list[LayerSummary]) -> set[str]:
    """Name the parts of a GPX file that say again what another says: the points carry the times, the lines do not."""
    there = {one.name for one in layers}
    return {line for line, points in (("tracks", "track_points"),) if points in there for line in (line,)} | (
        {"route_points"} if "routes" in there else set()
    )


def _sheets(part: _Part) -> list[LayerSummary]:
    from geo.formats.reading.workbook import list_sheets

    return list_sheets(part.content, file=part.file)


def _vector_layers(part: _Part) -> list[LayerSummary]:
    from geo.formats.reading.vector import list_vector_layers

    return list_vector_layers(part.path, file=part.file)


_LISTED: dict[str, Callable[[_Part], list[LayerSummary]]] = {
    "workbook": _sheets,
    **dict.fromkeys(("GeoJSON", "GeoPackage", "KML", "GPX", "Shapefile"), _vector_layers),
}


@contextmanager
def _part(path: Path) -> Iterator[_Part]:
    if path.is_dir():
        raise FormatError(f"{path} is a folder. Give the file in it.")
    if not path.exists():
        raise MissingFileError(f"There is no file {path}. Check the path.")
    if not path.is_file():
        raise FormatError(f"{path} is no file that can be read twice. Save what it gives into one.")
    kind = _kind(path.name, path)
    try:
        if kind.label == "Shapefile":
            with tempfile.TemporaryDirectory() as folder:
                yield _shapefile({part.name: part.read_bytes() for part in _sidecars(path)}, path.name, Path(folder))
        elif kind.label in ("GeoPackage", "Parquet"):
            yield _Part(path, b"", path.name, kind.label)
        else:
            content = path.read_bytes()
            if len(content) > TEXT_BYTES:
                raise FormatError(f"{path}: holds more than {TEXT_BYTES // MB} MB. Split it.")
            with tempfile.TemporaryDirectory() as folder:
                yield _of_bytes(content, path, kind.label, Path(folder))
    except OSError as error:
        if isinstance(error, (MissingFileError, ReadError)):
            raise
        raise ReadError(f"{path} cannot be read: {error.strerror or error}. Check who may read it.") from error


def _kind(name: str, path: Path) -> _Kind:
    kind = _KINDS.get(PurePosixPath(name.lower()).suffix)
    if kind is None:
        raise FormatError(f"{path} is not a kind of file Rutter brings in. It reads {', '.join(SUFFIXES)}.")
    try:
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        raise ReadError(f"{path} cannot be read: {error.strerror}. Check who may read it.") from error
    if not head:
        raise FormatError(f"{path.name}: the file is empty. Export it again.")
    if kind.begins and not head.startswith(kind.begins):
        raise FormatError(f"{path.name}: this is no {kind.label}, or it is damaged. Export it again.")
    return kind


def _sidecars(path: Path) -> list[Path]:
    stem = path.name[: -len(path.suffix)].casefold()
    return [one for one in path.parent.iterdir() if one.stem.casefold() == stem and one.suffix.lower() in _SHAPE_PARTS]


def _shapefile(parts: dict[str, bytes], file: str, folder: Path) -> _Part:
    there = {PurePosixPath(name).suffix.lower() for name in parts}
    lacking = [suffix for suffix in (".shx", ".dbf") if suffix not in there]
    if lacking:
        raise FormatError(
            f"{file}: {' and '.join(lacking)} are missing beside it. Bring the files together, or zipped."
        )
    for name, content in parts.items():
        (folder / f"layer{PurePosixPath(name).suffix.lower()}").write_bytes(content)
    return _Part(folder / "layer.shp", b"", file, "Shapefile")


def _of_bytes(content: bytes, path: Path, label: str, folder: Path) -> _Part:
    from geo.formats.reading.xml import checked_xml

    file = path.name
    if label == "KMZ":
        found = unpack(content, file=file, wanted=(".kml",))
        if not found:
            raise FormatError(f"{file}: holds no KML. Export it again.")
        content, label = found.get("doc.kml", next(iter(found.values()))), "KML"
    if label in ("KML", "GPX"):
        clean, notices = checked_xml(content, file=file, root=label.lower())
        cleaned = folder / f"{path.stem}.{label.lower()}"
        cleaned.write_bytes(clean)
        return _Part(cleaned, b"", file, label, tuple(notices))
    if label == "GeoJSON" and content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
        raise FormatError(f"{file}: this is no GeoJSON, or it is damaged. Export it again.")
    if label == "GeoJSON" and _NUL.search(content):  # GDAL would end the text there
        content, nuls = _NUL.subn(rb"\1\\ufffd", content)
        path = folder / path.name
        path.write_bytes(content)
        return _Part(path, content, file, label, (f"{nuls:,} characters U+0000 stand as \ufffd.",))
    return _unzipped(content, path, folder) if label == "zip" else _Part(path, content, file, label)


def _unzipped(content: bytes, path: Path, folder: Path) -> _Part:
    """Take the one file that a zip holds; the parts of a Shapefile count as one."""
    listed = names(content, file=path.name)
    meant = [name for name in listed if _main_suffix(name) and not name.startswith("__MACOSX/")]
    inner = [name for name in listed if PurePosixPath(name.lower()).suffix in (".zip", ".kmz")]
    if len(meant) != 1 and not inner:
        told = f"{len(meant)} files that can be read: {', '.join(meant[:10])}" if meant else "no file that can be read"
        dossier = {"events.csv", "routes.csv"} & {PurePosixPath(name).name for name in meant}
        or_else = " It may be a dossier, which is opened and not brought in." if dossier else ""
        raise FormatError(f"{path.name}: holds {told}. Unpack it and give the one that is meant.{or_else}")
    stem = meant[0].rpartition(".")[0] if meant else ""
    parts = unpack(content, file=path.name, wanted=tuple(f"{stem}{s}".lower() for s in (*_SHAPE_PARTS, *SUFFIXES)))
    if _main_suffix(meant[0]) == ".shp":
        return _shapefile(parts, path.name, folder)
    unpacked = folder / PurePosixPath(meant[0]).name
    unpacked.write_bytes(parts[meant[0]])
    kind = _kind(unpacked.name, unpacked)
    found = _of_bytes(parts[meant[0]], unpacked, kind.label, folder)
    return found._replace(file=path.name)


def _main_suffix(name: str) -> str:
    suffix = PurePosixPath(name.lower()).suffix
    return suffix if suffix in _KINDS and suffix not in (".zip", ".kmz") else ""
