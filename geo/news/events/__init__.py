"""What a text says happened: events, and movements from one place to another."""

from geo.news.events.happenings import find_happenings
from geo.news.events.movements import find_movements
from geo.news.events.passages import Passages
from geo.news.events.same import Told, same_events, told_happening, told_movement

__all__ = ["Passages", "Told", "find_happenings", "find_movements", "same_events", "told_happening", "told_movement"]
