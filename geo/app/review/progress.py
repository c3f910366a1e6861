"""What was decided in a review: a value that every act makes anew, so that one can go back to the one before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from geo.types import Layer

Verdict = Literal["open", "accepted", "rejected", "merged"]
Row = Mapping[str, Any]
Edit = Mapping[str, Any]


@dataclass(frozen=True)
class Telling:
    """What a candidate adds to a row that is there already.

    Args:
        layer: The table that row is in.
        into: Its id.
        note: The source and its sentence, for the row's note.
        source: That source, as a row of the sources' table.
    """

    layer: Layer
    into: str
    note: str
    source: Mapping[str, str]


@dataclass(frozen=True)
class Progress:
    """Where a review stands.

    Args:
        accepted: Layer and row of what was accepted, by id, as it was when it was accepted.
        sources: The sources of those rows, by id.
        rejected: Ids of what was rejected.
        merged: What was merged, by id.
        edits: What was changed by hand in a candidate, by its id: title, kind, mode, date, place, origin, destination.
    """

    accepted: Mapping[str, tuple[Layer, Row]] = field(default_factory=dict)
    sources: Mapping[str, Row] = field(default_factory=dict)
    rejected: frozenset[str] = frozenset()
    merged: Mapping[str, Telling] = field(default_factory=dict)
    edits: Mapping[str, Edit] = field(default_factory=dict)

    def verdict(self, name: str) -> Verdict:
        """Say what was decided about a candidate.

        Args:
            name: Its id.

        Returns:
            `open` where nothing is decided yet.
        """
        if name in self.accepted:
            return "accepted"
        if name in self.rejected:
            return "rejected"
        return "merged" if name in self.merged else "open"

    def accepting(self, rows: Mapping[str, tuple[Layer, Row]], sources: Mapping[str, Row]) -> Progress:
        """Accept rows.

        Args:
            rows: Layer and row by id.
            sources: Their sources by id.

        Returns:
            Where the review stands then.
        """
        rest = self.reopening(rows)
        return replace(rest, accepted={**rest.accepted, **rows}, sources={**rest.sources, **sources})

    def rejecting(self, name: str) -> Progress:
        """Reject a candidate.

        Args:
            name: Its id.

        Returns:
            Where the review stands then.
        """
        rest = self.reopening([name])
        return replace(rest, rejected=rest.rejected | {name})

    def merging(self, name: str, telling: Telling) -> Progress:
        """Merge a candidate with a row that is there already.

        Args:
            name: Its id.
            telling: What it adds, and to which row.

        Returns:
            Where the review stands then.
        """
        rest = self.reopening([name])
        return replace(rest, merged={**rest.merged, name: telling})

    def editing(self, name: str, changes: Edit) -> Progress:
        """Change a candidate by hand.

        Args:
            name: Its id.
            changes: What is changed; None takes a change back, and those of other columns stay.

        Returns:
            Where the review stands then.
        """
        both = {**self.edits.get(name, {}), **changes}
        return replace(self, edits={**self.edits, name: {column: to for column, to in both.items() if to is not None}})

    def reopening(self, names: Collection[str]) -> Progress:
        """Take back what was decided about candidates; what was changed in them stays.

        Args:
            names: Their ids.

        Returns:
            Where the review stands then.
        """
        return replace(
            self,
            accepted={name: row for name, row in self.accepted.items() if name not in names},
            rejected=self.rejected - set(names),
            merged={name: telling for name, telling in self.merged.items() if name not in names},
        )
