"""The parts of the feed's reader, each by itself: addresses, credentials, hashes, compression, nodes, archives."""

import random
import struct
import sys
import types
from contextlib import suppress

import pytest

from tests.builders.dedup import CHUNK, Stored, compress, node
from tests.stand_ins.azure_devops import PAT
from weighbridge.errors import GateError
from weighbridge.outside.http import Door
from weighbridge.sources.azure_artifacts import chunk
from weighbridge.sources.azure_artifacts.address import parse
from weighbridge.sources.azure_artifacts.credentials import found, may_be_sent
from weighbridge.sources.azure_artifacts.node import parse as parse_node
from weighbridge.sources.azure_artifacts.service import Service
from weighbridge.sources.azure_artifacts.surprise import Corrupt, Surprise
from weighbridge.sources.azure_artifacts.versions import Version

HOME = "https://dev.azure.com/contoso"
OLD_HOME = "https://contoso.visualstudio.com"
UNIT = "A1b2c3d4e-0000-1111-2222-333344445555"
ADDRESSES = {
    "contoso/ml/models": (HOME, "ml", "models", "", "", ""),
    "contoso/My Project/models@Release": (HOME, "My Project", "models", "Release", "", ""),
    "contoso/My%20Project/models/bert@1.*": (HOME, "My Project", "models", "", "bert", "1.*"),
    "contoso//models/Bert": (HOME, "", "models", "", "bert", ""),
    "contoso/models": (HOME, "", "models", "", "", ""),
    "contoso/models@Release/bert": (HOME, "", "models", "Release", "bert", ""),
    "https://dev.azure.com/contoso/ml/models": (HOME, "ml", "models", "", "", ""),
    "https:%2F%2Fdev.azure.com%2Fcontoso/ml/models/": (HOME, "ml", "models", "", "", ""),
    "https%3A%2F%2Fdev.azure.com%2Fcontoso%2F/ml/models": (HOME, "ml", "models", "", "", ""),
    "https://contoso.visualstudio.com/ml/models": ("https://contoso.visualstudio.com", "ml", "models", "", "", ""),
    "https://contoso.visualstudio.com/DefaultCollection/ml/models": (
        "https://contoso.visualstudio.com/DefaultCollection", "ml", "models", "", "", "",
    ),
    "http://127.0.0.1:8080/contoso/ml/models": ("http://127.0.0.1:8080/contoso", "ml", "models", "", "", ""),
    "https://server/tfs/Main/ml/models": ("https://server/tfs/Main", "ml", "models", "", "", ""),
    "https:%2F%2Fserver%2Fa%2FMain/ml/models": ("https://server/a/Main", "ml", "models", "", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("text", ADDRESSES)
def test_address_is_read(text):
    """An organisation by name or URL, a project or none, a view, a package, a version."""
    assert tuple(parse(text)) == ADDRESSES[text]


@pytest.mark.parametrize("text", ADDRESSES)
def test_address_that_is_shown_is_read_the_same(text):
    """What a report shows can be given back."""
    address = parse(text)
    assert parse(address.shown.removeprefix("azure-artifacts:")) == address


@pytest.mark.parametrize(
    "text",
    ["", "contoso", "contoso/", "a/b/c/d/e", "a/b/@Release", "a/b/c@", "a/b/c/d@", "a/b/c/@1.0", "/b/c", "https://"],
)
def test_text_that_is_no_address_is_an_error(text):
    """With the grammar as advice."""
    with pytest.raises(GateError) as raised:
        parse(text)
    assert "ORG/PROJECT/FEED" in raised.value.hint


@pytest.mark.parametrize("text", [f"https://u:{PAT}@dev.azure.com/o/p/f", f"https:%2F%2F{PAT}@dev.azure.com%2Fo/p/f"])
def test_login_in_an_address_is_refused_and_not_repeated(text):
    """A credential does not belong into an address, where every log would show it."""
    with pytest.raises(GateError) as raised:
        parse(text)
    assert PAT not in raised.value.message + raised.value.hint


def test_credentials_are_taken_in_order():
    """Entra's token, then the PAT, then the pipeline's own; what nobody set is not taken for one."""
    environment = {"SYSTEM_ACCESSTOKEN": "job", "AZURE_DEVOPS_EXT_PAT": "pat", "AZURE_DEVOPS_TOKEN": "entra"}
    for name, header in (
        ("AZURE_DEVOPS_TOKEN", "Bearer entra"),
        ("AZURE_DEVOPS_EXT_PAT", "Basic OnBhdA=="),
        ("SYSTEM_ACCESSTOKEN", "Bearer job"),
    ):
        credential = found(environment)
        assert (credential.origin, credential.header.reveal()) == (name, header)
        environment[name] = "$(System.AccessToken)"
    assert found(environment) is None
    assert "pat" not in repr(found({"AZURE_DEVOPS_EXT_PAT": "pat"}))


def test_token_with_a_line_break_is_refused():
    """What would split a header is no token, and is not repeated."""
    with pytest.raises(GateError) as raised:
        found({"AZURE_DEVOPS_EXT_PAT": "secret\r\nX-Evil: 1"})
    assert "secret" not in raised.value.message + raised.value.hint


class Identity:
    """azure-identity, played."""

    asked: dict = {}  # noqa: RUF012

    def __init__(self, **arguments):
        Identity.asked = arguments

    def get_token(self, scope):
        assert scope.startswith("499b84ac-1321-427f-aa17-267ca6975798")
        return types.SimpleNamespace(token="from-entra")


def test_workload_identity_needs_no_secret(monkeypatch):
    """A service connection of the pipeline gives a token through azure-identity."""
    library = types.ModuleType("azure.identity")
    library.AzurePipelinesCredential = library.DefaultAzureCredential = Identity
    monkeypatch.setitem(sys.modules, "azure", types.ModuleType("azure"))
    monkeypatch.setitem(sys.modules, "azure.identity", library)
    environment = {"AZURE_CLIENT_ID": "c", "AZURE_TENANT_ID": "t", "AZURE_SERVICE_CONNECTION_ID": "s",
                   "SYSTEM_OIDCREQUESTURI": "https://x", "SYSTEM_ACCESSTOKEN": "$(System.AccessToken)"}  # fmt: skip

    assert found(environment).header.reveal() == "Bearer from-entra"
    assert Identity.asked["service_connection_id"] == "s"


def test_token_that_runs_out_on_the_way_is_renewed(organisation, monkeypatch):
    """Entra's tokens last an hour, and a feed may take longer: what is refused is asked again with a new one, once."""
    tokens = iter(["first-token-of-entra", "second-token-of-entra", "third-token-of-entra"])
    library = types.ModuleType("azure.identity")
    entra = types.SimpleNamespace(get_token=lambda scope: types.SimpleNamespace(token=next(tokens)))
    library.DefaultAzureCredential = lambda: entra
    monkeypatch.setitem(sys.modules, "azure", types.ModuleType("azure"))
    monkeypatch.setitem(sys.modules, "azure.identity", library)
    organisation.authorised = {"Bearer first-token-of-entra"}
    service = Service(organisation.url, found({"AZURE_CLIENT_ID": "c"}), Door())
    assert service.host("packaging")

    organisation.authorised = {"Bearer second-token-of-entra"}
    assert service.ask("GET", f"{organisation.url}/_apis/ResourceAreas", what="it").value

    organisation.authorised = set()
    with pytest.raises(GateError, match="refused the credential in azure-identity"):
        service.ask("GET", f"{organisation.url}/_apis/ResourceAreas", what="it")


def test_identity_that_cannot_be_asked_is_an_error_with_advice(monkeypatch):
    """A missing extra is named."""
    monkeypatch.setitem(sys.modules, "azure.identity", None)
    with pytest.raises(GateError, match="not installed") as raised:
        found({"AZURE_CLIENT_ID": "c"})
    assert "pip install azure-identity" in raised.value.hint


@pytest.mark.parametrize(
    ("url", "organisation", "allowed"),
    [
        ("https://feeds.dev.azure.com/contoso", HOME, True),
        ("https://vsblob.dev.azure.com/Contoso/_apis/dedup/urls", HOME, True),
        ("https://contoso.vsblob.visualstudio.com/_apis", HOME, True),
        ("https://pkgs.dev.azure.com/contoso/", OLD_HOME, True),
        ("https://contoso.pkgs.visualstudio.com/", OLD_HOME, True),
        (f"https://vsblobprodscus6.vsblob.visualstudio.com/{UNIT}/_apis/dedup/urls", HOME, True),
        ("https://server/tfs/Main/_apis", "https://server/tfs/Main", True),
        ("http://127.0.0.1:8080/contoso/x", "http://127.0.0.1:8080/contoso", True),
        # another organisation
        ("https://dev.azure.com/evil/_apis", HOME, False),
        ("https://dev.azure.com/contoso2/_apis", HOME, False),
        ("https://feeds.dev.azure.com/evil/contoso", HOME, False),
        ("https://feeds.dev.azure.com/", HOME, False),
        ("https://evil.visualstudio.com/contoso", HOME, False),
        ("https://evil.vsblob.visualstudio.com/contoso", HOME, False),
        ("https://vsblobprodscus6.vsblob.visualstudio.com/contoso", HOME, False),
        ("https://evil.contoso.visualstudio.com/", OLD_HOME, False),
        ("https://server/tfs/Other/_apis", "https://server/tfs/Main", False),
        ("https://server/tfs/MainOther", "https://server/tfs/Main", False),
        # a host that looks alike
        ("https://dev.azure.com.evil.example/contoso", HOME, False),
        ("https://evildev.azure.com/contoso", HOME, False),
        ("https://contoso@evil.example/contoso", HOME, False),
        ("https://dev.azure.com@evil.example/contoso", HOME, False),
        ("https://dev.azure.com:x@evil.example/contoso", HOME, False),
        ("https://user@dev.azure.com/contoso", HOME, False),
        ("https://evil.example\\@dev.azure.com/contoso", HOME, False),
        ("https://dev.azure.com\\.evil.example/contoso", HOME, False),
        ("https://evil.example#@dev.azure.com/contoso", HOME, False),
        ("https://evil.example?@dev.azure.com/contoso", HOME, False),
        ("https://dev.azure.com /contoso", HOME, False),
        ("https://feeds.evil.dev.azure.com/contoso", HOME, False),
        ("https://account.blob.core.windows.net/contoso", HOME, False),
        # another way there
        ("http://feeds.dev.azure.com/contoso", HOME, False),
        ("http://dev.azure.com/contoso", HOME, False),
        ("https://dev.azure.com:8443/contoso", HOME, False),
        ("https://dev.azure.com/contoso/../evil/_apis", HOME, False),
        ("https://dev.azure.com/contoso/%2e%2E/evil/_apis", HOME, False),
        ("http://127.0.0.1:9090/contoso", "http://127.0.0.1:8080/contoso", False),
        ("ftp://dev.azure.com/contoso", HOME, False),
        ("//dev.azure.com/contoso", HOME, False),
        ("", HOME, False),
        ("https://feeds.dev.azure.com/contoso", "https://server/tfs/Main", False),
    ],
)
def test_credential_goes_to_the_organisation_alone(url, organisation, allowed):
    """Its own host, and the hosts of Azure DevOps Services for an organisation that is there."""
    assert may_be_sent(url, organisation) is allowed


@pytest.mark.parametrize(
    ("organisation", "feeds"),
    [
        (HOME, "https://feeds.dev.azure.com/contoso"),
        ("https://contoso.visualstudio.com", "https://contoso.feeds.visualstudio.com"),
    ],
)
def test_services_are_where_they_usually_are(organisation, feeds):
    """What an organisation does not tell of its services is known of Azure DevOps Services."""
    service = Service(organisation, None, Door())

    assert service.usual()["packaging"] == feeds
    assert all(may_be_sent(url, organisation) for url in service.usual().values())
    assert not Service("https://server/tfs/Main", None, Door()).usual()


def test_compressed_chunks_are_told_from_raw_by_their_hash():
    """Text, zeros, noise and long matches; whatever is neither is an error."""
    dice = random.Random(7)
    for data in (b"", b"a", bytes(CHUNK), b"the quick brown fox " * 999, dice.randbytes(3000), bytes(280) + b"x" * 281,
                 dice.randbytes(600) + bytes(70_000)):  # fmt: skip
        id = chunk.name_of(data, "01")
        assert chunk.plain(data, id) == chunk.plain(compress(data), id) == data
        if data:
            with pytest.raises(Corrupt):
                chunk.plain(compress(data)[:-1] + b"?" * 9, id)


def test_compressed_bomb_is_bounded():
    """A few bytes that stand for gigabytes are refused before they are made."""
    bomb = struct.pack("<I", 0x7FFFFFFF) + b"a" + struct.pack("<HBBHI", 7, 15, 255, 0, 1 << 31)

    with pytest.raises(ValueError, match="out of the data"):
        chunk.inflate(bomb, chunk.LARGEST)


def test_compressed_noise_never_breaks_the_reader():
    """Whatever the bytes, the answer is bytes or that they are none."""
    dice = random.Random(11)
    for _ in range(3000):
        data = bytearray(compress(dice.randbytes(40) + bytes(50))) if dice.random() < 0.5 else dice.randbytes(60)
        damaged = bytes(byte ^ (dice.random() < 0.02) << dice.randrange(8) for byte in data)
        with suppress(ValueError):
            assert len(chunk.inflate(damaged, 4096)) <= 4096


NODES = {
    "empty": b"",
    "version": node([Stored("00" * 32 + "01", 5)], version=1),
    "short": node([Stored("00" * 32 + "01", 5)])[:-1],
    "long": node([Stored("00" * 32 + "01", 5)]) + b"\0",
    "kind": node([Stored("00" * 32 + "01", 5)])[:4] + b"\2" + bytes(35),
    "crowd": struct.pack("<HH", 0, 512) + 513 * bytes(36),
}


@pytest.mark.parametrize("name", NODES)
def test_node_that_breaks_its_grammar_is_a_surprise(name):
    """No part of a node is guessed at."""
    with pytest.raises(Surprise):
        parse_node(NODES[name])


def test_node_of_chunks_and_nodes_is_read():
    """Both kinds of children, with the sizes that each may have."""
    children = [Stored("ab" * 32 + "01", 0xFFFFFF), Stored("cd" * 32 + "02", (1 << 56) - 1 - 0xFFFFFF)]

    read = parse_node(node(children))

    assert read.ids == tuple(child.id.upper() for child in children)
    assert read.stops == (0xFFFFFF, (1 << 56) - 1)


@pytest.mark.parametrize("text", ["", "zz" * 33, "00" * 32 + "03", "00" * 33 + "01", None, 7])
def test_identifier_that_is_none_is_a_surprise(text):
    """What is no hash is not put into a URL."""
    with pytest.raises(Surprise):
        chunk.identifier(text)


def test_versions_are_ordered_as_semantic_versioning_does():
    """Numbers by value, previews before their release, words after numbers."""
    ordered = "1.0.0-1 1.0.0-alpha 1.0.0-alpha.1 1.0.0-alpha.beta 1.0.0-beta.2 1.0.0-beta.11 1.0.0 1.2.0 1.10.0".split()

    assert sorted(ordered, key=lambda number: Version("p", number).order) == ordered
