"""How names and calls are judged: honest forms of every family pass, and their crafted neighbours do not."""

import pytest

from tests.builders.models import blocking, weighed
from tests.builders.pickles import text
from tests.bypasses.test_properties_gadgets import Writer
from weighbridge.policy.security_group import DEFAULT
from weighbridge.policy.verdict import EvalOutcome

W = Writer(4)


def n(name):
    """A name, as `module:name`."""
    return W.named(*name.split(":"))


def t(*values):
    """A tuple of any length."""
    return b"(" + b"".join(values) + b"t"


def s(value):
    return text(value)


def call(name, *arguments):
    return n(name) + t(*arguments) + b"R"


def thing(name="lab.core:Thing"):
    return n(name) + b")\x81"


def octets(data):
    return b"C" + bytes([len(data)]) + data


ARRAY = call("numpy._core.multiarray:_reconstruct", n("numpy:ndarray"), t(b"K\x00"), octets(b"b"))
BINARY = octets(bytes(range(128, 160)))
HONEST = {
    "getattr of an enum's class": call("builtins:getattr", n("lab.core:Kind"), s("A")),
    "a bound method of a list": call("builtins:getattr", b"]", s("append")) + b"0N",
    "a bound method of an instance of its own": call("builtins:getattr", thing(), s("score")),
    "partial of an inert function": call("functools:partial", n("numpy:mean")),
    "partial of a function of the same package": call("functools:partial", n("lab.core:loss")),
    "itemgetter": call("operator:itemgetter", b"K\x01"),
    "attrgetter": call("operator:attrgetter", s("name")),
    "methodcaller of a text's method": call("operator:methodcaller", s("lower")),
    "defaultdict(int)": call("collections:defaultdict", n("builtins:int")),
    "defaultdict(list)": call("collections:defaultdict", n("builtins:list")),
    "defaultdict without a factory": call("collections:defaultdict"),
    "defaultdict of a class": call("collections:defaultdict", n("lab.core:Leaf")),
    "type(None)": call("builtins:type", b"N"),
    "_reconstructor": call("copyreg:_reconstructor", n("lab.core:Old"), n("builtins:object"), b"N"),
    "__newobj__": call("copyreg:__newobj__", n("lab.core:New")),
    "bytes as Latin-1": call("_codecs:encode", s("caf\xe9"), s("latin1")),
    "a random state": call("numpy.random._pickle:__randomstate_ctor", s("MT19937")),
    "a dtype": call("numpy:dtype", s("f8"), b"\x89", b"\x88"),
    "an array": ARRAY,
    "a slice": call("builtins:slice", b"N", b"K\x01", b"N"),
    "a set": call("builtins:set", b"]"),
    "a complex": call("builtins:complex", b"K\x01", b"K\x02"),
    "a path": call("pathlib:PosixPath", s("models"), s("a.bin")),
    "a date": call("datetime:date", octets(b"\x07\xe6\x01\x01")),
    "a UUID": thing("uuid:UUID"),
    "a decimal": call("decimal:Decimal", s("1.5")),
    "an ordered dict": call("collections:OrderedDict"),
    "an enum by its number": call("lab.core:Kind", b"K\x02"),
    "an enum by its word, beside an instance": b"(" + thing() + call("lab.core:Method", s("lookup")) + b"t",
    "an exception with its text": call("lab.core:FitError", s("no data")),
    "a value that is rebuilt from an array": call("lab.core:_rebuild_tree", ARRAY, b"K\x03"),
    "a value that is rebuilt from bytes": call("lab.core:_from_state", BINARY),
    "a class with bytes of its own, beside an instance": b"(" + thing() + call("lab.core:Mol", BINARY) + b"t",
    "Cython's own": call("lab._tree:__pyx_unpickle_Tree", n("lab._tree:Tree"), b"J\x01\x00\x00\x00", b"N"),
    "a class of the package's parts": call(
        "lab.core:_restore_array", call("lab.core:type_for", s("string")), BINARY
    ),
    "a ufunc": call("numpy._core:_ufunc_reconstruct", s("numpy"), s("add")),
    "a class as a value": n("lab.core:Thing"),
    "a torch parameter": call("torch._utils:_rebuild_parameter", b"N", b"\x88", call("collections:OrderedDict")),
    "bytes of a class's own, as protocols 0 to 2 carry them": call(
        "lab.core:Date", call("_codecs:encode", s("\x07\xea\x01\x01"), s("latin1"))
    ),
    "an array's type beside a class of the package": b"("
    + thing()
    + call("lab.core:wrap_kernel", thing("lab.core:Kernel"), call("numpy:dtype", s("f8"), b"\x89", b"\x88"))
    + b"t",
    "a class that is given an instance of the package": b"("
    + thing()
    + call("lab.core:Matrix", thing("pandas:DataFrame"), thing("lab.core:Spec"))
    + b"t",
    "an enum's word that is also a command's": b"(" + thing() + call("lab.core:EvalMethod", s("python")) + b"t",
    "a bound method of a text": call("builtins:getattr", s("a b"), s("split")),
    "a bound method of a random state": call(
        "collections:defaultdict",
        call("functools:partial", call("builtins:getattr", call("random:Random"), s("gauss")), b"K\x00"),
    ),
    "a bound method of a distribution": call(
        "builtins:getattr", thing("scipy.stats._discrete_distns:randint_gen"), s("_entropy")
    ),
    "a union of types": call(
        "functools:reduce", n("operator:or_"), b"](" + n("builtins:int") + call("builtins:type", b"N") + b"e"
    ),
    "keywords for a class, by partial": call("functools:partial", n("lab.core:Thing.__new__"), n("lab.core:Thing"))
    + b")R",
    "methodcaller with keywords": call("functools:partial", n("operator:methodcaller"), s("encode")) + b")R",
    "a lower-case type, given numbers": call("lab.base:spmatrix", b"]", t(b"K\x01", b"K\x02"), s("d")),
    "a type of the module that is called like it": call("lab.types.whole:whole", b"K\x03"),
    "words with their place in a text, beside an instance": b"("
    + thing()
    + call("lab.core:Token", s("WORD"), s("hello"), b"K\x00", b"K\x05")
    + b"t",
    "a moment in a zone of the package's own": call(
        "datetime:datetime",
        octets(b"\x07\xe8\x05\x03\n\0\0\0\0\0"),
        call("lab.zones:FixedTZ", s("UTC\\+02:00"), call("datetime:timedelta", b"K\0", b"M\x20\x1c", b"K\0")),
    ),
    "a bound method, by the class of its instance": call(
        "types:MethodType", n("lab.core:Thing.score"), thing("lab.core:Thing")
    ),
    "a record whose second field is a pair of words, its third a dict": n("lab.core:Axes")
    + t(s("xy"), t(s("x"), s("y")), b"}")
    + b"\x81",
    "a record that holds an array of one byte each": n("lab.core:State")
    + t(call("numpy:dtype", s("b1"), b"\x89", b"\x88") + t(b"K\x03", s("|"), b"N") + b"b")
    + b"\x81",
    "keywords in order": n("lab.core:Thing") + b")" + call("collections:OrderedDict") + b"\x92",
    "a thing of the package's own by its word, beside an instance": b"("
    + thing()
    + call("lab.core:_get_global_set", s("Any"))
    + b"t",
    "a dict of the package's own instances, of which one has an id": b"("
    + thing()
    + call("lab.core:Features", b"}" + s("a") + thing() + b"}" + s("id") + b"Nsb" + b"s")
    + b"t",
    "a function of its own, where no loader looks": thing() + b"}" + s("__setitem__") + n("lab.core:no") + b"sb",
    "accumulated sums": call("itertools:accumulate", b"]"),
    "a decimal context": call("decimal:Context", b"K\x05", s("ROUND_HALF_EVEN")),
    "dill's method of a text": call(
        "dill._dill:_getattr", n("builtins:str"), s("lower"), s("<method 'lower' of 'str' objects>")
    ),
    "a folder of this machine": call("pyarrow._fs:FileSystem._from_uri", s("file:///_")),
    "counts of words, shell's among them": b"("
    + thing()
    + call("lab.core:Freq", b"}(" + s("rm -rf") + b"K\x01" + s("import os") + b"K\x02" + b"u")
    + b"t",
    "a lower-case class, given arrays and numbers": b"("
    + thing()
    + n("lab.core:results")
    + t(ARRAY, b"K\x02", ARRAY)
    + b"\x81t",
    "a class given a frame, as protocols 0 and 1 make it": b"("
    + thing()
    + call("lab.core:Data", call("copyreg:_reconstructor", n("pandas:DataFrame"), n("builtins:object"), b"N"))
    + b"t",
    "a distribution, as protocols 0 and 1 make it": call(
        "copyreg:_reconstructor", n("scipy.stats._continuous_distns:chi2_gen"), n("builtins:object"), b"N"
    ),
    "a function whose name begins like a class's": call("lab.core:__WCS_unpickle__", n("lab.core:WCS"), b"}"),
    "a subclass of Tensor, and an enum of its package": b"("
    + call(
        "torch._tensor:_rebuild_from_type_v2",
        n("torch._utils:_rebuild_tensor_v2"),
        n("lab.core:MetaTensor"),
        t(),
        b"}",
    )
    + call("lab.core:MetaKeys", s("affine"))
    + b"t",
    "a symbol and a function of it": n("sympy.functions.elementary.trigonometric:sin")
    + t(n("sympy.core.symbol:Symbol") + t(s("x")) + b"\x81")
    + b"\x81",
    "fsspec's folders": call("fsspec.spec:make_instance", n("fsspec.implementations.local:LocalFileSystem"), t(), b"}"),
    "a batch of graphs": thing("torch_geometric.data.batch:DynamicInheritanceGetter")
    + t(n("torch_geometric.data.batch:Batch"), n("torch_geometric.data.data:Data"))
    + b"R",
    "torch's memory format": n("torch._utils:torch.channels_last"),
    "spaCy's strings": call("spacy.strings:StringStore", b"](" + s("rm") + s("import os; print") + b"e"),
    "a collection made of a dict": call("lab.core:Map", b"}" + s("a") + b"K\x01s"),
    "a collection made of numbers": call("lab.core:Bag", b"](K\x01K\x02e"),
    "a sorted list": call("sortedcontainers.sortedlist:SortedList", b"](K\x01K\x02e", b"N"),
    "a curried function": call("toolz.functoolz:_restore_curry", n("toolz.functoolz:curry"), n("builtins:max"), t()),
    "a cache's clock": call("cachetools:_TimedCache._Timer", n("time:monotonic")),
    "a torch device": call("torch:device", s("cuda"), b"K\x00"),
}  # fmt: skip


