"""Python source beside weights: what importing it would do, and what it holds for later."""

import base64

import pytest

from tests.builders.archives import zipped
from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

ENCODED = base64.b64encode(b"print(1)").decode()
BY_NAME = {  # other ways to write os.system('echo') at the top of a file
    "plainly": "import os\nos.system('echo')\n",
    "renamed": "from os import system as s\ns('echo')\n",
    "star": "from os import *\nsystem('echo')\n",
    "__import__": "__import__('os').system('echo')\n",
    "import_module": "import importlib as i\ni.import_module('o' + 's').system('echo')\n",
    "getattr": "import os\ngetattr(os, 'sys' + 'tem')('echo')\n",
    "__dict__": "import os\nos.__dict__['system']('echo')\n",
    "vars": "import os\nvars(os)['system']('echo')\n",
    "sys.modules": "import os, sys\nsys.modules['os'].system('echo')\n",
    "through another module": "import glob\nglob.os.system('echo')\n",
    "attrgetter": "import operator, os\noperator.attrgetter('system')(os)('echo')\n",
    "methodcaller": "import operator, os\noperator.methodcaller('system', 'echo')(os)\n",
    "dictionary": "import os\n{'a': os.system}['a']('echo')\n",
    "one of two": "import os\nf = os.system if 1 else print\nf('echo')\n",
    "one branch": "import os\nif 1:\n    f = os.system\nelse:\n    f = print\nf('echo')\n",
    "walrus": "import os\n(s := os.system)('echo')\n",
    "handed on": "import os\nlist(map(os.system, ['echo']))\n",
    "text": "exec('import os; os.system(\"echo\")')\n",
    "text in builtins": "__builtins__.__dict__['eval']('__import__(\"os\").system(\"echo\")')\n",
    "form feeds": "\x0cimport os\n\x0cos.system('echo')\n",
    "carriage returns": "x = 1\r# note\rimport os\ros.system('echo')\n",
    "kept in a list": "import os\nfor f in [os.system]:\n    f('echo')\n",
    "kept by another": "import os, builtins\nbuiltins.print = os.system\nprint('echo')\n",
    "taken out": "import sys\nsys.modules.get('os').system('echo')\n",
    "its own caller": "import os\nos.system.__call__('echo')\n",
    "usual argument": "import os\ndef g(f=os.system):\n    f('echo')\ng()\n",
    "annotation": "import os\nx: os.system('echo') = 1\n",
    "hidden name": "import os, base64\ngetattr(os, base64.b64decode('c3lzdGVt').decode())('echo')\n",
}


@pytest.mark.parametrize("text", BY_NAME.values(), ids=BY_NAME)
def test_program_by_whatever_name(text):
    """The name is followed to what it is, at its line."""
    found = assert_blocked(weighed(text.encode(), "modeling_x.py"), "os.system", "modeling_x.py")
    line = text.replace("\r", "\n").encode()[: found.location.offset].count(b"\n") + 1
    assert (found.threat.code, found.message.partition(":")[0]) == ("PY-401", f"line {line}")


