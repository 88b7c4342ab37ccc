"""Who asks: a personal access token, the pipeline's own token, or an Entra identity, found in the environment."""

from __future__ import annotations

import os
from base64 import b64encode
from collections.abc import Mapping
from importlib import import_module
from typing import NamedTuple
from urllib.parse import urlsplit

from weighbridge.errors import GateError
from weighbridge.outside.secret import Secret

SCOPE = "499b84ac-1321-427f-aa17-267ca6975798/.default"  # Azure DevOps, to Entra
OURS = ("dev.azure.com", "visualstudio.com")
CONNECTION = ("AZURE_SERVICE_CONNECTION_ID", "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID")
ADVICE = "set AZURE_DEVOPS_EXT_PAT to a token with Packaging: read (in a pipeline: map $(System.AccessToken) to it)"


class Credential(NamedTuple):
    """What is sent to the organisation's own hosts. `token` is the bare secret, for a program that asks for it."""

    header: Secret
    token: Secret
    origin: str


def found(environment: Mapping[str, str]) -> Credential | None:
    """The credential that the environment holds; None asks as anybody may (public feeds answer)."""
    for name, made in (("AZURE_DEVOPS_TOKEN", bearer), ("AZURE_DEVOPS_EXT_PAT", basic), ("SYSTEM_ACCESSTOKEN", bearer)):
        text = environment.get(name, "").strip()
        if text and not text.startswith(
            "$("
        ):  # a pipeline's variable that nobody set arrives as the text that names it
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
        hint = 'install it (pip install "weighbridge[azure]"), or ' + ADVICE
        raise GateError("an Entra identity is named, but azure-identity is not installed", hint=hint) from None
    connection = environment.get("AZURE_SERVICE_CONNECTION_ID") or environment.get(
        "AZURESUBSCRIPTION_SERVICE_CONNECTION_ID"
    )
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
        return bearer(asked.get_token(SCOPE).token, "azure-identity")
    except Exception as error:  # of many kinds, and their texts may hold what was sent
        hint = "check the service connection, and that its identity may read the feed"
        raise GateError(f"Entra gave no token: {type(error).__name__}", hint=hint) from None


def may_be_sent(url: str, organisation: str) -> bool:
    """Whether the host of `url` is the organisation's own: its URL's host, or one of Azure DevOps Services."""
    try:
        host, home = (urlsplit(text).hostname or "" for text in (url, organisation))
    except ValueError:
        return False
    if host == home:
        return True
    at_services = any(home == known or home.endswith("." + known) for known in OURS)
    return at_services and urlsplit(url).scheme == "https" and any(host.endswith("." + known) for known in OURS)


def here() -> Credential | None:
    return found(os.environ)
