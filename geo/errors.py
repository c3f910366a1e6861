"""What can go wrong, in words a person can act on.

Every error Rutter raises on purpose is a `GeoError` and also the built-in that fits it, so callers may catch either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.types import Fault

FAULTS_SHOWN = 20


class GeoError(Exception):
    """Base of every error that Rutter raises on purpose."""


class CoordinateError(GeoError, ValueError):
    """A longitude or latitude that is not on the Earth."""


class DateError(GeoError, ValueError):
    """A date that cannot be read, or a window that ends before it starts."""


class FormatError(GeoError, ValueError):
    """A file whose content is not what its name promises."""


class MissingFileError(GeoError, FileNotFoundError):
    """A file or folder that is not there."""


class SaveError(GeoError, OSError):
    """A file that could not be written; what stood there before is unchanged."""


class NoRouteError(GeoError, LookupError):
    """No way leads from one place to the other by the mode asked for."""


class TableError(GeoError, ValueError):
    """A table with faults; all of them are listed at once.

    Args:
        faults: Every fault found, in the order of the table.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        shown = [str(fault) for fault in self.faults[:FAULTS_SHOWN]]
        if len(self.faults) > FAULTS_SHOWN:
            shown.append(f"... and {len(self.faults) - FAULTS_SHOWN} more of this kind.")
        super().__init__("\n".join(shown))
