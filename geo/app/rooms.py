"""The rooms of the app; whoever looks at the map does not wait for what only the others need."""

from __future__ import annotations

from geo.app.dossier import Dossier

MAP, ARTICLES, TABLES = ROOMS = ("Map", "Articles", "Tables")
ROOM_KEY = "room"


def show_room(room: str, opened: Dossier, own: Dossier) -> None:
    """Show a room that is not the map's.

    Args:
        room: Which.
        opened: The dossier as it was opened.
        own: The same with what was brought in from tables.
    """
    if room == ARTICLES:
        from geo.app.review.room import show_review

        show_review(own)
    elif room == TABLES:
        from geo.app.importing.room import show_tables

        show_tables(opened)
