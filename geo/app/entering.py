"""Who may come in: where Streamlit's secrets have `[auth]`, nobody sees a dossier before signing in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError

from geo.app.words import literally
from geo.app.workspaces import signed_in

AUTH, ALLOWED = "auth", "allowed"
_HERE = Path(__file__).parent
_keep_view = st.components.v2.component("rutter_entering", js=(_HERE / "entering.js").read_text(encoding="utf-8"))


def entered() -> bool:
    """Ask whoever comes to sign in, where the secrets say so.

    Returns:
        Whether the page may go on; if not, it holds nothing but the way in.
    """
    try:
        auth = _auth()
    except ValueError as error:
        _way_in(str(error))
        return False
    if auth is None:
        return True
    if not st.user.get("is_logged_in"):
        _way_in(None, *_providers(auth))
    elif not may_enter(st.user.to_dict(), auth.get(ALLOWED)):
        _way_in(f"{signed_in() or 'This account'} may not see this dossier. Ask who looks after this server.")
    else:
        _keep_view(key="entering", data={"inside": True}, height="content")
        return True
    return False


def show_person() -> None:
    """Say at the side who is signed in, and offer to sign out."""
    if name := signed_in():
        with st.sidebar.container(horizontal=True, vertical_alignment="center", key="person"):
            st.html(f'<span class="rutter-person">{escape(name)}</span>')
            _sign_out()


def may_enter(person: Mapping[str, Any], allowed: object) -> bool:
    """Tell whether somebody who signed in is among those who may come in.

    Args:
        person: What the provider says of them: `email`, `email_verified`.
        allowed: E-mail addresses and domains, `ann@example.org` and `example.org`; everybody when None.

    Returns:
        Whether they are. An address that the provider has not verified is nobody's.
    """
    if allowed is None:
        return True
    listed = [allowed] if isinstance(allowed, str) else allowed if isinstance(allowed, list | tuple) else []
    address = str(person.get("email") or "").casefold()
    if "@" not in address or person.get("email_verified", True) not in (True, "true"):
        return False
    known = {str(entry).strip().casefold().removeprefix("@") for entry in listed}
    return bool(known & {address, address.rpartition("@")[2]})


def _auth() -> Mapping[str, Any] | None:
    """The section of the secrets; a file of secrets that cannot be read keeps everybody out."""
    if st.secrets.load_if_toml_exists():
        auth: Mapping[str, Any] | None = st.secrets.get(AUTH)
        return auth
    if any(Path(file).exists() for file in st.get_option("secrets.files")):
        raise ValueError("The server's secrets.toml cannot be read, so nobody can sign in. Mend it and start again.")
    return None


def _providers(auth: Mapping[str, Any]) -> list[str | None]:
    named: list[str | None] = [
        str(name) for name, section in auth.items() if isinstance(section, Mapping) and section.get("client_id")
    ]
    return named if named and not auth.get("client_id") else [None]


def _way_in(refused: str | None, *providers: str | None) -> None:
    _keep_view(key="entering", data={"inside": False}, height="content")
    st.title("Rutter", anchor=False)
    if refused:
        st.error(literally(refused), icon=":material/lock:")
        if st.user.get("is_logged_in"):
            _sign_out()
        return
    st.write("Sign in to see this dossier. Changes are made in your name.")
    for provider in providers:
        label = f"Sign in with {provider}" if len(providers) > 1 else "Sign in"
        if st.button(label, type="primary", key=f"sign-in-{provider or ''}"):
            _try(lambda provider=provider: st.login(provider))  # type: ignore[misc]


def _sign_out() -> None:
    st.button("Sign out", key="sign-out", on_click=st.logout)


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except StreamlitAuthError as error:
        st.error(f"Signing in does not work on this server: {literally(str(error))}", icon=":material/lock:")
