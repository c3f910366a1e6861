"""Lines between places: sea, rail, road and air."""

from geo.routing.legs import MODES, leg
from geo.routing.sea_many import sea_routes
from geo.routing.stops import Stop

__all__ = ["MODES", "Stop", "leg", "sea_routes"]
