"""Numbers of things, in words and out of them."""

from __future__ import annotations

import argparse


def count(number: int, thing: str) -> str:
    """Say how many there are.

    Args:
        number: How many.
        thing: What, in the singular.

    Returns:
        Such as `1 event` or `1,200 events`.
    """
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def share(text: str) -> float:
    """Read a share.

    Args:
        text: A word of the command line.

    Returns:
        A number from 0 to 1.

    Raises:
        ArgumentTypeError: It is no such number.
    """
    number = float(text)
    if not 0 <= number <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1")
    return number
