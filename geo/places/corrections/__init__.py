"""What a user corrected: this `Dunay` is that one. It stands in a file beside their data and wins."""

from geo.places.corrections.row import Correction
from geo.places.corrections.store import FILE, Corrections, Merged

__all__ = ["FILE", "Correction", "Corrections", "Merged"]
