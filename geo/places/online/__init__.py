"""Online geocoders, for those who ask for them: one after another, slowly, and never for what is known offline."""

from geo.places.online.chain import Answer, OnlineChain, with_online

__all__ = ["Answer", "OnlineChain", "with_online"]
