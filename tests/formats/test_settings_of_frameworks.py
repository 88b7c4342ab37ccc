"""What frameworks' own settings name: loaders, back ends, components, bases."""

import json

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome


def told(verdict):
    return [finding.threat.code for finding in verdict.reported]


def mlmodel(**keys):
    lines = "".join(f"    {key}: {value}\n" for key, value in keys.items())
    return f"artifact_path: model\nflavors:\n  python_function:\n{lines}mlflow_version: 2.9.0\n".encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (mlmodel(loader_module="evil_loader"), "MLFLOW-401"),
        (mlmodel(loader_module="os"), "MLFLOW-401"),
        (mlmodel(loader_module='"\\x6fs"'), "MLFLOW-401"),
        (mlmodel(loader_module="mlflow.projects.backend.local"), "MLFLOW-401"),
        (b'{"flavors": {"python_function": {"loader_module": "evil"}}}', "MLFLOW-401"),
        (b"flavors: {python_function: {loader_module: evil}}\n", "MLFLOW-401"),
        (b"flavors:\n  python_function:\n    ? loader_module\n    : evil\n", "MLFLOW-401"),
        (mlmodel(loader_module="mlflow.sklearn", code="../../lib"), "MLFLOW-402"),
        (mlmodel(loader_module="mlflow.sklearn", model_path="../x.pkl"), "MLFLOW-402"),
        (mlmodel(loader_module="mlflow.pyfunc.model", python_model="s3://x/y.pkl"), "MLFLOW-402"),
    ],
)
def test_mlflow_loads_something_else(data, code):
    """A loader of the author's; code and data from elsewhere."""
    assert assert_blocked(weighed(data, "m/MLmodel"), path="MLmodel").threat.code == code


def test_place_of_a_loader():
    """The byte at which the module's name stands."""
    data = mlmodel(loader_module="evil_loader")
    assert assert_blocked(weighed(data, "MLmodel")).location.offset == data.find(b"evil_loader")


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (mlmodel(loader_module="mlflow.sklearn", code="null", model_path="model.pkl"), []),
        (mlmodel(loader_module="mlflow.pyfunc.model", code="code", python_model="python_model.pkl"), ["MLFLOW-403"]),
        (mlmodel(loader_module="mlflow.pyfunc.loaders.code_model", code="~", uri="/tmp/x/artifact"), []),
    ],
)
def test_honest_mlmodel_passes(data, codes):
    """As MLflow writes it."""
    verdict = weighed(data, "MLmodel")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == codes


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("service: 'os:system'\n", "BENTO-401"),
        ("service: ../other:Service\n", "BENTO-401"),
        ("service: s:S\ndocker:\n  setup_script: ./setup.sh\n", "BENTO-402"),
        ("service: s:S\npython:\n  extra_index_url:\n    - https://example.net/simple\n", "BENTO-402"),
    ],
)
def test_bento_of_something_else(text, code):
    """What is served, and what runs while it is built."""
    assert assert_blocked(weighed(text.encode(), "bentofile.yaml")).threat.code == code


def test_honest_bento_is_told():
    """A service of its own is what a bento is."""
    verdict = weighed(b"service: 'service:Svc'\ninclude:\n  - '*.py'\npython:\n  packages: [torch]\n", "bentofile.yaml")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == ["BENTO-403"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('name: "m"\nbackend: "evil"\n', "TRITON-401"),
        ("backend: '../../tmp/evil'\n", "TRITON-401"),
        ('backend: "ev" "il"\n', "TRITON-401"),
        ('backend: "python"\ndefault_model_filename: "../../x.py"\n', "TRITON-402"),
        ('parameters: { key: "EXECUTION_ENV_PATH" value: {string_value: "https://example.net/e"} }', "TRITON-402"),
    ],
)  # fmt: skip
def test_triton_serves_something_else(text, code):
    """A back end is a library; a file name may climb."""
    assert assert_blocked(weighed(text.encode(), "m/config.pbtxt")).threat.code == code


def test_python_back_end_is_told_and_its_source_is_judged():
    """`model.py` is Python like any other."""
    text = (
        b'name: "m"\nbackend: "\\160ython"  # served so\nparameters: { key: "EXECUTION_ENV_PATH", '
        b'value: { string_value: "$$TRITON_MODEL_DIRECTORY/env.tar.gz" } }\n'
    )
    verdict = weighed({"config.pbtxt": text, "1/model.py": b"class TritonPythonModel: pass\n"})
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == ["TRITON-403"]
    assert_blocked(weighed({"config.pbtxt": text, "1/model.py": b"import os\nos.system('echo')\n"}), "os.system")


def modules(*types, path=""):
    return json.dumps([{"idx": n, "name": str(n), "path": path, "type": t} for n, t in enumerate(types)]).encode()


@pytest.mark.parametrize("spelled", ["os.system", "builtins.eval", "someone/else--st.Transformer", "subprocess.Popen"])
def test_type_that_is_no_module_of_a_model(spelled):
    """modules.json names what is imported and called."""
    data = modules("sentence_transformers.models.Transformer", spelled)
    found = assert_blocked(weighed(data, "modules.json"))
    assert (found.threat.code, found.location.offset) == ("ST-401", data.find(spelled.encode()))


def test_path_of_a_module_that_climbs():
    """It is handed to the class as the folder to read."""
    data = modules("sentence_transformers.models.Transformer", path="../../other")
    assert assert_blocked(weighed(data, "modules.json")).threat.code == "ST-401"


