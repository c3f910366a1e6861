"""What can go wrong, in words a person can act on.

Every error Rutter raises on purpose is a `GeoError` and also the built-in that fits it, so callers may catch either.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.edits import Conflict
    from geo.types import Fault

ALIKE_SHOWN = 10

BAD_INPUT = 2
"""What the command line exits with where the input is to blame."""


class GeoError(Exception):
    """Base of every error that Rutter raises on purpose."""


class BrowserError(GeoError, RuntimeError):
    """No browser to draw a picture with, or one that did not draw."""


class CoordinateError(GeoError, ValueError):
    """A longitude or latitude that is not on the Earth."""


class ConflictError(GeoError, RuntimeError):
    """Rows that somebody else changed since they were read; nothing was written.

    Args:
        conflicts: Each row as it was read, as it stands now, and as it was to become.
    """

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__("\n".join(map(str, self.conflicts)))


class CorrectionError(GeoError, LookupError):
    """A correction that is not there, or can no longer be undone."""


class CountryError(GeoError, ValueError):
    """A country that no code and no name stands for."""


class DateError(GeoError, ValueError):
    """A date that cannot be read, or a window that ends before it starts."""


class FilterError(GeoError, ValueError):
    """A filter that nothing can pass."""


class FormatError(GeoError, ValueError):
    """A file whose content is not what its name promises."""


class HistoryError(GeoError, LookupError):
    """A change that is not there to be undone or done again."""


class LayerError(GeoError, KeyError):
    """A layer that a dossier does not have."""

    def __str__(self) -> str:
        return str(self.args[0])  # a KeyError would put its message in quotes


class MapError(GeoError, TypeError):
    """A map that the time slider cannot draw on."""


class MissingFileError(GeoError, FileNotFoundError):
    """A file or folder that is not there."""


class OnlineError(GeoError, ValueError):
    """An online geocoder that cannot be asked as it was set up."""


class OptionError(GeoError, ValueError):
    """An option that no call can follow."""


class PlaceError(GeoError, LookupError):
    """A name that no known place has."""


class ReadError(GeoError, OSError):
    """A file that is there and cannot be read."""


class SaveError(GeoError, OSError):
    """A file that could not be written; what stood there before is unchanged."""


class StoreError(GeoError, OSError):
    """A workspace that cannot be reached, read or written; what it holds is unchanged."""


class NoRouteError(GeoError, LookupError):
    """No way leads from one place to the other by the mode asked for."""


class AshoreError(NoRouteError):
    """An end of a leg by sea that lies far from water.

    Args:
        message: What is wrong.
        lonlat: The end, (longitude, latitude) in degrees.
    """

    def __init__(self, message: str, lonlat: tuple[float, float]) -> None:
        super().__init__(message)
        self.lonlat = lonlat


class TableError(GeoError, ValueError):
    """A table with faults: the message shows those of every column, `faults` holds all of them.

    Args:
        faults: Every fault found, in the order of the table.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        met: Counter[tuple[str, str | None]] = Counter()
        lines = []
        for fault in self.faults:
            met[fault.file, fault.column] += 1
            if met[fault.file, fault.column] <= ALIKE_SHOWN:
                lines.append(str(fault))
        lines += [
            f"{file}, column {column}: {count - ALIKE_SHOWN} more rows with a fault in this column."
            for (file, column), count in met.items()
            if count > ALIKE_SHOWN
        ]
        super().__init__("\n".join(lines))