IMPORT_RUNS = {
    "function": "def f():\n    RUN\nf()\n",
    "constructor": "class A:\n    def __init__(self):\n        RUN\na = A()\n",
    "method": "class A:\n    def go(self):\n        RUN\nA().go()\n",
    "class body": "class A:\n    RUN\n",
    "default": "def f(x=RUN): pass\n",
    "decorator": "def d(f):\n    RUN\n    return f\n@d\ndef g(): pass\n",
    "thread": "import threading\ndef f():\n    RUN\nthreading.Thread(target=f).start()\n",
    "at exit": "import atexit\n@atexit.register\ndef f():\n    RUN\n",
    "lambda": "(lambda: RUN)()\n",
    "try": "try:\n    RUN\nexcept Exception: pass\n",
    "not as a program": "if __name__ != '__main__':\n    RUN\n",
    "coroutine": "import asyncio\nasync def f():\n    RUN\nasyncio.run(f())\n",
    "metaclass": "class M(type):\n    def __new__(c, *a):\n        RUN\nclass A(metaclass=M): pass\n",
    "heir": "class M:\n    def __init_subclass__(c):\n        RUN\nclass A(M): pass\n",
    "sign": "class D(dict):\n    def __getitem__(s, k):\n        RUN\nD()['a']\n",
    "of the module": "def __getattr__(n):\n    RUN\n",
    "with": "class C:\n    def __enter__(s):\n        RUN\nwith C(): pass\n",
    "property": "class A:\n    @property\n    def x(self):\n        RUN\nA().x\n",
    "parent": "class B:\n    def __init__(self):\n        RUN\nclass A(B):\n    def __init__(self):\n"
    "        super().__init__()\nA()\n",
    "far down": "def f0():\n    RUN\n" + "".join(f"def f{n}():\n    f{n - 1}()\n" for n in range(1, 40)) + "f39()\n",
    "import hook": "import sys\nclass F:\n    def find_spec(s, n, p):\n        RUN\nsys.meta_path.insert(0, F())\n",
}


@pytest.mark.parametrize("text", IMPORT_RUNS.values(), ids=IMPORT_RUNS)
def test_what_import_reaches(text):
    """Wherever it stands, if importing the file comes there."""
    source = "import os\n" + text.replace("RUN", "os.system('echo')")
    assert assert_blocked(weighed(source.encode(), "x.py"), "os.system").threat.code == "PY-401"


