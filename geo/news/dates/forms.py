"""The ways to write a date in words, from `data/news/dates/forms.csv`."""

from __future__ import annotations

from functools import cache
from typing import Any

from geo.news.dates import composed, plain, relative, weekdays
from geo.news.dates.grammar import Form
from geo.news.dates.words import table

_MODULES = {"plain": plain, "relative": relative, "weekdays": weekdays, "composed": composed}


@cache
def layers() -> tuple[tuple[Form, ...], ...]:
    """Give the forms in their layers: what one layer finds is a single word for the next."""
    rows = table("forms.csv")
    numbers = sorted({row["layer"] for row in rows})
    return tuple(tuple(_form(row) for row in rows if row["layer"] == number) for number in numbers)


def _form(row: dict[str, str]) -> Form:
    form = Form(row["gives"], row["pattern"], named(row["read"]))
    return Form(form.gives, form.pattern, form.read, named(row["fits"])) if row["fits"] else form


def named(dotted: str) -> Any:
    """Give the reader, or the test of parts, that a table names.

    Args:
        dotted: Its module in this package and its name, `plain.month`.

    Returns:
        The function.
    """
    module, name = dotted.split(".")
    return getattr(_MODULES[module], name)
