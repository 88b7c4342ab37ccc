"""What is on the stack and in the memo is what the unpickler has there, however the opcodes get it there."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import called, evil, framed, pickle_of, text
from weighbridge.policy.verdict import EvalOutcome

P4 = "PROTO 4"
OS, SYSTEM, ECHO = text("posix"), text("system"), text("echo")
CALL = (ECHO, "TUPLE1", "REDUCE")
SYSTEM_CALLED = (OS, SYSTEM, "STACK_GLOBAL", *CALL)
ROT13 = (text("_codecs"), text("decode"), "STACK_GLOBAL", text("cbfvk"), text("rot13"), "TUPLE2", "REDUCE")

HOW = {
    "REDUCE, then POP": (*SYSTEM_CALLED, "POP", "NONE"),
    "REDUCE, then POP_MARK": ("MARK", *SYSTEM_CALLED, "POP_MARK", "NONE"),
    "OBJ, then POP (GHSA-mxhj-88fx-4pcv)": ("MARK", OS, SYSTEM, "STACK_GLOBAL", ECHO, "OBJ", "POP", "NONE"),
    "NEWOBJ": (OS, SYSTEM, "STACK_GLOBAL", ECHO, "TUPLE1", "NEWOBJ"),
    "NEWOBJ_EX": (OS, SYSTEM, "STACK_GLOBAL", ECHO, "TUPLE1", "EMPTY_DICT", "NEWOBJ_EX"),
    "INST below OBJ": ("MARK", "UNICODE echo", "INST posix system"),
    "REDUCE, then BUILD": (*SYSTEM_CALLED, "EMPTY_DICT", "BUILD"),
    "names from the memo (BINGET)": (OS, "BINPUT 0", "POP", SYSTEM, "BINPUT 1", "POP", "BINGET 0", "BINGET 1",
                                     "STACK_GLOBAL", *CALL),
    "names from the memo (text)": (OS, "PUT 7", "POP", SYSTEM, "PUT 8", "POP", "GET 7", "GET 8", "STACK_GLOBAL", *CALL),
    "names from the memo (LONG_BINPUT)": (OS, "LONG_BINPUT 70000", "POP", SYSTEM, "LONG_BINPUT 1", "POP",
                                          "LONG_BINGET 70000", "LONG_BINGET 1", "STACK_GLOBAL", *CALL),
    "MEMOIZE counts what BINPUT wrote": (text("math"), "BINPUT 1", "POP", OS, "MEMOIZE", "POP", "BINGET 1", "POP",
                                         "BINGET 1", SYSTEM, "STACK_GLOBAL", *CALL),
    "POP, then MEMOIZE": (OS, text("x"), "POP", "MEMOIZE", "POP", "BINGET 0", SYSTEM, "STACK_GLOBAL", *CALL),
    "a memo key set twice": (text("math"), "BINPUT 0", "POP", OS, "BINPUT 0", "POP", "BINGET 0", SYSTEM,
                             "STACK_GLOBAL", *CALL),
    "PUT of a tuple's place": (OS, "TUPLE1", "BINPUT 0", "POP", OS, SYSTEM, "STACK_GLOBAL", *CALL),
    "a number as memo key": ("INT 5", "PUT 0", "POP", OS, "PUT 5", "POP", "GET 5", SYSTEM, "STACK_GLOBAL", *CALL),
    "DUP": (OS, "DUP", "BINPUT 0", "POP", "POP", "BINGET 0", SYSTEM, "STACK_GLOBAL", *CALL),
    "MEMOIZE after DUP": (OS, "DUP", "MEMOIZE", "POP", SYSTEM, "STACK_GLOBAL", *CALL),
    "MARK and POP_MARK between": (OS, "MARK", text("noise"), "POP_MARK", SYSTEM, "STACK_GLOBAL", *CALL),
    "POP between": (OS, text("noise"), "POP", SYSTEM, text("noise"), "POP", "STACK_GLOBAL", *CALL),
    "decoys thrown away": (OS, SYSTEM, text("collections"), text("OrderedDict"), "STACK_GLOBAL", "POP", "STACK_GLOBAL",
                           *CALL),
    "SHORT_BINSTRING": (("SHORT_BINSTRING", "posix"), ("SHORT_BINSTRING", "system"), "STACK_GLOBAL", *CALL),
    "STRING": ("STRING 'posix'", "STRING 'system'", "STACK_GLOBAL", *CALL),
    "BINUNICODE8": (("BINUNICODE8", "posix"), ("BINUNICODE8", "system"), "STACK_GLOBAL", *CALL),
    "UNICODE with escapes": ("UNICODE \\u0070osix", "UNICODE s\\u0079stem", "STACK_GLOBAL", *CALL),
    "a frame between": (OS, framed(SYSTEM), "STACK_GLOBAL", *CALL),
    "a computed module (rot13)": (*ROT13, SYSTEM, "STACK_GLOBAL", *CALL),
    "a module out of a list": ("EMPTY_LIST", OS, "MEMOIZE", "APPEND", "POP", "BINGET 0", SYSTEM, "STACK_GLOBAL", *CALL),
}  # fmt: skip


@pytest.mark.parametrize("steps", HOW.values(), ids=HOW)
def test_call_is_seen_however_it_is_written(steps):
    """Every row calls posix.system, and no row says so in the order in which a reader of opcodes would look."""
    found = assert_blocked(weighed(pickle_of(P4, *steps, "STOP")))
    assert found.threat.code in ("PKL-100", "PKL-403")


@pytest.mark.parametrize("protocol", range(6))
def test_every_protocol(protocol):
    """0 to 5."""
    assert_blocked(weighed(evil(protocol)), "posix.system")


@pytest.mark.parametrize(
    ("number", "value"),
    [("INT", b"0x10"), ("INT", b"0o17"), ("INT", b"0b1"), ("INT", b" 5 "), ("INT", b"5\0"), ("LONG", b"0x10L"),
     ("LONG", b"1_0L"), ("FLOAT", b" 1.0 "), ("INT", b"01"), ("INT", b"00")],
)  # fmt: skip
def test_number_that_pickletools_refuses(number, value):
    """Parser differential: CPython reads INT and LONG with base 0; what follows is invisible to who does not."""
    data = pickle_of((number, value), "POP", *SYSTEM_CALLED, "STOP")
    assert_blocked(weighed(data), "posix.system")


@pytest.mark.parametrize(
    "argument",
    [b"'caf\xe9'", b"'\xff\xfe'", b"'a\0b'", b'"quoted"', b"'\\x70'"],
    ids=["latin", "bytes", "NUL", "double", "escape"],
)
def test_string_that_pickletools_refuses(argument):
    """E21, E22: what loads under encoding='latin1' (torch, numpy) is read."""
    assert_blocked(weighed(pickle_of(("STRING", argument), "POP", *SYSTEM_CALLED, "STOP")), "posix.system")


BREAKS = {
    "E12: a length with nothing behind it": b"X",
    "E13: an unknown opcode": b"\xff",
    "E14: a memo key that nobody set": b"h\x63",
    "E15: bytes for a name": pickle_of(("SHORT_BINBYTES", b"os"), SYSTEM, "STACK_GLOBAL"),
    "E16: a number for a name": pickle_of("BININT1 5", SYSTEM, "STACK_GLOBAL"),
    "E17: an unhashable name": pickle_of(("BYTEARRAY8", b"os"), SYSTEM, "STACK_GLOBAL"),
    "E25: a negative length": b"T\xff\xff\xff\xff",
    "stack underflow": b"000000000000",
    "a huge length": b"\x8d" + b"\xff" * 8,
    "a bad quote": b"S'unclosed\n",
    "no STOP": b"",
    "a frame beyond the end": b"\x95" + b"\xff" * 7 + b"\x00",
    "E30: a huge memo index": b"r\xff\xff\xff\xff",
    "E31: a number that is none": b"Fabc\n",
}


@pytest.mark.parametrize("tail", BREAKS.values(), ids=BREAKS)
def test_break_after_the_call(tail):
    """nullifAI, GHSA-9gvj-pp9x-gcfr: the call has run when the break is met, so it is told."""
    assert_blocked(weighed(pickle_of(P4, *SYSTEM_CALLED) + tail), "posix.system")


@pytest.mark.parametrize("tail", BREAKS.values(), ids=BREAKS)
def test_break_alone_is_never_allowed(tail):
    """A pickle that cannot be read to its end cannot be vouched for."""
    verdict = weighed(pickle_of(P4, text("weights"), "MEMOIZE", "EMPTY_LIST", "POP") + tail)
    assert verdict.eval_outcome is not EvalOutcome.ALLOWED


EXTENSIONS = ("EXT1 1", "EXT2 256", "EXT4 65536")


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_extension_registry(extension):
    """E18: what an extension code names stands in a registry of the loading process."""
    assert_blocked(weighed(pickle_of("PROTO 2", extension, "BINUNICODE x", "TUPLE1", "REDUCE", "STOP")))


@pytest.mark.parametrize("extension", EXTENSIONS)
def test_extension_that_is_registered_first(extension):
    """taxonomy 16: copyreg.add_extension, then the code."""
    number = extension.split()[1]
    add = (
        text("copyreg"),
        text("add_extension"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        ("INT", number),
        "TUPLE3",
        "REDUCE",
        "POP",
    )
    verdict = weighed(pickle_of(P4, *add, extension, *CALL, "STOP"))
    assert_blocked(verdict, "copyreg.add_extension")


@pytest.mark.parametrize(
    "steps", [("PERSID os.system",), (OS, "BINPERSID", "TUPLE1", "REDUCE")], ids=["PERSID", "call"]
)
def test_persistent_id_that_is_called(steps):
    """What a loader makes of a persistent id is the loader's; to call it is nobody's business."""
    verdict = weighed(
        pickle_of(P4, *steps, "EMPTY_TUPLE", "REDUCE", "STOP")
        if steps[0] != OS
        else pickle_of(P4, OS, "BINPERSID", ECHO, "TUPLE1", "REDUCE", "STOP")
    )
    assert_blocked(verdict)


def test_payload_in_a_persistent_id():
    """The id is made before the loader refuses it."""
    assert_blocked(weighed(pickle_of(P4, *SYSTEM_CALLED, "BINPERSID", "STOP")), "posix.system")


INNER = evil()
INDIRECT = {
    "result of a call is called": (text("lab"), text("find"), "STACK_GLOBAL", OS, "TUPLE1", "REDUCE", *CALL),
    "getattr(module, name)": (
        text("builtins"),
        text("getattr"),
        "STACK_GLOBAL",
        text("os"),
        text("os"),
        "STACK_GLOBAL",
        SYSTEM,
        "TUPLE2",
        "REDUCE",
        *CALL,
    ),
    "getattr(globals(), 'eval')": (
        text("builtins"),
        text("getattr"),
        "STACK_GLOBAL",
        text("builtins"),
        text("globals"),
        "STACK_GLOBAL",
        "EMPTY_TUPLE",
        "REDUCE",
        text("eval"),
        "TUPLE2",
        "REDUCE",
        *CALL,
    ),
    "methodcaller (GHSA-955r-x9j8-7rhh)": (
        text("_operator"),
        text("methodcaller"),
        "STACK_GLOBAL",
        SYSTEM,
        ECHO,
        "TUPLE2",
        "REDUCE",
        text("builtins"),
        text("__import__"),
        "STACK_GLOBAL",
        text("os"),
        "TUPLE1",
        "REDUCE",
        "TUPLE1",
        "REDUCE",
    ),
    "attrgetter (GHSA-46h3-79wf-xr6c)": (
        text("_operator"),
        text("attrgetter"),
        "STACK_GLOBAL",
        SYSTEM,
        "TUPLE1",
        "REDUCE",
        text("builtins"),
        text("__import__"),
        "STACK_GLOBAL",
        text("os"),
        "TUPLE1",
        "REDUCE",
        "TUPLE1",
        "REDUCE",
        *CALL,
    ),
    "partial": (
        text("functools"),
        text("partial"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        ECHO,
        "TUPLE2",
        "REDUCE",
        "EMPTY_TUPLE",
        "REDUCE",
    ),
    "map": (
        text("builtins"),
        text("list"),
        "STACK_GLOBAL",
        text("builtins"),
        text("map"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        "EMPTY_LIST",
        ECHO,
        "APPEND",
        "TUPLE2",
        "REDUCE",
        "TUPLE1",
        "REDUCE",
    ),
    "reduce and map": (
        text("functools"),
        text("reduce"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        "EMPTY_LIST",
        "TUPLE2",
        "REDUCE",
    ),
    "defaultdict(os.system)": (
        text("collections"),
        text("defaultdict"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        "TUPLE1",
        "REDUCE",
    ),
    "numpy.vectorize(os.system)": (
        text("numpy"),
        text("vectorize"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        "TUPLE1",
        "REDUCE",
    ),
    "_rebuild_from_type_v2": (
        text("torch._tensor"),
        text("_rebuild_from_type_v2"),
        "STACK_GLOBAL",
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        text("torch"),
        text("Tensor"),
        "STACK_GLOBAL",
        ECHO,
        "TUPLE1",
        "EMPTY_DICT",
        "MARK",
        "POP_MARK",
        "TUPLE3",
        "REDUCE",
    ),
    "_rebuild_from_type_v2, unlisted": (
        "MARK",
        text("torch._tensor"),
        text("_rebuild_from_type_v2"),
        "STACK_GLOBAL",
        text("importlib"),
        text("import_module"),
        "STACK_GLOBAL",
        text("torch"),
        text("Tensor"),
        "STACK_GLOBAL",
        ECHO,
        "TUPLE1",
        "EMPTY_DICT",
        "TUPLE",
        "POP",
        text("torch._tensor"),
        text("_rebuild_from_type_v2"),
        "STACK_GLOBAL",
        "MARK",
        text("importlib"),
        text("import_module"),
        "STACK_GLOBAL",
        text("torch"),
        text("Tensor"),
        "STACK_GLOBAL",
        ECHO,
        "TUPLE1",
        "EMPTY_DICT",
        "TUPLE",
        "REDUCE",
    ),
    "pickle.loads(bytes)": (
        text("pickle"),
        text("loads"),
        "STACK_GLOBAL",
        ("SHORT_BINBYTES", INNER),
        "TUPLE1",
        "REDUCE",
    ),
    "torch.storage._load_from_bytes": (
        text("torch.storage"),
        text("_load_from_bytes"),
        "STACK_GLOBAL",
        ("SHORT_BINBYTES", INNER),
        "TUPLE1",
        "REDUCE",
    ),
    "a pickle in the bytes of a dict": ("EMPTY_DICT", text("state"), ("SHORT_BINBYTES", INNER), "SETITEM"),
    "BUILD upon a module (modelscan 85)": (
        text("os"),
        text("path"),
        "STACK_GLOBAL",
        "EMPTY_DICT",
        text("x"),
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        "SETITEM",
        "BUILD",
    ),
    "sys.modules": (text("sys"), text("modules"), "STACK_GLOBAL", text("os"), OS, SYSTEM, "STACK_GLOBAL", "SETITEM"),
    "numpy.__builtins__ (modelscan 89)": (text("numpy"), text("__builtins__"), "STACK_GLOBAL", "POP", "NONE"),
    "BUILD into numpy.size (modelscan 330)": (
        text("numpy"),
        text("size"),
        "STACK_GLOBAL",
        "EMPTY_DICT",
        text("__code__"),
        "NONE",
        "SETITEM",
        "NONE",
        "TUPLE2",
        "POP",
        text("numpy"),
        text("size"),
        "STACK_GLOBAL",
        "EMPTY_DICT",
        text("__globals__"),
        "NONE",
        "SETITEM",
        "BUILD",
    ),
    "type(copy.copy) (taxonomy 14)": (
        text("builtins"),
        text("type"),
        "STACK_GLOBAL",
        text("copy"),
        text("copy"),
        "STACK_GLOBAL",
        "TUPLE1",
        "REDUCE",
        "NONE",
        "TUPLE1",
        "REDUCE",
    ),
    "FunctionTransformer(func=os.system)": (
        text("sklearn.preprocessing._function_transformer"),
        text("FunctionTransformer"),
        "STACK_GLOBAL",
        "EMPTY_TUPLE",
        "NEWOBJ",
        "EMPTY_DICT",
        text("func"),
        OS,
        SYSTEM,
        "STACK_GLOBAL",
        "SETITEM",
        "BUILD",
    ),
    "copyreg._reconstructor with a base": (
        text("copyreg"),
        text("_reconstructor"),
        "STACK_GLOBAL",
        text("lab"),
        text("Thing"),
        "STACK_GLOBAL",
        text("subprocess"),
        text("Popen"),
        "STACK_GLOBAL",
        text("x"),
        "TUPLE3",
        "REDUCE",
    ),
}


@pytest.mark.parametrize("steps", INDIRECT.values(), ids=INDIRECT)
def test_call_by_way_of_another(steps):
    """Trampolines, holders and look-ups: judged by whom they hand on to."""
    assert_blocked(weighed(pickle_of(P4, *steps, "STOP")))


def test_payload_inside_bytes_is_named_in_its_place():
    """taxonomy 4: the member path tells in what the inner pickle lay."""
    steps = INDIRECT["torch.storage._load_from_bytes"]
    found = assert_blocked(weighed(pickle_of(P4, *steps, "STOP")), "posix.system")
    assert found.location.path != "model.pkl" or found.location.offset


@pytest.mark.parametrize("count", [300_000, 1_200_000])
def test_payload_behind_many_opcodes(count):
    """A scanner that stops counting stops seeing."""
    data = b"\x80\x04]" + b"(K\x01K\x02e" * (count // 4) + called("posix", "system", "echo") + b"."
    assert_blocked(weighed(data), "posix.system")


def test_payload_behind_padding():
    """24 MB of one text before the call."""
    data = pickle_of(P4, ("BINUNICODE", "x" * (24 << 20)), "POP", *SYSTEM_CALLED, "STOP")
    assert_blocked(weighed(data), "posix.system")


BOMBS = {
    "billion laughs": b"\x80\x04]\x94"
    + b"".join(b"](" + b"h%c" % (n - 1) * 10 + b"e\x94" for n in range(1, 40))
    + b".",
    "DUP, 2^24 times": b"\x80\x02K\x01" + b"2\x86" * 24 + b"0" + called("posix", "system", "echo", protocol=2) + b".",
    "deep nesting": b"\x80\x04" + b"]" * 200_000 + b"a" * 199_999 + b".",
    "tuples in tuples": b"\x80\x04)" + b"\x85" * 500_000 + b".",
    "LONG of many digits": b"L" + b"9" * 200_000 + b"L\n.",
}


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_bomb_costs_little(data):
    """E29: a few bytes that stand for more than a machine holds are not unfolded."""
    verdict = weighed(data)
    if b"posix" in data:
        assert_blocked(verdict, "posix.system")
    assert not verdict.error or verdict.eval_outcome is not EvalOutcome.ALLOWED


def test_decoys_are_not_taken_for_calls():
    """Names that are only texts run nothing: `posix` and `system` in a vocabulary are words."""
    words = [OS, SYSTEM, text("exec("), text("subprocess"), text("eval")]
    data = pickle_of(P4, "EMPTY_LIST", "MARK", *words, "APPENDS", "STOP")
    assert not blocking(weighed(data))


INTO = {  # {}: the text that is encoded
    "a list that a call is given": (
        text("collections"),
        text("deque"),
        "STACK_GLOBAL",
        "EMPTY_LIST",
        "{}",
        "APPEND",
        "TUPLE1",
        "REDUCE",
    ),
    "a list of lists that a call is given": (
        text("collections"),
        text("OrderedDict"),
        "STACK_GLOBAL",
        "EMPTY_LIST",
        "EMPTY_LIST",
        text("a"),
        "APPEND",
        "{}",
        "APPEND",
        "APPEND",
        "TUPLE1",
        "REDUCE",
    ),
    "an instance's state": (
        text("lab.core"),
        text("Thing"),
        "STACK_GLOBAL",
        "EMPTY_TUPLE",
        "NEWOBJ",
        "EMPTY_DICT",
        text("blob"),
        "{}",
        "SETITEM",
        "BUILD",
    ),
    "nothing": ("{}", "POP", "NONE"),
}


@pytest.mark.parametrize("steps", INTO.values(), ids=INTO)
def test_pickle_that_a_text_is_encoded_to_is_weighed_whatever_it_is_put_into(steps):
    """Protocols 0 to 2 write bytes as `_codecs.encode(text, "latin1")`; who loads those later is not known."""
    made = (
        text("_codecs"),
        text("encode"),
        "STACK_GLOBAL",
        text(evil(2).decode("latin1")),
        text("latin1"),
        "TUPLE2",
        "REDUCE",
    )
    whole = [part for step in steps for part in (made if step == "{}" else (step,))]
    assert_blocked(weighed(pickle_of(P4, *whole, "STOP")), "posix.system")
