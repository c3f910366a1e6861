"""Text that a spreadsheet would run: it must not, wherever a table leaves Rutter."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"\s*([=+@\t\r]|-(?=[^\s\d.])|-.*[|!(=+*/])", re.DOTALL)


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would take a cell for a formula; negative numbers and dashes are none.

    Args:
        text: A cell.

    Returns:
        Whether it begins like a formula.
    """
    return _FORMULA.match(text) is not None


def harmless(text: str) -> str:
    """Make a cell safe to open in a spreadsheet.

    Args:
        text: A cell.

    Returns:
        The same text, with an apostrophe before what begins like a formula.
    """
    return f"'{text}" if is_formula(text) else text
