"""The words of editing: a row in plain values, what happens to it, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Stored = Literal["events", "routes", "sources", "corrections"]
"""The tables of a workspace that people fill."""

Row: TypeAlias = dict[str, Any]
"""A row in plain values, as JSON has them: moments as `2024-03-24T00:00:00.000Z`, shapes as WKT, None for nothing."""


@dataclass(frozen=True)
class Change:
    """What happens to one row of a workspace.

    Args:
        layer: The table the row is in.
        id: The row's id.
        before: The row as its author saw it; None where it is new.
        after: The row as it shall be; None where it goes.
    """

    layer: Stored
    id: str
    before: Row | None
    after: Row | None


@dataclass(frozen=True)
class Conflict:
    """A row that is not as the author of a change saw it.

    Args:
        layer: The table the row is in.
        id: The row's id.
        seen: The row as its author saw it; None where there was none.
        theirs: The row as it stands now; None where it is gone.
        mine: The row as its author wants it; None where it was to go.
    """

    layer: Stored
    id: str
    seen: Row | None
    theirs: Row | None
    mine: Row | None

    def __str__(self) -> str:
        row = f"{self.layer.removesuffix('s')} {self.id!r}"
        if self.seen is None:
            return f"The {row} is there already. Give yours another id, or change that one."
        if self.theirs is None:
            return f"The {row} was deleted by somebody else since you saw it. Leave it so, or add yours anew."
        told = {*self.seen, *(self.mine or self.theirs)}
        columns = sorted(name for name in told if (self.theirs.get(name) or "") != (self.seen.get(name) or ""))
        return (
            f"The {row} was changed by somebody else since you saw it ({', '.join(columns)}). "
            "Keep theirs, or look at it and put yours over it."
        )
