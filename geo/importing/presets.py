"""Datasets whose columns are known: ACLED, UCDP GED, GDELT 2, GTD, USGS earthquakes, and what Rutter writes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from geo.config import DATA
from geo.errors import OptionError
from geo.formats.reading import Sheet
from geo.importing.mapping import Mapping


@dataclass(frozen=True)
class Preset:
    """A dataset whose columns are known.

    Args:
        name: What it is asked for by.
        label: What people call it.
        recognise: Columns that are all there in a file of it.
        mapping: What its columns mean.
        header: Its columns in order, where its files do not name them.
    """

    name: str
    label: str
    recognise: tuple[str, ...]
    mapping: Mapping
    header: tuple[str, ...] = ()


@cache
def presets() -> MappingOf[str, Preset]:
    """Read the presets, once.

    Returns:
        Name -> preset.

    Source:
        `data/imports/presets/`, curated for this project from the public codebooks that its README names.
    """
    found = {}
    for path in sorted((DATA / "imports" / "presets").glob("*.toml")):
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        mapping = Mapping(
            layer=told["layer"],
            columns=told["columns"],
            constants=told.get("constants", {}),
            values=told.get("values", {}),
            labels=told.get("labels", {}),
            blanks=tuple(told.get("blanks", ())),
            preset=path.stem,
        )
        found[path.stem] = Preset(
            path.stem, told["label"], tuple(told["recognise"]), mapping, tuple(told.get("header", ()))
        )
    return found


def preset_named(name: str) -> Preset:
    """Find a preset.

    Args:
        name: Its name.

    Returns:
        The preset.

    Raises:
        OptionError: There is none of this name.
    """
    if name not in presets():
        raise OptionError(f"There is no preset {name!r}. Choose one of {', '.join(presets())}.")
    return presets()[name]


def recognised(sheet: Sheet, *, layer: str | None = None) -> Preset | None:
    """Tell which dataset a sheet is from.

    Args:
        sheet: The sheet, its columns named as `with_header` names them.
        layer: What its rows shall become; anything when left out.

    Returns:
        The preset whose columns are there, or None.
    """
    there = {name.casefold() for name in sheet.cells.columns}
    fit = (one for one in presets().values() if there.issuperset(map(str.casefold, one.recognise)))
    return next((one for one in fit if layer in (None, one.mapping.layer)), None)


def with_header(sheet: Sheet, preset: Preset | None = None) -> Sheet:
    """Name the columns of a sheet that has no header and is as wide as a dataset without one.

    Args:
        sheet: The sheet.
        preset: The dataset it is said to be, or None to tell by its width.

    Returns:
        The sheet with the columns named, or as it was.
    """
    if sheet.headed:
        return sheet
    width = len(sheet.cells.columns)
    for one in [preset] if preset else presets().values():
        if one.header and len(one.header) == width:
            cells = sheet.cells.set_axis(pd.Index(one.header), axis=1)
            told = f"The columns are named as in {one.label}, whose files have no header."
            kept = [notice for notice in sheet.notices if "look" not in notice]
            return replace(sheet, cells=cells, notices=(*kept, told), headed=True)
    return sheet


def fitted(preset: Preset, sheet: Sheet) -> Mapping:
    """Fit a preset to a sheet.

    Args:
        preset: The preset.
        sheet: The sheet; some of the preset's columns may be missing from it, and cases may differ.

    Returns:
        The preset's mapping for the columns that are there.
    """
    there = {name.casefold(): name for name in sheet.cells.columns}
    columns = {
        target: there[column.casefold()]
        for target, column in preset.mapping.columns.items()
        if column.casefold() in there
    }
    return replace(preset.mapping, columns=columns)
