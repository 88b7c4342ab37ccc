"""HTTP: the system's trust, the environment's proxies, and patience with a server that asks for it.

No redirect is ever followed here: whoever asked decides where a credential may go.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from random import SystemRandom
from threading import Lock
from urllib.parse import unquote, urlsplit

from weighbridge import __version__
from weighbridge.errors import GateError
from weighbridge.outside.secret import Secret
from weighbridge.typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import ssl

    import urllib3

MIB = 1 << 20
BUSY = frozenset({429, 500, 502, 503, 504})
LONGEST_REST = 300.0  # seconds: a server that asks for more than this is not waited for
DICE = SystemRandom()
HEADER = re.compile(r"[\t -~\x80-\xff]*")  # what a value of one may hold
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Answer(NamedTuple):
    """What a server said. Header names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_html(self) -> bool:
        return "html" in self.headers.get("content-type", "")


class Door:
    """Connections to the outside, safe to use from several threads. `requests` and `received` count what they cost.

    `received` are the bytes of bodies as they came over the wire, repeated attempts included.
    """

    def __init__(self, *, attempts: int = 6, timeout: float = 60.0, rest: Callable[[float], None] = time.sleep) -> None:
        """`attempts` in all, for what may pass (busy servers, broken connections); `timeout` of each, in seconds."""
        self.attempts, self.timeout, self.rest = attempts, timeout, rest
        self.requests = self.received = 0
        self.pools: dict[str, urllib3.PoolManager] = {}
        self.lock = Lock()

    def ask(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        secrets: Mapping[str, Secret] | None = None,
        body: bytes | None = None,
        limit: int = 256 * MIB,
    ) -> Answer:
        """The server's final word, whatever its status; `GateError` when it gives none.

        `secrets` are headers that carry one: they are only ever sent encrypted, or to this machine. A body longer than
        `limit` is refused.
        """
        self.check(url, secrets)
        sent = {"User-Agent": f"weighbridge/{__version__}", **(headers or {})}
        fault = ""
        for attempt in range(self.attempts):
            if attempt:
                self.rest(self.pause(fault, attempt))
            answer, fault = self.attempt(method, url, sent, secrets or {}, body, limit)
            if answer and answer.status not in BUSY:
                return answer
            if answer:
                fault = answer.headers.get("retry-after", "")
                if attempt == self.attempts - 1:
                    return answer
        raise GateError(f"{place(url)} gave no answer: {fault}", hint="check the network and its proxy, and run again")

    def attempt(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        secrets: Mapping[str, Secret],
        body: bytes | None,
        limit: int,
    ) -> tuple[Answer | None, str]:
        """The answer, or why there is none."""
        from urllib3.exceptions import HTTPError

        with self.lock:
            self.requests += 1
        try:
            response = self.pool(url).request(
                method,
                url,
                body=body,
                headers={**headers, **{name: secret.reveal() for name, secret in secrets.items()}},
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=self.timeout,
            )
            try:
                content = self.content(response, url, limit)
            finally:
                response.release_conn()
        except HTTPError as error:
            return None, reason(error)
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, content), ""

    def content(self, response: urllib3.BaseHTTPResponse, url: str, limit: int) -> bytes:
        pieces, held = [], 0
        try:
            for piece in response.stream(MIB, decode_content=True):
                held += len(piece)
                if held > limit:
                    response.close()
                    message = f"{place(url)} sent more than {limit} bytes"
                    raise GateError(message, hint="this is not what was asked for: check the address and the proxy")
                pieces.append(piece)
        finally:
            with self.lock:
                self.received += response.tell()
        return b"".join(pieces)

    def pause(self, asked: str, attempt: int) -> float:
        """How long to rest: as long as the server asked, or longer each time, never in step with others."""
        seconds = retry_after(asked)
        if seconds is None:
            return min(30.0, 0.5 * 2.0**attempt) * DICE.uniform(0.5, 1.0)
        if seconds > LONGEST_REST:
            raise GateError(
                f"the server asks to be left alone for {seconds:.0f} seconds",
                hint="run again later, or in smaller shares",
            )
        return seconds + DICE.uniform(0.0, 0.25)

    def check(self, url: str, secrets: Mapping[str, Secret] | None) -> None:
        """An address that is one, and credentials that can travel to it and may."""
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError:
            raise GateError("what is to be asked is no address", hint="check the addresses that were given") from None
        if named := [name for name, secret in (secrets or {}).items() if not HEADER.fullmatch(secret.reveal())]:
            message = f"{named[0]} is not sent: the credential holds letters or line breaks that no header can"
            raise GateError(message, hint="copy it anew into the variable that holds it")
        if parts.scheme == "https" or (parts.scheme == "http" and (not secrets or parts.hostname in LOOPBACK)):
            return
        raise GateError(f"{place(url)} is not asked: a credential travels encrypted or not at all", hint="use https")

    def pool(self, url: str) -> urllib3.PoolManager:
        """The pool for this address: one for each proxy that the environment names."""
        proxy = proxy_for(url)
        with self.lock:
            if proxy not in self.pools:
                self.pools[proxy] = pool_through(proxy)
            return self.pools[proxy]

    def close(self) -> None:
        for pool in self.pools.values():
            pool.clear()


def pool_through(proxy: str) -> urllib3.PoolManager:
    import urllib3

    if not proxy:
        return urllib3.PoolManager(maxsize=8, ssl_context=trust())
    parts = urlsplit(proxy)
    headers = {}
    if parts.username:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers = urllib3.make_headers(proxy_basic_auth=login)
    bare = f"{parts.scheme}://{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    return urllib3.ProxyManager(bare, maxsize=8, proxy_headers=headers, ssl_context=trust())


def trust() -> ssl.SSLContext:
    """The certificates that the system trusts, or the file that the environment names."""
    import ssl

    named = os.environ.get("SSL_CERT_FILE") or os.environ.get("REQUESTS_CA_BUNDLE")
    if named:
        try:
            return ssl.create_default_context(cafile=named)
        except OSError as error:
            message = f"cannot read the certificates in {named}: {error.strerror}"
            raise GateError(message, hint="mend SSL_CERT_FILE or REQUESTS_CA_BUNDLE") from None
    import truststore

    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def proxy_for(url: str) -> str:
    from urllib.request import getproxies, proxy_bypass

    parts = urlsplit(url)
    proxy = getproxies().get(parts.scheme, "")
    if not proxy or parts.hostname in LOOPBACK or proxy_bypass(parts.hostname or ""):
        return ""
    return proxy if "://" in proxy else f"http://{proxy}"


def retry_after(text: str) -> float | None:
    """Seconds, from a number of them or a date; None where neither stands."""
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, TypeError):
        return None


def place(url: str) -> str:
    """An address as it may be shown: no query, for a signature may stand there, and no login."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}"


def reason(error: Exception) -> str:
    """What went wrong, without the address: it may hold a signature."""
    cause = error.__cause__ or getattr(error, "reason", None) or error
    return type(cause if isinstance(cause, Exception) else error).__name__
