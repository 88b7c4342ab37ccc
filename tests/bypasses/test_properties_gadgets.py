"""Property-oriented gadgets: no denied name, no REDUCE; what an unpickler itself calls on what it rebuilds.

The unpickler in Python (joblib and dill use it) calls more than the one in C: a verdict covers both.
"""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from tests.builders.pickles import octets, old_text, pickle_of, text
from weighbridge.policy.verdict import EvalOutcome

PROTOCOLS = (2, 3, 4, 5)


class Writer:
    """Steps in the words of one protocol."""

    def __init__(self, protocol: int) -> None:
        self.protocol = protocol

    def text(self, value: str) -> bytes:
        return text(value) if self.protocol >= 4 else old_text(value)

    def named(self, module: str, name: str) -> bytes:
        if self.protocol >= 4:
            return text(module) + text(name) + b"\x93"
        return b"c" + octets(module) + b"\n" + octets(name) + b"\n"

    def thing(self, module: str = "lab.core", name: str = "Thing") -> bytes:
        """An instance, made without its constructor."""
        return self.named(module, name) + b")\x81"

    def state(self, **values: bytes) -> bytes:
        return b"}(" + b"".join(self.text(key) + value for key, value in values.items()) + b"u"

    def whole(self, *steps: bytes) -> bytes:
        return pickle_of(f"PROTO {self.protocol}", *steps, "STOP")


def setstate(w):
    """BUILD puts a function where the second BUILD looks for __setstate__."""
    return w.thing() + w.state(__setstate__=w.named("lab.core", "run")) + b"b" + w.text("id") + b"b"


def appends(w):
    return w.thing() + w.state(extend=w.named("lab.core", "run")) + b"b(" + w.text("id") + b"e"


def append(w):
    return w.thing() + w.state(append=w.named("lab.core", "run")) + b"b" + w.text("id") + b"a"


def add(w):
    return w.thing() + w.state(add=w.named("lab.core", "run")) + b"b(" + w.text("id") + b"\x90"


def items(w):
    """A state object whose `items` is a function: the unpickler in Python calls it."""
    return w.thing() + w.thing() + w.state(items=w.named("lab.core", "run")) + b"bb"


def new(w):
    """NEWOBJ upon an instance that carries `__new__`."""
    return w.thing() + w.state(__new__=w.named("lab.core", "run")) + b"b" + w.text("id") + b"\x85\x81"


def slots_class(w):
    """A slots state that exchanges the class."""
    return w.thing() + b"N" + w.state(__class__=w.named("lab.core", "Other")) + b"\x86b"


def slots_dict(w):
    return w.thing() + b"N" + w.state(__dict__=b"}") + b"\x86b"


def inert_dict(w):
    """dict(x) asks x for its keys."""
    held = w.thing() + w.state(keys=w.named("lab.core", "run")) + b"b"
    return w.named("collections", "OrderedDict") + held + b"\x85R"


def inert_uuid(w):
    """uuid.UUID(x) calls x.replace."""
    held = w.thing() + w.state(replace=w.named("lab.core", "run")) + b"b"
    return w.named("uuid", "UUID") + held + b"\x85R"


def metaclass(w):
    """NEWOBJ of a metaclass with name, bases and a dict."""
    return w.named("lab.core", "Meta") + b"(" + w.text("X") + b")" + w.state(run=w.named("lab.core", "run")) + b"t\x81"


def base_init(w):
    """copyreg._reconstructor with a base that is no builtin calls its __init__."""
    return (
        w.named("copyreg", "_reconstructor") + b"(" + w.named("lab", "A") + w.named("lab", "B") + w.text("id") + b"tR"
    )


def setitem_on_modules(w):
    return w.named("sys", "modules") + w.text("os") + w.thing() + b"s"


def append_on_path(w):
    return w.named("sys", "path") + w.text("inert") + b"a"


def setitems_on_environ(w):
    return w.named("os", "environ") + b"(" + w.text("PATH") + w.text("inert") + b"u"


def registry_of_a_package(w):
    """SETITEM upon what a GLOBAL of any package names."""
    return w.named("lab.registry", "HANDLERS") + w.text("load") + w.named("lab.core", "run") + b"s"


def build_on_function(w):
    return w.named("lab.core", "load") + w.state(__code__=w.named("lab.core", "run")) + b"b"


def module_runs_on_import(w):
    return w.named("unittest.__main__", "main") + b"0N"


def module_of_a_package_runs(w):
    return w.named("tqdm.__main__", "main") + b"0N"


def antigravity(w):
    return w.named("antigravity", "fly") + b"0N"


def scipy_template(w):
    """rv_continuous.__setstate__ runs its state's text."""
    made = w.thing("scipy.stats._continuous_distns", "norm_gen")
    return made + w.state(_parse_arg_template=w.text("print('inert')")) + b"b"


def datapipe(w):
    """_IterDataPipeSerializationWrapper unpickles its state."""
    return w.thing("torch.utils.data.datapipes.datapipe", "_IterDataPipeSerializationWrapper") + w.state(x=b"N") + b"b"


