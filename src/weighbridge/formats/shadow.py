"""A module that lies where another one is looked for: Python finds the model's file before the real one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

SHADOWS = Threat(
    "SHADOW-401",
    "Module of the model bears the name of another one",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=427,
    what="Where the model's folder is on the search path (it is the working folder, or code of the model is trusted), "
    "importing the standard library's or a framework's module of that name runs this file instead. Even a pickle that "
    "names only harmless classes then calls what the file defines.",
    remedy="Give the module a name of its own.",
    approvable=True,
)
STARTS = Threat(
    "SHADOW-402",
    "Module that Python imports by itself when it starts",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=427,
    what="`sitecustomize` and `usercustomize` are imported by every interpreter that finds them on its path, before "
    "any program. A model has no use for them.",
    remedy="Take the file out of the model.",
    approvable=True,
)
THREATS = (SHADOWS, STARTS)
PACKAGES = frozenset(
    """torch torchvision torchaudio numpy scipy sklearn pandas transformers tokenizers tensorflow keras jax jaxlib flax
    onnx onnxruntime safetensors huggingface_hub diffusers peft accelerate sentence_transformers joblib cloudpickle dill
    xgboost lightgbm catboost timm triton vllm mlflow bentoml skops requests urllib3 yaml jinja2 packaging regex tqdm
    filelock pydantic six setuptools pip pkg_resources PIL cv2 msgpack h5py google certifi idna""".split()
)
OWN = frozenset(  # names that honest sources beside a model bear, or that no Python of today looks for
    """test code this antigravity token tokenize profile idlelib turtledemo lib2to3 site parser commands user new sets
    formatter compiler symbol repr dl chunk resource md5 sha mutex fpformat imputil ihooks rfc822 statvfs""".split()
)
SPELT = re.compile(r"([^\W\d]\w*)(?:/__init__)?(?:\.[\w-]+)*\.(?:pyw?|pyc|so|pyd|dll|dylib)")


def module_of(path: str) -> str:
    """What a file at the root of a model, or in its folder of code, would be imported as; "" elsewhere."""
    found = SPELT.fullmatch(re.sub(r"^(?:[^!]*/)?code/", "", path))
    return found[1] if found and "!" not in path else ""


def stem_of(path: str) -> str:
    return re.split(r"[/!]", path)[-1].partition(".")[0]


def stands_before(module: str) -> str:
    """Whose module the name is: a framework's, or the standard library's; "" where it is nobody's."""
    from weighbridge.policy.callables import is_module

    if module in PACKAGES:
        return "a framework"
    return "the standard library" if is_module(module) and module not in OWN else ""


def probe(head: bytes, blob: Blob) -> bool:
    starts = stem_of(blob.path) in ("sitecustomize", "usercustomize")
    return blob.start == 0 and (starts or bool(stands_before(module_of(blob.path))))


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """Named by what it stands before."""
    if stem_of(blob.path) in ("sitecustomize", "usercustomize"):
        name = stem_of(blob.path)
        yield STARTS.found(blob.at(0), f"{name} is imported at every start of Python", callable=name)
        return
    module = module_of(blob.path)
    yield SHADOWS.found(blob.at(0), f"stands before {module} of {stands_before(module)}", callable=f"{module}.*")


FORMAT = Format(
    "shadow",
    inspect,
    probe=probe,
    refines=("python_source", "python_bytecode", "executable"),
    approvable=False,
    title="Module in another's place",
)