@pytest.mark.parametrize("value", HONEST.values(), ids=HONEST)
def test_honest_form_passes(value):
    """As picklers write it."""
    verdict = weighed(W.whole(value))
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, [(f.threat.code, f.message) for f in blocking(verdict)]


CRAFTED = {
    "getattr reaches for what Python keeps": call("builtins:getattr", n("lab.core:Thing"), s("__globals__")),
    "getattr of a module's function": call("builtins:getattr", n("os:path"), s("os")),
    "getattr by a computed name": call("builtins:getattr", thing(), call("builtins:str", b"N")),
    "partial of a deed": call("functools:partial", n("os:system"), s("id")),
    "partial of nothing": call("functools:partial"),
    "attrgetter of dunders": call("operator:attrgetter", s("__class__.__base__")),
    "methodcaller of a deed": call("operator:methodcaller", s("system"), s("id")),
    "methodcaller of no name": call("operator:methodcaller", s("rm -rf x")),
    "itemgetter of a command": call("operator:itemgetter", s("sh -c id")),
    "defaultdict of a deed": call("collections:defaultdict", n("os:getcwd")),
    "defaultdict of a function": call("collections:defaultdict", n("lab.core:run")),
    "defaultdict of what cannot be told": call("collections:defaultdict", b"K\x01"),
    "type with a body": call("builtins:type", s("X"), b")", b"}"),
    "iter with a sentinel": call("builtins:iter", n("lab.core:run"), b"N"),
    "map of a function": call("builtins:map", n("lab.core:run"), b"]"),
    "filter of a function": call("builtins:filter", n("lab.core:run"), b"]"),
    "_reconstructor with too little": call("copyreg:_reconstructor", n("lab.core:Old")),
    "_reconstructor of a deed": call("copyreg:_reconstructor", n("subprocess:Popen"), n("builtins:object"), b"N"),
    "_reconstructor with a base of its own": call("copyreg:_reconstructor", n("lab:A"), n("lab:B"), b"N"),
    "encode by a codec of its own": call("_codecs:encode", s("x"), s("rot13")),
    "a ufunc that is none": call("numpy._core:_ufunc_reconstruct", s("os"), s("system")),
    "__newobj__ of a deed": call("copyreg:__newobj__", n("subprocess:Popen")),
    "a class with a command": call("lab.core:Shell", s("sh -c id")),
    "a class with a path": call("lab.core:Thing", s("/etc/passwd")),
    "a class with an address": call("lab.core:Thing", s("http://x.invalid")),
    "a function with a word": call("lab.core:run", s("id")),
    "a function with a number": call("lab.core:lift", b"K\x01"),
    "a lower-case type with a command": call("lab.base:spmatrix", b"]", s("sh -c id")),
    "a getter by its word, with nothing beside": call("lab.core:_get_global_set", s("Any")),
    "a command that is an attribute elsewhere": b"("
    + thing()
    + call("lab.core:Features", s("id"), thing() + b"}" + s("id") + b"Nsb")
    + b"t",
    "a function of another package, as __setitem__": thing() + b"}" + s("__setitem__") + n("os:system") + b"sb",
    "a method of another class's instance": call("types:MethodType", n("os:system"), thing("lab.core:Thing")),
    "a class made of a metaclass and bases": n("lab.core:Meta") + t(s("X"), t(n("lab.core:Thing")), b"}") + b"\x81",
    "a class made of a metaclass without bases": n("lab.core:Meta") + t(s("X"), b")", b"}") + b"\x81",
    "keywords in what is no dict": n("lab.core:Thing") + b")" + thing() + b"\x92",
    "a function without arguments": call("lab.core:start"),
    "a rebuilding name with a command": call("lab.core:_rebuild", s("touch x; id")),
    "a rebuilt value that is thrown away": call("lab.core:_rebuild_tree", ARRAY) + b"0N",
    "the result of a call": call("lab.core:find", s("x")) + t(s("id")) + b"R",
    "dill's text that is evaluated": call("dill._dill:_eval_repr", s("__import__('os')")),
    "dill's named tuple of a deed": call("dill._dill:_create_namedtuple", s("system"), b")", s("os"))
    + t(s("id"))
    + b"R",
    "a submodule by name": call("cloudpickle.cloudpickle:subimport", s("subprocess")),
    "dill's module with an attribute": call("dill._dill:_import_module", s("os.system")),
    "dill's module of the library's own": call("dill._dill:_import_module", s("shutil.rmtree")),
    "a function by value": call("types:FunctionType", b"N", b"}"),
    "a method of a deed": call("types:MethodType", n("os:system"), thing()),
    "a generic alias of no class": call("operator:getitem", thing(), s("x")),
    "rebuild from a type by a deed": call(
        "torch._tensor:_rebuild_from_type_v2", n("os:system"), n("torch:Tensor"), t(s("id")), b"}"
    ),
    "rebuild from a type without arguments": call("torch._tensor:_rebuild_from_type_v2", n("os:system")),
    "bytes that are no checkpoint": call("torch.storage:_load_from_bytes", s("id")),
    "a choice's word that stands alone": call("lab.core:RunMethod", s("id")),
    "reduce of a deed": call("functools:reduce", n("os:system"), b"](" + s("id") + s("id") + b"e"),
    "reduce of a function": call("functools:reduce", n("lab.core:run"), b"](" + s("id") + s("id") + b"e"),
    "a union of what are no types": call("functools:reduce", n("operator:or_"), b"](" + s("id") + b"e"),
    "a partial that is called": call("functools:partial", n("os:system"), s("id")) + b")R",
    "a partial of a function that is called": call("functools:partial", n("lab.core:run"), s("id")) + b")R",
    "a partial whose state is a deed": call("functools:partial", n("builtins:int"))
    + t(n("os:system"), t(s("id")), b"N", b"N")
    + b"b)R",
    "starmap of a function": call("itertools:starmap", n("lab.core:run"), b"]"),
    "accumulate with a function": call("itertools:accumulate", b"]", n("lab.core:run")),
    "a factory whose state is a function": call(
        "collections:defaultdict",
        call("functools:partial", n("builtins:int")) + t(n("lab.core:run"), t(s("id")), b"N", b"N") + b"b",
    ),
    "a factory that removes a file": call(
        "collections:defaultdict", call("builtins:getattr", call("pathlib:PosixPath", s("a")), s("unlink"))
    ),
    "a clean-up that removes a file": thing()
    + b"}"
    + s("close")
    + call("builtins:getattr", call("pathlib:PosixPath", s("a")), s("unlink"))
    + b"sb",
    "dill's look-up of a module": call("dill._dill:_getattr", n("builtins:str"), s("system"), s("<'a' of 'os' x>")),
    "dill's look-up by code": call("dill._dill:_getattr", n("builtins:str"), s('x"]'), s("<method 'a' of 'str' x>")),
    "a folder of another machine": call("pyarrow._fs:FileSystem._from_uri", s("s3://x.invalid/a")),
    "text that sympy evaluates": n("sympy.functions.elementary.miscellaneous:Max") + t(s("lab.run()")) + b"\x81",
    "text that sympy evaluates, in a list": n("sympy.matrices.immutable:ImmutableDenseMatrix")
    + t(b"K\x01", b"K\x01", b"](" + s("lab.run()") + b"e")
    + b"\x81",
    "fsspec's folders of other machines": call(
        "fsspec.spec:make_instance", n("fsspec.implementations.http:HTTPFileSystem"), t(), b"}"
    ),
    "fsspec's folders with settings": call(
        "fsspec.spec:make_instance", n("fsspec.implementations.local:LocalFileSystem"), t(s("x")), b"}"
    ),
    "a getter of a deed": thing("torch_geometric.data.batch:DynamicInheritanceGetter") + t(n("os:system")) + b"R",
    "an instance that is called": thing() + t(s("id")) + b"R",
    "a pickle of protocol 0 that spaCy loads": call(
        "spacy.tokens.doc:unpickle_doc", b"N", octets(b"cos\nsystem\n(S'id'\ntR."), octets(b"x")
    ),
    "a list of words for a class": call("lab.core:Proc", b"](" + s("sh") + s("-c") + s("id") + b"e"),
    "words by words for a class": call("lab.core:Proc", b"}" + s("sh -c id") + s("x") + b"s"),
    "a class made of a list of words": call("lab.core:Thing", b"](" + s("run") + s("me") + b"e"),
    "a collection made of a program and its option": call("lab.core:Bag", b"](" + s("run") + s("-x") + b"e"),
    "a collection made of a command": call("lab.core:Map", b"}" + s("a") + s("sh -c id") + b"s"),
    "a sorted list by a deed": call("sortedcontainers.sortedlist:SortedKeyList", b"]", n("os:system")),
    "a sorted dict by a function": call("sortedcontainers.sorteddict:SortedDict", n("lab.core:run"), b"}"),
    "a curried deed": call("toolz.functoolz:_restore_curry", n("toolz.functoolz:curry"), n("os:system"), t()),
    "a memmap that is made": n("numpy:memmap") + t(s("/tmp/x"), s("w+")) + b"\x81",
}  # fmt: skip


