"""Where a dossier's work is kept: a GeoPackage or a PostGIS database, with the log of every change."""

from geo.store.past import Entry, Step
from geo.store.postgis import dossier_of, is_address
from geo.store.store import State, Store

__all__ = ["Entry", "State", "Step", "Store", "dossier_of", "is_address"]
