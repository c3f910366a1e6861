"""Text that a spreadsheet would run: it must not, wherever a table leaves Rutter, and it comes back as it was."""

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
        The same text, with an apostrophe before what begins like a formula; one more where apostrophes stand before
        it already, so that `bare` gives every text back.
    """
    return f"'{text}" if is_formula(text.lstrip("'")) else text


def bare(text: str) -> str:
    """Take off the apostrophe that `harmless` put before a formula.

    Args:
        text: A cell as it stands in a table.

    Returns:
        The text without its first apostrophe where what follows would be a formula, else the same text.
    """
    return text[1:] if text.startswith("'") and is_formula(text.lstrip("'")) else text
