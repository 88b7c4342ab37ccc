"""Who asks: a personal access token, the pipeline's own token, or an Entra identity, found in the environment."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from importlib import import_module
from urllib.parse import SplitResult, unquote, urlsplit

from weighbridge.errors import GateError
from weighbridge.outside.http import LOOPBACK
from weighbridge.outside.secret import Secret
from weighbridge.typed import NamedTuple

SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"  # Azure DevOps, to Entra
OLD = ".visualstudio.com"
PLAIN = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::\d+)?(?:/[^\\\s?#]*)?")
STEP = re.compile(r"/(?:\.|%2e){1,2}(?:/|$)", re.IGNORECASE)
UNIT = re.compile(r"vsblobprod\w+\.vsblob\.visualstudio\.com")  # the blob store's own hosts, which many share ...
OWNER = re.compile(r"a[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # ... each under its organisation's id
SHORTEST = 12  # characters of a token that can be told from other words
CONNECTION = ("AZURE_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
ADVICE = "set AZURE_DEVOPS_EXT_PAT to a token with Packaging: read (in a pipeline: map $(System.AccessToken) to it)"


class Credential(NamedTuple):
    """What is sent to the organisation's own hosts. `token` is the bare secret, for a program that asks for it.

    `renew` makes another, where this one lasts shorter than a feed takes to be weighed.
    """

    header: Secret
    token: Secret
    origin: str
    renew: Callable[[], Credential | None] | None = None

    @property
    def spellings(self) -> tuple[str, ...]:
        """All texts that would give it away."""
        texts = (self.token.reveal(), self.header.reveal().partition(" ")[2])
        return tuple(text for text in dict.fromkeys(texts) if len(text) >= SHORTEST)

    def struck(self, text: str) -> str:
        """The text without it."""
        for spelling in self.spellings:
            text = text.replace(spelling, "***")
        return text


def found(environment: Mapping[str, str]) -> Credential | None:
    """The credential that the environment holds; None asks as anybody may (public feeds answer)."""
    for name, made in (("AZURE_DEVOPS_TOKEN", bearer), ("AZURE_DEVOPS_EXT_PAT", basic), ("SYSTEM_ACCESSTOKEN", bearer)):
        text = environment.get(name, "").strip()
        if text and not text.startswith("$("):  # the name of a pipeline's variable that nobody set
            return made(readable(text, name), name)
    return identity(environment)


def readable(text: str, name: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise GateError(f"{name} holds what is no token", hint="set it anew, without spaces or line breaks in it")
    return text


def basic(text: str, origin: str) -> Credential:
    return Credential(Secret("Basic " + b64encode(f":{text}".encode()).decode()), Secret(text), origin)


def bearer(text: str, origin: str) -> Credential:
    return Credential(Secret(f"Bearer {text}"), Secret(text), origin)


def identity(environment: Mapping[str, str]) -> Credential | None:
    """An Entra token through azure-identity (the extra `azure`), where an identity is named in the environment.

    In a pipeline that is a service connection with workload identity federation, which needs no secret at all.
    """
    if not {"AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE", "MSI_ENDPOINT", "IDENTITY_ENDPOINT"} & set(environment):
        return None
    try:
        library = import_module("azure.identity")
    except ImportError:
        hint = "install it (pip install azure-identity), or " + ADVICE
        raise GateError("an Entra identity is named, but azure-identity is not installed", hint=hint) from None
    connection = next(filter(None, map(environment.get, CONNECTION)), None)
    try:
        if connection and environment.get("SYSTEM_OIDCREQUESTURI"):
            asked = library.AzurePipelinesCredential(
                tenant_id=environment.get("AZURE_TENANT_ID", ""),
                client_id=environment.get("AZURE_CLIENT_ID", ""),
                service_connection_id=connection,
                system_access_token=environment.get("SYSTEM_ACCESSTOKEN", ""),
            )
        else:
            asked = library.DefaultAzureCredential()
        made = bearer(readable(asked.get_token(SCOPE).token, "azure-identity"), "azure-identity")
    except Exception as error:  # of many kinds, and their texts may hold what was sent
        hint = "check the service connection, and that its identity may read the feed"
        raise GateError(f"Entra gave no token: {type(error).__name__}", hint=hint) from None
    return made._replace(renew=lambda: identity(environment))


def may_be_sent(url: str, organisation: str) -> bool:
    """Whether `url` is the organisation's own: below its URL, or one of its hosts in Azure DevOps Services.

    What two readers of URLs could read in two ways (a login, a backslash, a step upwards) is nobody's.
    """
    if not PLAIN.fullmatch(url) or not PLAIN.fullmatch(organisation) or STEP.search(url):
        return False
    try:
        asked, home = urlsplit(url), urlsplit(organisation)
        same = (asked.scheme, asked.hostname, asked.port) == (home.scheme, home.hostname, home.port)
    except ValueError:
        return False
    if same:
        return f"{asked.path}/".lower().startswith(f"{home.path.rstrip('/')}/".lower())
    name = name_of(home)
    return bool(name and asked.scheme == "https" and asked.port in (None, 443)) and serves(asked, name)


def serves(asked: SplitResult, name: str) -> bool:
    """Whether a host of Azure DevOps Services answers for the organisation of that name, and for no other."""
    host, first = asked.hostname or "", unquote(asked.path).lower().split("/")[1:2]
    if UNIT.fullmatch(host):
        return bool(first and OWNER.fullmatch(first[0]))
    if re.fullmatch(r"(\w+\.)?dev\.azure\.com", host):
        return first == [name]
    return bool(re.fullmatch(rf"{re.escape(name)}\.(\w+\.)?visualstudio\.com", host))


def name_of(home: SplitResult) -> str:
    """The organisation's name, where it is at Azure DevOps Services."""
    host = home.hostname or ""
    if host == "dev.azure.com":
        return unquote(home.path).strip("/").lower()
    return host.removesuffix(OLD) if host.endswith(OLD) and host.count(".") == 2 else ""


def is_service(organisation: str) -> bool:
    """Whether an organisation is one of Azure DevOps Services, where all feeds of packages are, or on this machine."""
    home = urlsplit(organisation)
    return bool(PLAIN.fullmatch(organisation)) and (bool(name_of(home)) or home.hostname in LOOPBACK)


def here() -> Credential | None:
    return found(os.environ)
