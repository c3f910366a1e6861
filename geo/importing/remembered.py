"""Mappings that were used before, by the header of the table; kept among the user's settings."""

from __future__ import annotations

import json
from collections.abc import Mapping as MappingOf
from pathlib import Path

from geo.errors import FormatError, ReadError, SaveError
from geo.formats.reading import Sheet
from geo.formats.saving import save_text
from geo.importing.mapping import Mapping, check_mapping, fingerprint

_MOST = 500  # mappings; the oldest go first


def mappings_file() -> Path:
    """Say where mappings are kept.

    Returns:
        A file among the user's settings, which need not be there.
    """
    import platformdirs

    return platformdirs.user_config_path("rutter") / "import-mappings.json"


class Remembered:
    """Mappings that were used before.

    Args:
        path: The file they are kept in; the user's own when left out.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or mappings_file()

    def find(self, sheet: Sheet) -> Mapping | None:
        """Find the mapping that was used for a table with the same header.

        Args:
            sheet: The table.

        Returns:
            The mapping, or None.
        """
        told = self._kept().get(_key(sheet))
        if told is None:
            return None
        try:
            mapping = Mapping.from_json(json.dumps(told))
            check_mapping(mapping, sheet.cells.columns, file=sheet.file)
        except ValueError:
            return None  # of another version: guessed anew
        return mapping

    def keep(self, sheet: Sheet, mapping: Mapping) -> None:
        """Remember a mapping for tables with the same header.

        Args:
            sheet: The table.
            mapping: How it was read.

        Raises:
            SaveError: The file could not be written; what stood there is unchanged.
        """
        kept = {name: told for name, told in self._kept().items() if name != _key(sheet)}
        kept[_key(sheet)] = json.loads(mapping.to_json())
        recent = dict(list(kept.items())[-_MOST:])
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SaveError(
                f"{self.path.parent} cannot be made: {error.strerror}. Check who may write there."
            ) from error
        save_text(json.dumps(recent, ensure_ascii=False, indent=1), self.path)

    def _kept(self) -> MappingOf[str, object]:
        try:
            told = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except OSError as error:
            raise ReadError(f"{self.path} cannot be read: {error.strerror}. Check who may read it.") from error
        except ValueError as error:
            raise FormatError(f"{self.path} is damaged. Delete it: mappings are guessed anew.") from error
        return told if isinstance(told, dict) else {}


def _key(sheet: Sheet) -> str:
    return fingerprint([*sheet.cells.columns, *(["geometry"] if sheet.geometry is not None else [])])
