"""What a call does to the machine, by the name of what is called."""

from __future__ import annotations

import re
from enum import Enum
from functools import cache

from weighbridge.formats._python.values import Value
from weighbridge.typed import NamedTuple

LOADED, USED = "when the model is loaded", "when the model is used"


class Kind(Enum):
    """The value is how it is told."""

    RUNS = "runs a program"
    EVALUATES = "evaluates text as code"
    UNMARSHALS = "makes code of bytes"
    UNPICKLES = "unpickles"
    CONNECTS = "connects to the network"
    LIBRARY = "loads a library of machine code"
    WRITES = "writes a file"
    CLIMBS = "climbs from a value to every class"
    MAKES = "makes objects that a text describes"
    REMOVES = "removes files"
    REACHES = "takes an attribute by a name that cannot be read"


class Deed(NamedTuple):
    """A call. `on_import`: importing the source makes it; `passed`: the function is handed on, not called here.

    `inside` is the function around it ("" at the top), `values` its arguments, those with keywords last; `when` says
    that a loader calls that function: when the model is LOADED, or USED ("": nobody does by itself).
    """

    kind: Kind
    name: str
    line: int
    column: int
    on_import: bool
    inside: str
    values: tuple[Value, ...] = ()
    passed: bool = False
    when: str = ""

    @property
    def first(self) -> Value:
        return self.values[0] if self.values else Value()

    @property
    def texts(self) -> tuple[str, ...]:
        """Every constant text in the arguments."""
        return tuple(text for value in self.values for text in value.words)