def test_honest_modules_pass():
    """The library's own; the model's own are told."""
    data = modules(
        "sentence_transformers.models.Transformer", "sentence_transformers.models.Pooling", "custom_st.Pooling"
    )
    verdict = weighed(data, "modules.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == ["ST-402"]


@pytest.mark.parametrize(
    "component", [["os", "system"], ["subprocess", "Popen"], ["someone/else", "UNet"], ["builtins", "eval"]]
)
def test_component_that_is_none(component):
    """The library is imported by its name."""
    data = json.dumps({"_class_name": "P", "_diffusers_version": "0.30.0", "unet": component}).encode()
    assert assert_blocked(weighed(data, "model_index.json")).threat.code == "DIFF-401"


def test_honest_pipeline_passes():
    """Components of libraries and of pipelines' folders; nothing where a component is left out."""
    index = {"_class_name": "P", "_diffusers_version": "0.30.0", "unet": ["diffusers", "UNet2DConditionModel"]}
    index |= {"text_encoder": ["transformers", "CLIPTextModel"], "feature_extractor": [None, None]}
    index |= {"safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"], "sizes": [512, 512]}
    verdict = weighed(json.dumps(index).encode(), "model_index.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == []
    own = json.dumps(index | {"_class_name": ["pipeline", "Mine"]}).encode()
    assert told(weighed(own, "model_index.json")) == ["DIFF-402"]


def adapter(**keys):
    settings = {"peft_type": "LORA", "r": 8, "base_model_name_or_path": "meta-llama/Llama-2-7b"} | keys
    return json.dumps(settings).encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (adapter(auto_mapping={"base_model_class": "system", "parent_library": "os"}), "PEFT-401"),
        (adapter(auto_mapping={"base_model_class": "M", "parent_library": "unheard_of"}), "PEFT-401"),
        (adapter(base_model_name_or_path="http://203.0.113.9/base"), "PEFT-402"),
        (adapter(base_model_name_or_path="\\\\share\\base"), "PEFT-402"),
    ],
)
def test_adapter_that_brings_more_than_weights(data, code):
    """A library, or a base from a host of its choosing."""
    assert assert_blocked(weighed(data, "adapter_config.json")).threat.code == code


@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"base_model_name_or_path": "/home/someone/llama"},
        {"auto_mapping": {"base_model_class": "BertModel", "parent_library": "transformers.models.bert.modeling_bert"}},
        {"auto_mapping": {"base_model_class": "M", "parent_library": "transformers_modules.x.modeling_x"}},
    ],
)
def test_honest_adapter_is_told(keys):
    """Every adapter is laid upon another model."""
    verdict = weighed(adapter(**keys), "adapter_config.json")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == ["PEFT-403"]


def test_registered_functions_are_told():
    """spaCy's own are not; others are, and block nothing."""
    text = b'[nlp]\nlang = "en"\n[a]\n@architectures = "spacy.Tagger.v2"\n[b]\n@optimizers = "Adam.v1"\n[c]\n'
    assert told(weighed(text, "config.cfg")) == []
    verdict = weighed(text + b'@callbacks = "mine.before_init"\n', "config.cfg")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert told(verdict) == ["SPACY-401"]


SPELT = {
    "folded": "flavors:\n  python_function:\n    loader_module: >-\n      evil\n",
    "explicit": "flavors:\n  python_function:\n    ? loader_module\n    : evil\n",
    "alias": "x: &a evil\nflavors:\n  python_function:\n    loader_module: *a\n",
}


@pytest.mark.parametrize("text", SPELT.values(), ids=SPELT)
def test_loader_in_other_words(text):
    """YAML has many ways to say one thing."""
    assert assert_blocked(weighed(text.encode(), "MLmodel"), "evil._load_pyfunc").threat.code == "MLFLOW-401"


def test_folder_of_code_in_a_list():
    """One of several, which climbs."""
    text = "flavors:\n  python_function:\n    loader_module: mlflow.sklearn\n    code:\n    - code\n    - ../../evil\n"
    assert assert_blocked(weighed(text.encode(), "MLmodel")).threat.code == "MLFLOW-402"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("service: >-\n  os:system\n", "BENTO-401"),
        ("service: s:S\npython:\n  pip_args: '--extra-index-url https://h.invalid'\n", "BENTO-402"),
    ],
)
def test_bento_in_other_words(text, code):
    """Folded, and as arguments of pip."""
    assert assert_blocked(weighed(text.encode(), "bentofile.yaml")).threat.code == code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('backend: "tensorflow"\nmodel_operations { op_library_filename: ["libx.so"] }\n', "TRITON-401"),
        ('backend: "tensorrt"\nparameters { key: "plugins" value { string_value: "x.so" } }\n', "TRITON-401"),
        ('backend: "onnxruntime"\nmodel_warmup [{ inputs { value { input_data_file: "../../x" } } }]\n', "TRITON-402"),
        ('parameters { key: "EXECUTION_ENV_PATH" value { string_value: "/tmp/env.tar.gz" } }\n', "TRITON-402"),
    ],
)
def test_triton_loads_more(text, code):
    """Libraries of operators, plugins, files for a first run, environments from where anybody writes."""
    assert assert_blocked(weighed(text.encode(), "m/config.pbtxt")).threat.code == code