def ndarray_wrapper(w):
    """joblib's NDArrayWrapper loads a file that it names, with allow_pickle."""
    return w.thing("joblib.numpy_pickle_compat", "NDArrayWrapper") + w.state(filename=w.text("../inert.npy")) + b"b"


def data_source(w):
    """numpy DataSource removes a tree when it is collected."""
    return (
        w.thing("numpy.lib._datasource", "DataSource")
        + w.state(_destpath=w.text("/tmp/inert"), _istmpdest=b"\x88")
        + b"b"
    )


def closer(w):
    return w.thing("tempfile", "_TemporaryFileCloser") + w.state(name=w.text("/tmp/inert")) + b"b"


def file_input(w):
    return w.thing("fileinput", "FileInput") + w.state(_output=w.thing()) + b"b"


def popen(w):
    return w.thing("subprocess", "Popen") + w.state(_deadstate=w.named("lab.core", "run")) + b"b"


def npz_file(w):
    return w.thing("numpy.lib.npyio", "NpzFile") + w.state(zip=w.thing(), fid=w.thing()) + b"b"


def memmap(w):
    """numpy.memmap truncates a file by the arguments of NEWOBJ."""
    return w.named("numpy", "memmap") + b"(" + w.text("/tmp/inert") + w.text("uint8") + w.text("w+") + b"t\x81"


def cleaning_callable(w):
    """A function in the state of an unknown class, where it is called when the object goes."""
    return w.thing() + w.state(close=w.named("lab.core", "run")) + b"b"


GADGETS = [
    setstate, appends, append, add, items, new, slots_class, slots_dict, inert_dict, inert_uuid, metaclass, base_init,
    setitem_on_modules, append_on_path, setitems_on_environ, registry_of_a_package, build_on_function,
    module_runs_on_import, module_of_a_package_runs, antigravity, scipy_template, datapipe, ndarray_wrapper,
    data_source, closer, file_input, popen, npz_file, memmap, cleaning_callable,
]  # fmt: skip


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("gadget", GADGETS, ids=lambda gadget: gadget.__name__)
def test_gadget_of_properties(gadget, protocol):
    """Blocked at each protocol."""
    writer = Writer(protocol)
    assert_blocked(weighed(writer.whole(gadget(writer))))


@pytest.mark.parametrize("gadget", GADGETS, ids=lambda gadget: gadget.__name__)
def test_gadget_of_properties_in_joblib(gadget):
    """The same behind an array's raw bytes, as joblib writes them."""
    w = Writer(3)
    wrapper = w.named("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81"
    dtype = (
        w.named("numpy", "dtype")
        + w.text("f8")
        + b"\x89\x88\x87R(K\x03"
        + w.text("<")
        + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    )
    state = w.state(
        subclass=w.named("numpy", "ndarray"), shape=b"K\x02\x85", order=w.text("C"), dtype=dtype, allow_mmap=b"\x88"
    )
    array = wrapper + state + b"b" + b"\xff" * 16
    data = w.whole(b"](", array, gadget(w), b"e")
    verdict = weighed(data, "model.joblib")
    assert verdict.files[0].formats == ("joblib",)
    assert_blocked(verdict)


HONEST = {
    "an instance with plain state": lambda w: w.thing() + w.state(a=b"K\x01", b=w.text("word")) + b"b",
    "an instance in an instance": lambda w: w.thing() + w.state(inner=w.thing() + w.state(x=b"N") + b"b") + b"b",
    "slots": lambda w: w.thing() + b"N" + w.state(a=b"K\x01") + b"\x86b",
    "a list subclass": lambda w: w.thing("lab.core", "Rows") + b"(K\x01K\x02e",
    "a dict subclass": lambda w: w.thing("lab.core", "Table") + b"(" + w.text("a") + b"K\x01u",
    "an ordered dict": lambda w: w.named("collections", "OrderedDict") + b")R(" + w.text("a") + b"K\x01u",
    "a class as a value": lambda w: w.thing() + w.state(kind=w.named("lab.core", "Kind")) + b"b",
    "an enum": lambda w: w.thing() + w.state(kind=w.named("lab.core", "Kind") + b"K\x01\x85R") + b"b",
    "memmap as a value": lambda w: w.thing() + w.state(kind=w.named("numpy", "memmap")) + b"b",
    "a template as scipy writes it": lambda w: (
        w.thing("scipy.stats._continuous_distns", "norm_gen")
        + w.state(_parse_arg_template=w.text("def _parse_args(self, loc=0, scale=1):\n    return (), loc, scale\n"))
        + b"b"
    ),
}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("made", HONEST.values(), ids=HONEST)
def test_honest_neighbour_passes(made, protocol):
    """What honest picklers write of the same kind is ALLOWED."""
    writer = Writer(protocol)
    verdict = weighed(writer.whole(made(writer)))
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