NAMES = {
    Kind.RUNS: r"(?:os|posix|nt)\.(?:system|popen\d?|startfile|exec[lv]p?e?|spawn[lv]p?e?|posix_spawnp?|fork(?:pty)?)"
    r"|subprocess\.(?:run|Popen|call|check_call|check_output|getoutput|getstatusoutput)|_posixsubprocess\.fork_exec"
    r"|pty\.(?:spawn|fork)|asyncio(?:\.subprocess)?\.create_subprocess_(?:shell|exec)|commands\.get\w*output"
    r"|popen2\.popen\d|pexpect\.(?:spawn|run)|sh\.(?:bash|sh|curl|wget)|plumbum\.local|invoke\.run|os\.popen\(\)\.read"
    r"|distutils\.spawn\.spawn|setuptools\._distutils\.spawn\.spawn|pip(?:\._internal)?(?:\.cli\.main)?\.main"
    r"|webbrowser\.open\w*|torch\.utils\.collect_env\.run|ensurepip\.(?:_run_pip|bootstrap)|psutil\.Popen|gevent\.subprocess\.\w+"
    r"|fabric\.Connection\(\)\.(?:run|local|sudo)|docker\.from_env\(\)\.containers\.run"
    r"|win32com\.client\.Dispatch(?:Ex)?\(\)\.(?:Run|Exec|ShellExecute)|numpy\.distutils\.exec_command\.\w+|IPython\.get_ipython\(\)\.system",
    Kind.EVALUATES: r"exec|eval|execfile|imp\.load_\w+|importlib\.util\.spec_from_file_location|zipimport\.zipimporter"
    r"|importlib\.machinery\.Source(?:less)?FileLoader|runpy\.run_(?:path|module)|code\.Interactive\w+\(\)\.run\w+"
    r"|timeit\.timeit|cProfile\.run|profile\.run|pdb\.run|bdb\.Bdb\(\)\.run|numpy\.testing\._private\.utils\.runstring"
    r"|doctest\.debug(?:_script|_src)?|numpy\.f2py\.crackfortran\.(?:myeval|param_eval)|numexpr\.(?:re_)?evaluate|pandas\.eval"
    r"|sympy\.(?:sympify|S|parse_expr)|sympy\.parsing\.sympy_parser\.(?:parse_expr|eval_expr)"
    r"|trace\.Trace\(\)\.run\w*|(?:cP|p)rofile\.(?:Profile\(\)\.)?run\w*|pdb\.Pdb\(\)\.run\w*|bdb\.Bdb\(\)\.run\w*"
    r"|types\.FunctionType|types\.LambdaType|types\.CodeType",
    Kind.CLIMBS: r"gc\.get_(?:objects|referrers)",
    Kind.UNMARSHALS: r"marshal\.loads?|_frozen_importlib_external\._compile_bytecode",
    Kind.UNPICKLES: r"(?:_?pickle|cPickle|dill|cloudpickle|joblib)\.(?:loads?|Unpickler\(\)\.load)|pandas\.read_pickle",
    Kind.MAKES: r"(?:yaml|ruamel\.yaml)\.(?:unsafe_|full_)?load(?:_all)?|jsonpickle\.(?:decode|loads)"
    r"|(?:jinja2|mako\.template)\.(?:Template|Environment\(\)\.from_string)",
    Kind.REMOVES: r"shutil\.rmtree|os\.(?:remove|unlink|rmdir|removedirs)"
    r"|(?:pathlib\.)?(?:Path|PosixPath|WindowsPath)(?:\.\w+|\(\))*\.(?:unlink|rmdir)",
    Kind.CONNECTS: r"socket\.(?:create_connection|create_server|socket\(\)\.(?:connect(?:_ex)?|bind|sendto|listen))"
    r"|urllib\.request\.(?:urlopen|urlretrieve|build_opener\(\)\.open|URLopener\(\)\.\w+)"
    r"|urllib2?\.(?:urlopen|urlretrieve)"
    r"|(?:requests|httpx)\.(?:(?:Session|session|Client)\(\)\.)?(?:get|post|put|patch|delete|head|request|stream)"
    r"|http\.client\.HTTPS?Connection(?:\(\)\.request)?|httplib\.HTTPS?Connection|ftplib\.FTP(?:_TLS)?"
    r"|smtplib\.SMTP(?:_SSL)?|telnetlib\.Telnet|gdown\.download\w*|poplib\.POP3\w*|imaplib\.IMAP4\w*|wget\.download"
    r"|urllib3\.(?:PoolManager\(\)\.)?(?:request|urlopen)|aiohttp\.ClientSession\(\)\.(?:get|post|ws_connect)"
    r"|websockets?\.(?:connect|create_connection)|paramiko\.SSHClient\(\)\.connect|pycurl\.Curl\(\)\.perform"
    r"|torch\.hub\.(?:load|download_url_to_file|load_state_dict_from_url)|asyncio\.open_connection|xmlrpc\.client\.ServerProxy|dns\.resolver\.(?:query|resolve)",
    Kind.LIBRARY: r"ctypes\.(?:CDLL|PyDLL|WinDLL|OleDLL|LibraryLoader\(\)\.LoadLibrary"
    r"|pythonapi\.\w+|(?:c|py|win|ole)dll\.(?:LoadLibrary|\w+(?:\.\w+)*))|_ctypes\.(?:dlopen|LoadLibrary)|cffi\.FFI\(\)\.dlopen"
    r"|torch\.(?:ops|classes)\.load_library|tensorflow\.load_(?:op_)?library|tf\.load_(?:op_)?library"
    r"|importlib\.machinery\.ExtensionFileLoader|imp\.load_dynamic|numpy\.ctypeslib\.load_library",
    Kind.WRITES: r"open|io\.open|codecs\.open|os\.open|(?:pathlib\.)?(?:Path|PosixPath|WindowsPath)(?:\.\w+|\(\))*"
    r"\.(?:open|write_text|write_bytes|symlink_to|rename|replace)|shutil\.(?:copy\w*|move)|os\.(?:rename|replace|symlink|link)"
    r"|_?winreg\.SetValue(?:Ex)?",
}
BUILTINS = frozenset("exec eval compile open getattr __import__ globals locals vars map filter".split())
CALLS_BACK = re.compile(  # hand a function to one of these, and it is called
    r"(?:threading\.(?:Thread|Timer)|multiprocessing(?:\.\w+)?\.(?:Process|Pool\(\)\.\w+)|atexit\.register|map|filter"
    r"|functools\.reduce|signal\.signal|sys\.(?:settrace|setprofile|addaudithook)|weakref\.finalize"
    r"|_thread\.start_new_thread|sys\.(?:meta_path|path_hooks)\.(?:insert|append|extend)|concurrent\.futures\.\w+\(\)\.(?:submit|map)|asyncio\.(?:run|create_task)"
    r"|(?:tensorflow|tf)\.(?:py_function|numpy_function)|site\.\w+|sched\.\w+\(\)\.enter\w*|timeit\.timeit|sorted|max|min)"
)
HANDED_ON = (Kind.RUNS, Kind.EVALUATES, Kind.UNMARSHALS)


@cache
def patterns() -> tuple[tuple[Kind, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in NAMES.items())


@cache
def kind_of(name: str) -> Kind | None:
    """What calling it does; None where it is nothing that is told."""
    return next((kind for kind, pattern in patterns() if pattern.fullmatch(name)), None)
