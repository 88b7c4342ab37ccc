"""Callables that published bypasses and advisories used: each in every form in which a pickle can call it."""

import pytest

from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import pickle_of, text

ADVISORIES = {  # of picklescan and of fickling, by their numbers; and the gadgets of PickleCloak (arXiv 2508.19774)
    "GHSA-q77w-mwjj-7mqx": "asyncio.unix_events _UnixSubprocessTransport._start",
    "GHSA-m869-42cg-3xwr": "idlelib.run Executive.runcode",
    "GHSA-x696-vm39-cp64": "profile Profile.run",
    "GHSA-g38g-8gr9-h9xp-uuid": "uuid _get_command_stdout",
    "GHSA-g344-hcph-8vgg": "trace Trace.runctx",
    "GHSA-vv6j-3g6g-2pvj": "torch.utils._config_module ConfigModule.load_config",
    "GHSA-vvpj-8cmc-gx39": "pkgutil resolve_name",
    "GHSA-9xph-j2h6-g47v": "idlelib.calltip get_entity",
    "GHSA-vqmv-47xg-9wpr": "pty spawn",
    "GHSA-fqq6-7vqf-w3fg": "doctest debug_script",
    "GHSA-g38g-8gr9-h9xp-osx": "_osx_support _read_output",
    "GHSA-g38g-8gr9-h9xp-test": "test.support.script_helper assert_python_ok",
    "GHSA-9w88-8rmg-7g2p": "cProfile runctx",
    "GHSA-h3qp-7fh3-f8h4": "torch.utils.data.datapipes.utils.decoder basichandlers",
    "GHSA-7cq8-mj8x-j263": "idlelib.autocomplete AutoComplete.fetch_completions",
    "GHSA-49gj-c84q-6qm9": "cProfile run",
    "GHSA-g38g-8gr9-h9xp-aix": "_aix_support _read_cmd_output",
    "GHSA-3vg9-h568-4w9m": "idlelib.debugobj ObjectTreeItem.SetText",
    "GHSA-p9w7-82w4-7q8m": "lib2to3.pgen2.pgen ParserGenerator.make_label",
    "GHSA-f4x7-rfwp-v3xw": "torch.fx.experimental.symbolic_shapes ShapeEnv.evaluate_guards_expression",
    "GHSA-cj3c-v495-4xqh": "code InteractiveInterpreter.runcode",
    "GHSA-f54q-57x4-jg88": "lib2to3.pgen2.grammar Grammar.loads",
    "GHSA-6vqj-c2q5-j97w": "profile Profile.runctx",
    "GHSA-g38g-8gr9-h9xp-pager": "_pyrepl.pager pipe_pager",
    "GHSA-8r4j-24qv-fmq9": "idlelib.calltip Calltip.fetch_tip",
    "GHSA-84r2-jw7c-4r5q": "pydoc locate",
    "GHSA-4whj-rm5r-c2v8": "torch.utils.bottleneck.__main__ run_autograd_prof",
    "GHSA-g38g-8gr9-h9xp-imaplib": "imaplib IMAP4_stream",
    "GHSA-r8g5-cgf2-4m4m": "numpy.f2py.crackfortran getlincoef",
    "GHSA-4r9r-ch6f-vxmx": "torch.utils.bottleneck.__main__ run_cprofile",
    "GHSA-jhph-76pp-mggw": "torch.utils.collect_env run_and_read_all",
    "GHSA-xp4f-hrf8-rxw7": "ensurepip _run_pip",
    "GHSA-m273-6v24-x4m4": "distutils.file_util write_file",
    "GHSA-3gf5-cxq9-w223": "idlelib.pyshell ModifiedInterpreter.runcode",
    "GHSA-86cj-95qr-2p4f": "torch._dynamo.guards GuardBuilder.get",
    "GHSA-4675-36f9-wf6r": "ctypes CDLL",
    "GHSA-7wx9-6375-f5wh": "profile run",
    "GHSA-j343-8v2j-ff7w": "idlelib.pyshell ModifiedInterpreter.runcommand",
    "GHSA-vr7h-p6mm-wpmh": "torch.jit.unsupported_tensor_ops execWrapper",
    "GHSA-f745-w6jp-hpxx": "torch.utils.collect_env run",
    "GHSA-6w4w-5w54-rjvr": "idlelib.autocomplete AutoComplete.get_entity",
    "GHSA-5qwp-399c-mjwf": "trace Trace.run",
    "CVE-2025-1716": "pip main",
    "GHSA-9726-w42j-3qjr": "_io FileIO",
    "GHSA-9726-w42j-3qjr-urllib": "urllib.request urlopen",
    "GHSA-m7j5-r2p5-c39r": "logging FileHandler",
    "GHSA-v7x6-rv5q-mhwc": "timeit timeit",
    "GHSA-9m3x-qqw2-h32h": "types CodeType",
    "picklescan-74": "importlib import_module",
    "GHSA-5hwf-rc88-82xm": "_aix_support _bgetcmd",
    "GHSA-r48f-3986-4f9c-difflib": "difflib _test",
    "GHSA-mhc9-48gj-9gp3-threading": "threading Thread",
    "GHSA-m6fh-58r7-x697-doctest": "doctest testfile",
    "GHSA-m6fh-58r7-x697-unittest": "unittest main",
    "GHSA-wfq2-52f7-7qvj": "runpy run_path",
    "GHSA-mhc9-48gj-9gp3": "signal set_wakeup_fd",
    "GHSA-mhc9-48gj-9gp3-socketserver": "socketserver TCPServer",
    "GHSA-5cxw-w2xg-2m8h": "platform popen",
    "GHSA-r48f-3986-4f9c": "linecache getlines",
    "GHSA-r48f-3986-4f9c-gc": "gc get_objects",
    "GHSA-m6fh-58r7-x697": "_posixsubprocess fork_exec",
    "GHSA-m6fh-58r7-x697-atexit": "atexit register",
    "GHSA-m6fh-58r7-x697-site": "site addsitedir",
    "GHSA-6ggj-6f2q-f7mx": "_xxsubinterpreters run_string",
    "GHSA-6ggj-6f2q-f7mx-3.13": "_interpreters exec",
    "CVE-2025-67747": "marshal loads",
    "modelscan-356": "_pickle loads",
    "PickleCloak: getinit": "numpy.f2py.capi_maps getinit",
    "PickleCloak: _exec_command": "numpy.distutils.exec_command _exec_command",
    "PickleCloak: attr_chain": "lib2to3.fixer_util attr_chain",
    "PickleCloak: cgitb.lookup": "cgitb lookup",
    "PickleCloak: get_attribute": "test.support get_attribute",
    "PickleCloak: _importer": "unittest.mock _importer",
    "PickleCloak: _dot_lookup": "unittest.mock _dot_lookup",
    "PickleCloak: resolve_dotted_attribute": "xmlrpc.server resolve_dotted_attribute",
    "PickleCloak: getattr_static": "inspect getattr_static",
    "PickleCloak: get_type_hints": "typing get_type_hints",
    "taxonomy 1: spawnv_passfds": "multiprocessing.util spawnv_passfds",
    "taxonomy 1: mlflow": "mlflow.projects.backend.local _run_entry_point",
    "taxonomy 2: read_csv": "pandas.io.parsers.readers read_csv",
    "taxonomy 3: yaml.unsafe_load": "yaml unsafe_load",
    "taxonomy 3: yaml.load": "yaml load",
    "taxonomy 13: CodeType": "types CodeType",
    "taxonomy 13: FunctionType": "types FunctionType",
    "taxonomy 19: getattribute_from_module": "transformers.models.auto.auto_factory getattribute_from_module",
    "legacy of protocol 0": "posix system",
    "import by call": "builtins __import__",
    "eval": "builtins eval",
    "subprocess": "subprocess Popen",
    "webbrowser": "webbrowser open",
    "numpy testing": "numpy.testing._private.utils runstring",
    "joblib.load (modelaudit 626)": "joblib load",
    "torch.load": "torch.serialization load",
    "pandas.read_pickle": "pandas.io.pickle read_pickle",
    "dill.loads": "dill._dill loads",
    "nt": "nt system",
    "unlisted of the standard library": "mailcap findmatch",
}  # fmt: skip
FORMS = {
    "GLOBAL REDUCE": lambda m, n: pickle_of(f"GLOBAL {m} {n}", "MARK", "UNICODE x", "TUPLE", "REDUCE", "STOP"),
    "GLOBAL REDUCE, protocol 2": lambda m, n: pickle_of(
        "PROTO 2", f"GLOBAL {m} {n}", "BINUNICODE x", "TUPLE1", "REDUCE", "STOP"
    ),
    "STACK_GLOBAL REDUCE": lambda m, n: pickle_of(
        "PROTO 4", text(m), text(n), "STACK_GLOBAL", text("x"), "TUPLE1", "REDUCE", "STOP"
    ),
    "result thrown away": lambda m, n: pickle_of(
        "PROTO 4", text(m), text(n), "STACK_GLOBAL", text("x"), "TUPLE1", "REDUCE", "POP", "NONE", "STOP"
    ),
    "INST": lambda m, n: pickle_of("MARK", "UNICODE x", f"INST {m} {n}", "STOP"),
    "OBJ": lambda m, n: pickle_of("PROTO 2", "MARK", f"GLOBAL {m} {n}", "BINUNICODE x", "OBJ", "STOP"),
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("name", ADVISORIES.values(), ids=ADVISORIES)
def test_gadget_of_an_advisory(name, form):
    """It is called when the file is loaded, and it is named."""
    module, _, attribute = name.partition(" ")
    assert_blocked(weighed(form(module, attribute)), f"{module}.{attribute}")


@pytest.mark.parametrize("name", ["commands getoutput", "__builtin__ eval", "__builtin__ file", "os system"])
def test_names_of_python_2_are_those_of_python_3(name):
    """E28: below protocol 3 the unpickler maps `commands` to subprocess and `__builtin__` to builtins."""
    module, _, attribute = name.partition(" ")
    data = pickle_of(f"GLOBAL {module} {attribute}", "MARK", "UNICODE x", "TUPLE", "REDUCE", "STOP")
    assert_blocked(weighed(data))


@pytest.mark.parametrize(
    ("module", "dotted"),
    [
        ("collections", "abc.sys.modules"),
        ("collections", "_sys.modules.get"),
        ("torch", "os.system"),
        ("torch.serialization", "os.system"),
        ("torch.library", "torch.utils.collect_env.run"),
        ("numpy.core._internal", "sys.modules"),
        ("numpy.lib.npyio", "os.system"),
        ("numpy.lib._npyio_impl", "os.system"),
        ("joblib.numpy_pickle", "os.system"),
        ("sklearn.utils", "os.system"),
        ("sklearn.base", "warnings.sys.modules.get"),
        ("pandas.io.common", "os.system"),
        ("scipy._lib._util", "os.system"),
        ("xgboost.core", "os.system"),
        ("lightgbm.basic", "subprocess.Popen"),
        ("transformers.utils", "os.system"),
        ("datetime", "sys.modules"),
        ("random", "_os.system"),
        ("decimal", "sys"),
        ("copyreg", "__builtins__"),
        ("pathlib", "os.system"),
        ("re", "enum.sys.modules"),
        ("argparse", "_os.system"),
        ("torch._utils", "sys.modules"),
        ("torch.storage", "io.open"),
        ("torch.nn.modules.module", "functools.partial"),
        ("typing", "sys.modules"),
        ("enum", "sys.modules.get"),
        ("collections", "OrderedDict.__reduce__"),
        ("collections", "OrderedDict.__class__.__base__.__subclasses__"),
        ("torch", "FloatStorage.__init__.__globals__"),
        ("numpy", "dtype.__class__.__getattribute__"),
        ("builtins", "object.__subclasses__"),
        ("builtins", "print.__class__.__base__.__subclasses__"),
        ("somepackage.core", "os.system"),
        ("somepackage", "utils.subprocess.Popen"),
    ],
)
def test_dotted_name_reaches_through_a_module(module, dotted):
    """GHSA-5j3x-jp52-966f: from protocol 4 on, a name with dots walks attributes, and modules hide behind them."""
    data = pickle_of("PROTO 4", text(module), text(dotted), "STACK_GLOBAL", text("x"), "TUPLE1", "REDUCE", "STOP")
    assert_blocked(weighed(data), f"{module}.{dotted}")


@pytest.mark.parametrize(
    "name",
    [
        "builtins eval.__call__",
        "builtins exec.__call__",
        "builtins getattr.__call__",
        "operator attrgetter.__call__",
        "operator methodcaller.__new__",
        "functools partial.__new__",
        "functools partialmethod.__init__",
        "types CodeType.__new__",
        "io FileIO.__new__",
        "_io open.__call__",
        "torch.serialization load.__call__",
        "torch.utils.collect_env run.__call__",
        "imaplib IMAP4_stream.__new__",
        "pkgutil resolve_name.__call__",
        "logging FileHandler.__init__",
        "code InteractiveInterpreter.runsource",
    ],
)
def test_exact_name_is_evaded_by_an_attribute(name):
    """A deny list of exact names does not know `eval.__call__`."""
    module, _, dotted = name.partition(" ")
    arguments = [text("os"), text("x"), "TUPLE2"]
    data = pickle_of("PROTO 4", text(module), text(dotted), "STACK_GLOBAL", *arguments, "REDUCE", "STOP")
    assert_blocked(weighed(data))
