"""Journeys between places as people name them: one leg, many at once, or several modes in turn."""

from geo.planning.chain import plan
from geo.planning.other_ways import alternatives
from geo.planning.single import route, routes
from geo.planning.stops import Where

__all__ = ["Where", "alternatives", "plan", "route", "routes"]