@pytest.mark.parametrize("value", CRAFTED.values(), ids=CRAFTED)
def test_crafted_neighbour_blocks(value):
    """What no pickler writes so."""
    verdict = weighed(W.whole(value))
    assert verdict.eval_outcome is EvalOutcome.BLOCKED


def test_approved_callable_passes():
    """A team answers for its own function, by name or by package; never for a deed."""
    run = W.whole(call("lab.core:run", s("id")))
    for approved in ("lab.core.run", "lab.core.*", "lab.*"):
        group = DEFAULT._replace(approved_callables=frozenset({approved}))
        assert weighed(run, group=group).eval_outcome is EvalOutcome.ALLOWED
    everything = DEFAULT._replace(approved_callables=frozenset({"posix.*", "posix.system", "os.system"}))
    assert weighed(W.whole(call("posix:system", s("id"))), group=everything).eval_outcome is EvalOutcome.BLOCKED


def test_unknown_class_is_reported():
    """It passes, and is told."""
    verdict = weighed(W.whole(thing()))
    assert [f.callable for f in verdict.reported] == ["lab.core.Thing"]


def test_function_that_is_looked_up_by_text_is_reported():
    """As one that is named by an import would be."""
    verdict = weighed(W.whole(call("numpy._core:_ufunc_reconstruct", s("lab.core"), s("run"))))
    assert [f.callable for f in verdict.reported] == ["lab.core.run"]


def test_finding_shows_the_call_and_its_place():
    """The callable, its arguments shortened, the opcode's byte."""
    data = W.whole(call("lab.core:run", s("x" * 500)))
    [finding] = blocking(weighed(data))
    assert finding.callable == "lab.core.run"
    assert finding.evidence.startswith("lab.core.run('xxx")
    assert len(finding.evidence) < 200
    assert data[finding.location.offset : finding.location.offset + 1] == b"R"


@pytest.mark.parametrize("value", CRAFTED.values(), ids=CRAFTED)
def test_long_file_is_judged_as_a_short_one(value):
    """The census proves harmless only what the machine would let pass: padding changes no verdict."""
    padding = b"X" + (300_000).to_bytes(4, "little") + b"x" * 300_000 + b"0"
    assert weighed(W.whole(padding + value)).eval_outcome is EvalOutcome.BLOCKED