HIDDEN = {
    "base64": f"import base64\nexec(base64.b64decode('{ENCODED}'))\n",
    "base64 in a function": "import base64\ndef f(x):\n    exec(base64.b64decode(x))\n",
    "through a parameter": "import base64\ndef r(s):\n    exec(s)\ndef g(y):\n    r(base64.b64decode(y))\n",
    "numbers": "exec(''.join([chr(x) for x in [112, 97]]))\n",
    "exclusive or": "s = ''\nfor c in b'abc':\n    s += chr(c ^ 7)\nexec(s)\n",
    "backwards": "exec(')1(tnirp'[::-1])\n",
    "zlib": "import zlib\nexec(zlib.decompress(b'xx'))\n",
    "marshal": "import marshal\nexec(marshal.loads(b'xx'))\n",
    "hex": "exec(bytes.fromhex('61').decode())\n",
    "rot13": "import codecs\nexec(codecs.decode('cevag(1)', 'rot13'))\n",
    "decrypted": "def f(k, d):\n    from cryptography.fernet import Fernet\n    exec(Fernet(k).decrypt(d))\n",
    "pickle": "import pickle, base64\ndef f():\n    return pickle.loads(base64.b64decode('xx'))\n",
    "the hundredth text": "def r(s):\n    exec(s)\n"
    + "".join(f"r('x = {n}')\n" for n in range(99))
    + "r('import os')\n",
    "every class": "().__class__.__base__.__subclasses__()[1]\n",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_evaluating_what_is_hidden(text):
    """On import or in a function: nobody can have read it."""
    assert assert_blocked(weighed(text.encode(), "modeling_x.py")).threat.code == "PY-402"


OTHERS = {
    "fetched": ("PY-404", "import urllib.request\nexec(urllib.request.urlopen('http://127.0.0.1').read())\n"),
    "session": ("PY-404", "import requests\ns = requests.Session()\ns.get('http://127.0.0.1')\n"),
    "socket": ("PY-404", "import socket\ns = socket.socket()\ns.connect(('127.0.0.1', 1))\n"),
    "library": ("PY-405", "import ctypes\nctypes.CDLL('./x.so')\n"),
    "library by name": ("PY-405", "from ctypes import cdll\ncdll.LoadLibrary('x')\n"),
    "operators": ("PY-405", "import torch\ntorch.ops.load_library('ops.so')\n"),
    "profile": ("PY-406", "import os\ndef f():\n    open(os.path.expanduser('~/.bashrc'), 'a').write('x')\n"),
    "profile by path": ("PY-406", "from pathlib import Path\n(Path.home() / '.bashrc').write_text('x')\n"),
    "pipe to a shell": ("PY-407", "import os\ndef f():\n    os.system('curl http://127.0.0.1 | sh')\n"),
    "reverse shell": (
        "PY-407",
        "import socket, subprocess\ndef f():\n    s = socket.socket()\n    s.connect(('127.0.0.1', 1))\n"
        "    subprocess.call(['/bin/sh', '-i'])\n",
    ),
    "file that is no source": ("PY-408", "exec(open('weights.bin').read())\n"),
    "text of the environment": ("PY-408", "import os\nexec(os.environ['X'])\n"),
    "module out of weights": (
        "PY-408",
        "import importlib.util as u\ns = u.spec_from_file_location('m', './weights.bin')\n",
    ),
    "hub": ("PY-404", "import torch\nm = torch.hub.load('someone/repo', 'm', trust_repo=True)\n"),
    "site-packages": (
        "PY-406",
        "import site, os\nopen(os.path.join(site.getsitepackages()[0], 'x.pth'), 'w').write('import os')\n",
    ),
    "run_path": ("PY-408", "import runpy\nrunpy.run_path('weights.bin')\n"),
    "utf-7": ("PY-409", "# coding: utf-7\nx = 1\n# +AAo-print(1)\n"),
    "pickle of a class": ("PY-401", "import os\nclass A:\n  def __reduce__(self):\n    return os.system, ('echo',)\n"),
    "pip": ("PY-401", "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', 'x'])\n"),
}  # fmt: skip


@pytest.mark.parametrize(("code", "text"), OTHERS.values(), ids=OTHERS)
def test_other_deeds(code, text):
    """Each by its own code."""
    assert assert_blocked(weighed(text.encode(), "handler.py")).threat.code == code


UNPARSED = {
    "Python 2": "import os\nprint 'x'\nos.system('echo')\n",
    "Python 2 statement": "exec 'cHJpbnQ='.decode('base64')\n",
    "cut": "import os\nos.system('echo')\ndef f(:\n",
    "brackets": "import os\nos.system('echo')\nx = " + "(" * 5000 + ")" * 5000 + "\n",
    "signs": "import os\nos.system('echo')\nx = " + "-" * 100_000 + "1\n",
    "sum": "import os\nos.system('echo')\nx = " + "+".join(["1"] * 50_000) + "\n",
    "attributes": "import os\nos.system('echo')\nx = a" + ".b" * 50_000 + "\n",
    "long": "import os\nos.system('echo')\n" + "x = 1\n" * 200_000,
    "cut, in a function": "import os\ndef f():\n    g()\ndef g():\n    os.system('echo')\nf()\nx = (",
    "cut, in a class": "import os\nclass A:\n    def g(self):\n        os.system('echo')\nA().g()\nx = (",
    "of a later Python": "import os\ntype X[*T] = f'{'a'!x:}' | t'{1}'\ngetattr(os, 'sys' + 'tem')('echo')\n",
    "of a later Python, around it": "import sys\ntry:\n    sys.modules['os'].system('echo')\nexcept A, B:\n    x = 1\n",
    "NUL": "import os\nos.system('echo')\n\0",
}


@pytest.mark.parametrize("text", UNPARSED.values(), ids=UNPARSED)
def test_source_that_cannot_be_parsed(text):
    """It is weighed by its names, and no depth breaks the gate."""
    verdict = weighed(text.encode(), "x.py")
    assert assert_blocked(verdict).threat.code in ("PY-401", "PY-402", "PY-409")
    assert not verdict.error


HONEST = {
    "modeling": "import torch\nfrom torch import nn\nfrom transformers import PreTrainedModel\n\n"
    "class Model(PreTrainedModel):\n    def __init__(self, config):\n        super().__init__(config)\n"
    "        self.layers = nn.ModuleList([nn.Linear(4, 4) for _ in range(2)])\n"
    "    def forward(self, x):\n        for layer in self.layers:\n            x = layer(x)\n        return x.exp()\n",
    "handler": "from typing import Any\nimport base64, io\nfrom PIL import Image\nclass EndpointHandler:\n"
    "    def __init__(self, path=''):\n        from transformers import pipeline\n        self.p = pipeline('x')\n"
    "    def __call__(self, data: dict) -> Any:\n"
    "        return self.p(Image.open(io.BytesIO(base64.b64decode(data['inputs']))))\n",
    "setup": "import os, subprocess\nfrom setuptools import setup\nabout = {}\n"
    "with open(os.path.join('pkg', '__version__.py')) as f:\n    exec(f.read(), about)\n"
    "sha = subprocess.check_output(['git', 'rev-parse', 'HEAD']).decode()\nsetup(name='x')\n",
    "as a program on one system": "import sys, os\nif sys.platform != 'win32' and __name__ == '__main__':\n"
    "    os.system('make')\n",
    "as a program": "import subprocess\ndef main():\n    subprocess.run(['make'])\n"
    "if __name__ == '__main__':\n    main()\n",
    "download on demand": "import requests\ndef fetch(url):\n    return requests.get(url).content\n",
    "names alike": "class os:\n    @staticmethod\n    def system(x): return x\nos.system('a')\nmodel.eval()\n",
    "words": "TEXT = 'os.system(\"echo\")'  # exec(base64.b64decode(x))\n",
    "made source": "exec('def f(x):\\n    return x\\n')\n",
    "types": "import subprocess\ndef f(p: subprocess.Popen) -> None: ...\nP = subprocess.Popen\n",
    "Python 2 with a function": "import os\ndef f():\n    os.system('make')\nprint 'x'\n",
    "lazy": "import importlib\ndef __getattr__(name):\n    return importlib.import_module('.' + name, __name__)\n",
    "stand-in": "",
}  # fmt: skip


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
def test_honest_source_passes(text):
    """Told at most."""
    verdict = weighed(text.encode() or b"\n", "modeling_x.py")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)


