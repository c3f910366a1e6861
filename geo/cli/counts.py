"""Numbers of things, in words."""

from __future__ import annotations


def count(number: int, thing: str) -> str:
    """Say how many there are.

    Args:
        number: How many.
        thing: What, in the singular.

    Returns:
        Such as `1 event` or `1,200 events`.
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"
