"""One geopy geocoder made ready to be asked politely: the user's own name, one request at a time, none twice."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import geopy
from geopy import exc
from geopy.adapters import AdapterHTTPError, BaseAsyncAdapter, RequestsAdapter
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import get_geocoder_for_service
from geopy.point import Point

from geo.errors import GeoError, OnlineError
from geo.places.online.reply import Reply
from geo.types import Bounds

_PUBLIC_NOMINATIM = "nominatim.openstreetmap.org"
_NOMINATIM_DELAY_S = 1.0
_POLICY = "https://operations.osmfoundation.org/policies/nominatim/"
_NOBODYS_NAMES = ("rutter", "example", "geopy", "my-application", "my_app", "my_user_agent", "specify_your_app")
_COUNTRY_OPTIONS = ("country_codes", "countries", "country")


class NoAnswerError(GeoError, ConnectionError):
    """A service that gave no answer.

    Args:
        message: What went wrong and what to do next.
        for_good: Whether asking it again soon is in vain: it refused the user, or the user asked too much.
    """

    def __init__(self, message: str, *, for_good: bool = False) -> None:
        super().__init__(message)
        self.for_good = for_good


@dataclass(frozen=True)
class Hints:
    """Where a place is likely to be.

    Args:
        country: ISO 3166-1 alpha-2 code of the country it must lie in, or empty.
        bounds: (west, south, east, north) in degrees, WGS 84, that it should rather lie in, or None.
    """

    country: str = ""
    bounds: Bounds | None = None


@dataclass(frozen=True)
class Service:
    """A geocoder that is ready.

    Args:
        name: Its short name, such as `nominatim`.
        label: The same, with its domain where that is not the usual one; tells caches and notices apart.
        geocode: Asks it, at most once within the delay.
        options: What its `geocode` takes.
        timeout_s: How long to wait for an answer, in seconds.
    """

    name: str
    label: str
    geocode: Callable[..., Any]
    options: frozenset[str]
    timeout_s: float

    def told(self, hints: Hints) -> dict[str, Any]:
        """Put hints into the words of this service.

        Args:
            hints: The hints; those that it has no word for are left out.

        Returns:
            Option -> value, as its `geocode` takes them.
        """
        told: dict[str, Any] = {}
        country = next((option for option in _COUNTRY_OPTIONS if option in self.options), None)
        if hints.country and country:
            told[country] = hints.country if country == "country" else [hints.country]
        if hints.bounds and "viewbox" in self.options:
            west, south, east, north = hints.bounds
            told["viewbox"] = [[south, west], [north, east]]
        return told

    def ask(self, name: str, hints: Hints) -> Reply | None:
        """Ask for one name, over the network.

        Args:
            name: The name.
            hints: Where the place is likely to be.

        Returns:
            The answer, or None where the service knows no such place.

        Raises:
            NoAnswerError: It could not be reached, refused, or answered something that cannot be read.
        """
        options = {"exactly_one": True, "timeout": self.timeout_s, "addressdetails": True}
        options = {option: value for option, value in options.items() if option in self.options}
        told = self.told(hints)
        if "viewbox" in told:
            told["viewbox"] = [Point(*corner) for corner in told["viewbox"]]
        try:
            found = self.geocode(name, **options, **told)
            return _reply(found[0] if isinstance(found, list) and found else found)
        except Exception as error:  # a geocoder may raise anything on an answer that it did not expect
            raise _no_answer(error, self.label, self.timeout_s) from error


def _reply(found: Any) -> Reply | None:
    if not found:
        return None
    lon, lat = float(found.longitude), float(found.latitude)
    if lon == lat == 0.0:  # what geopy makes of an answer without coordinates
        raise exc.GeocoderParseError("no coordinates")
    raw = found.raw if isinstance(found.raw, Mapping) else {"answer": found.raw}
    return Reply(str(found.address).encode(errors="replace").decode(), lon, lat, raw)


_REFUSED = (exc.GeocoderAuthenticationFailure, exc.GeocoderInsufficientPrivileges)


def _no_answer(error: Exception, label: str, timeout_s: float) -> NoAnswerError:
    # geopy's own words are not shown: they may hold the address that was asked, and with it the user's key.
    status = error.__cause__.status_code if isinstance(error.__cause__, AdapterHTTPError) else None
    code = f" (HTTP {status})" if status else ""
    if isinstance(error, _REFUSED):
        return NoAnswerError(f"{label} refused you{code}. Check your key and your user agent.", for_good=True)
    if isinstance(error, exc.GeocoderQuotaExceeded):
        wait = getattr(error, "retry_after", None)
        when = f"in {wait:.0f} s" if wait else "later"
        return NoAnswerError(f"{label} was asked too much{code}. Ask again {when}, and less often.", for_good=True)
    if status and status >= 500:
        return NoAnswerError(f"{label} failed{code}. Try again later.")
    if isinstance(error, exc.GeocoderTimedOut):
        return NoAnswerError(f"{label} gave no answer within {timeout_s:g} s{code}. Try again, or wait longer.")
    if isinstance(error, exc.GeocoderUnavailable):
        return NoAnswerError(f"{label} cannot be reached. Check the network and the service's address.")
    if isinstance(error, exc.GeocoderQueryError) or status:
        return NoAnswerError(f"{label} does not take this name{code}. Write it otherwise.")
    return NoAnswerError(f"{label} answered what cannot be read ({type(error).__name__}). Try another service.")


def check_user_agent(user_agent: str) -> str:
    """Refuse a name that does not tell a service who asks.

    Args:
        user_agent: The user's own name for what they do, best with a way to reach them.

    Returns:
        The same, without blanks around it.

    Raises:
        OnlineError: It is empty, stands for everybody, or cannot be sent.
    """
    user_agent = (user_agent or "").strip()
    why = f"The services ask who uses them and block whoever does not say ({_POLICY})."
    do = "Name your own project and how to reach you, as 'harbour-study (ann@uni.edu)'."
    if not user_agent:
        raise OnlineError(f"No user agent is given. {why} {do}")
    common = next((name for name in _NOBODYS_NAMES if name in user_agent.casefold()), None)
    if common:
        raise OnlineError(f"The user agent {user_agent!r} holds {common!r}, which names nobody. {why} {do}")
    if not (user_agent.isascii() and user_agent.isprintable()):
        raise OnlineError(f"The user agent {user_agent!r} cannot be sent. Write it in plain ASCII letters.")
    return user_agent


def ready(geocoder: Any, *, user_agent: str, min_delay_s: float, timeout_s: float) -> Service:
    """Make a geocoder ready to be asked.

    Args:
        geocoder: A geocoder of geopy's, its class, or its short name such as `nominatim`; one that needs a key has to
            be handed over as an object. The object itself is not changed.
        user_agent: The user's own user agent; it replaces the geocoder's.
        min_delay_s: Time between two requests, in seconds.
        timeout_s: How long to wait for an answer, in seconds.

    Returns:
        The service.

    Raises:
        OnlineError: There is no such geocoder, it cannot be made without a key, or the delay is too short for it.
    """
    asking = _made(geocoder, user_agent)
    if isinstance(getattr(asking, "adapter", None), BaseAsyncAdapter):
        raise OnlineError(f"{_short(asking)} is asynchronous. Make it with geopy's default adapter.")
    domain = str(getattr(asking, "domain", ""))
    if domain == _PUBLIC_NOMINATIM and min_delay_s < _NOMINATIM_DELAY_S:
        raise OnlineError(f"{min_delay_s:g} s is too short: {_PUBLIC_NOMINATIM} allows one request a second. Take 1.")
    usual = inspect.signature(type(asking)).parameters.get("domain")
    label = _short(asking) if not domain or (usual and usual.default == domain) else f"{_short(asking)}@{domain}"
    limited = RateLimiter(
        asking.geocode,
        min_delay_seconds=min_delay_s,
        max_retries=0,
        error_wait_seconds=min_delay_s,
        swallow_exceptions=False,
    )
    options = frozenset(inspect.signature(asking.geocode).parameters)
    return Service(_short(asking), label, limited, options, timeout_s)


def _made(geocoder: Any, user_agent: str) -> Any:
    if isinstance(geocoder, str):
        try:
            geocoder = get_geocoder_for_service(geocoder)
        except exc.GeocoderNotFound as error:
            known = ", ".join(sorted(geopy.geocoders.SERVICE_TO_GEOCODER))
            raise OnlineError(f"There is no online geocoder {geocoder!r}. Take one of {known}.") from error
    if isinstance(geocoder, type):
        try:
            geocoder = geocoder(user_agent=user_agent)
        except (TypeError, ValueError) as error:
            wrong = f"{geocoder.__name__} cannot be made from a user agent alone ({error})."
            raise OnlineError(f"{wrong} Make it yourself, with its key, and hand over the object.") from error
    if not callable(getattr(geocoder, "geocode", None)):
        raise OnlineError(f"{geocoder!r} is no geocoder. Give one of geopy.geocoders, its class or its name.")
    named = copy.copy(geocoder)
    named.headers = {**getattr(geocoder, "headers", {}), "User-Agent": user_agent}
    adapter: Any = type(getattr(geocoder, "adapter", None))
    if adapter is RequestsAdapter:
        # geopy's own would ask again three times at once where a service is slow, past the limit of one a second.
        named.adapter = adapter(proxies=geocoder.proxies, ssl_context=geocoder.ssl_context, max_retries=0)
    return named


def _short(geocoder: Any) -> str:
    return type(geocoder).__name__.lower()