def test_function_that_acts_is_told():
    """Once for each name, with the line."""
    verdict = weighed(b"import os\ndef f():\n    os.system('make')\n    os.system('ls')\n", "x.py")
    assert [(f.threat.code, f.message.partition(":")[0]) for f in verdict.reported] == [("PY-411", "line 3")]


PICKLED = "import pickle, base64\npickle.loads(base64.b64decode({!r}))\n"


def test_pickle_within_a_source_is_weighed():
    """As any other: what it calls blocks, and an honest one passes."""
    from tests.builders.pickles import evil

    found = assert_blocked(weighed(PICKLED.format(base64.b64encode(evil(2)).decode()).encode(), "x.py"))
    assert (found.threat.code, found.location.path) == ("PKL-100", "x.py!line 2")
    honest = PICKLED.format(base64.b64encode(b"\x80\x04N.").decode()).encode()
    assert weighed(honest, "x.py").eval_outcome is EvalOutcome.ALLOWED


def test_setup_is_run_as_a_program():
    """pip runs it under the name `__main__`."""
    text = b"import os\nif __name__ == '__main__':\n    os.system('echo')\n"
    assert_blocked(weighed(text, "setup.py"), "os.system")
    assert weighed(text, "train.py").eval_outcome is EvalOutcome.ALLOWED


def test_script_without_a_suffix_and_member_of_an_archive():
    """By its first line; wherever it lies."""
    text = b"#!/usr/bin/env python3\nimport os\nos.system('echo')\n"
    assert_blocked(weighed(text, "run"), "os.system", "run")
    assert_blocked(weighed(zipped(("code/inference.py", text)), "model.zip"), "os.system", "code/inference.py")


def test_file_of_two_tongues():
    """What JSON too can read is read as Python all the same."""
    text = b'{"a": [__import__("os").system("echo")]}'
    assert_blocked(weighed(text, "config.py"), "os.system")
