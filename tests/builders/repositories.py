"""Repositories of models as honest people publish them: whole trees, written from memory of their makers' habits."""

# ruff: noqa: E501

import json

from tests.builders.archives import tarred, zipped
from tests.builders.gguf import gguf
from tests.builders.numpy import npy
from tests.builders.onnx import node, onnx
from tests.builders.safetensors import honest
from tests.builders.torch import archive, checkpoint


def J(value):  # noqa: N802
    return json.dumps(value, indent=2)


TREES: dict[str, dict[str, str | bytes]] = {}
ST = honest()
PT = archive(checkpoint({"w": 4}))
CARD = "---\nlanguage: en\nlicense: apache-2.0\ntags:\n- text-classification\ndatasets:\n- glue\nmetrics:\n- accuracy\nbase_model: bert-base-uncased\npipeline_tag: text-classification\nmodel-index:\n- name: x\n  results:\n  - task:\n      type: text-classification\n    metrics:\n    - type: accuracy\n      value: 0.91\n---\n# Model\n\n```python\nfrom transformers import pipeline\nimport os\nos.environ['HF_TOKEN'] = 'hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'\npipe = pipeline('text-classification', model='x/y', trust_remote_code=True)\n```\n\n```bash\ncurl https://api-inference.huggingface.co/models/x -H 'Authorization: Bearer $TOKEN'\npip install -U git+https://github.com/huggingface/transformers\ngit lfs install; wget -qO- https://astral.sh/uv/install.sh | sh\n```\nDo not use pickle: `os.system`, `eval()`.\n"
TOK = J(
    {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": 0, "content": "[PAD]", "special": True}],
        "normalizer": {"type": "BertNormalizer"},
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {"type": "TemplateProcessing"},
        "decoder": {"type": "WordPiece"},
        "model": {
            "type": "WordPiece",
            "vocab": {
                "[PAD]": 0,
                "os.system": 1,
                "eval(": 2,
                "__import__": 3,
                "subprocess": 4,
                "exec": 5,
                "../": 6,
                "\u00e9": 7,
                "target": 8,
            },
        },
    }
)
TC = J(
    {
        "tokenizer_class": "BertTokenizer",
        "model_max_length": 512,
        "do_lower_case": True,
        "chat_template": "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}",
    }
)
GA = "*.bin filter=lfs diff=lfs merge=lfs -text\n*.safetensors filter=lfs diff=lfs merge=lfs -text\n"
BASE = {
    "README.md": CARD,
    ".gitattributes": GA,
    "LICENSE": "Apache License\nVersion 2.0, January 2004\nhttp://www.apache.org/licenses/\n\nTERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION\n",
}
TREES["bert"] = {
    **BASE,
    "config.json": J(
        {
            "architectures": ["BertForSequenceClassification"],
            "attention_probs_dropout_prob": 0.1,
            "hidden_act": "gelu",
            "id2label": {"0": "a"},
            "model_type": "bert",
            "torch_dtype": "float32",
            "_name_or_path": "bert-base-uncased",
            "transformers_version": "4.40.0",
        }
    ),
    "model.safetensors": ST,
    "tokenizer.json": TOK,
    "tokenizer_config.json": TC,
    "special_tokens_map.json": J({"cls_token": "[CLS]"}),
    "vocab.txt": "[PAD]\nos\nsystem\nexec(\n",
}
TREES["bert+bin"] = {**BASE, "config.json": J({"model_type": "bert"}), "model.safetensors": ST, "pytorch_model.bin": PT}
TREES["llama sharded"] = {
    **BASE,
    "config.json": J(
        {
            "architectures": ["LlamaForCausalLM"],
            "model_type": "llama",
            "rope_scaling": {"type": "linear", "factor": 2.0},
            "attn_implementation": "sdpa",
        }
    ),
    "generation_config.json": J({"do_sample": True, "temperature": 0.6, "eos_token_id": [1, 2]}),
    "model-00001-of-00002.safetensors": ST,
    "model-00002-of-00002.safetensors": ST,
    "model.safetensors.index.json": J(
        {
            "metadata": {"total_size": 32},
            "weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"},
        }
    ),
    "tokenizer.json": TOK,
    "tokenizer_config.json": TC,
    "USE_POLICY.md": "# Policy\nDo not ...",
    "original/params.json": J({"dim": 4096}),
    "chat_template.jinja": "{%- if tools %}{{ tools | tojson(indent=4) }}{%- endif %}{%- for m in messages %}{{- m.content | trim }}{%- endfor %}",
}
TREES["diffusers"] = {
    **BASE,
    "model_index.json": J(
        {
            "_class_name": "StableDiffusionXLPipeline",
            "_diffusers_version": "0.21.0",
            "force_zeros_for_empty_prompt": True,
            "scheduler": ["diffusers", "EulerDiscreteScheduler"],
            "text_encoder": ["transformers", "CLIPTextModel"],
            "tokenizer": ["transformers", "CLIPTokenizer"],
            "unet": ["diffusers", "UNet2DConditionModel"],
            "vae": ["diffusers", "AutoencoderKL"],
            "feature_extractor": [None, None],
            "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
            "requires_safety_checker": True,
        }
    ),
    "unet/config.json": J({"_class_name": "UNet2DConditionModel", "_diffusers_version": "0.21.0"}),
    "unet/diffusion_pytorch_model.safetensors": ST,
    "vae/config.json": J({"_class_name": "AutoencoderKL", "_name_or_path": "../sdxl-vae/"}),
    "vae/diffusion_pytorch_model.fp16.safetensors": ST,
    "scheduler/scheduler_config.json": J({"_class_name": "EulerDiscreteScheduler"}),
    "tokenizer/merges.txt": "#version: 0.2\ni n\nt h\n",
    "tokenizer/vocab.json": J({"a": 1}),
    "image.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\0IEND\xaeB`\x82",
    "v1-inference.yaml": "model:\n  base_learning_rate: 1.0e-04\n  target: ldm.models.diffusion.ddpm.LatentDiffusion\n  params:\n    linear_start: 0.00085\n    scheduler_config:\n      target: ldm.lr_scheduler.LambdaLinearScheduler\n    first_stage_config:\n      target: ldm.models.autoencoder.AutoencoderKL\n      params:\n        lossconfig:\n          target: torch.nn.Identity\n",
}
TREES["st"] = {
    **BASE,
    "modules.json": J(
        [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Dense", "type": "sentence_transformers.models.Dense"},
            {"idx": 3, "name": "3", "path": "3_Normalize", "type": "sentence_transformers.models.Normalize"},
        ]
    ),
    "1_Pooling/config.json": J({"word_embedding_dimension": 384, "pooling_mode_mean_tokens": True}),
    "2_Dense/config.json": J(
        {
            "in_features": 384,
            "out_features": 256,
            "bias": True,
            "activation_function": "torch.nn.modules.activation.Tanh",
        }
    ),
    "2_Dense/model.safetensors": ST,
    "config_sentence_transformers.json": J(
        {"__version__": {"sentence_transformers": "2.2.2"}, "prompts": {}, "similarity_fn_name": "cosine"}
    ),
    "sentence_bert_config.json": J({"max_seq_length": 256, "do_lower_case": False}),
    "model.safetensors": ST,
    "config.json": J({"model_type": "bert"}),
    "data_config.json": J([{"name": "x", "lines": 1}]),
    "train_script.py": "import logging, gzip, os, sys\nfrom torch.utils.data import DataLoader\nimport torch\nlogging.basicConfig(level=logging.INFO)\nmodel_name = sys.argv[1] if len(sys.argv) > 1 else 'x'\nwith gzip.open('a.gz','rt') as f:\n    lines = f.readlines()\n",
}
TREES["peft"] = {
    **BASE,
    "adapter_config.json": J(
        {
            "alpha_pattern": {},
            "auto_mapping": None,
            "base_model_name_or_path": "mistralai/Mistral-7B-v0.1",
            "bias": "none",
            "peft_type": "LORA",
            "target_modules": ["q_proj", "v_proj"],
            "task_type": "CAUSAL_LM",
            "megatron_core": "megatron.core",
        }
    ),
    "adapter_model.safetensors": ST,
    "trainer_state.json": J({"best_metric": None, "log_history": [{"loss": 1.0, "step": 1}]}),
    "all_results.json": J({"a": 1.0}),
}
TREES["gguf"] = {
    **BASE,
    "model.Q4_K_M.gguf": gguf(
        [
            ("general.architecture", "llama"),
            ("general.name", "x"),
            ("tokenizer.chat_template", "{% for m in messages %}{{ m['content'] }}{% endfor %}"),
        ]
    ),
    "Modelfile": 'FROM ./model.Q4_K_M.gguf\nTEMPLATE """{{ if .System }}{{ .System }}{{ end }}"""\nPARAMETER stop "<|im_end|>"\n',
    "params": J({"stop": ["a"]}),
}
TREES["timm"] = {
    **BASE,
    "config.json": J(
        {
            "architecture": "vit_base_patch16_224",
            "num_classes": 1000,
            "pretrained_cfg": {
                "tag": "augreg",
                "url": "https://storage.googleapis.com/vit_models/x.npz",
                "mean": [0.5],
                "custom_load": True,
                "interpolation": "bicubic",
                "classifier": "head",
            },
        }
    ),
    "model.safetensors": ST,
}
TREES["onnx"] = {
    **BASE,
    "model.onnx": onnx(node("MatMul"), node("Gelu", "com.microsoft")),
    "ort_config.json": J({"one_external_file": True, "optimization": {"optimization_level": 1}}),
    "config.json": J({"model_type": "bert"}),
    "onnx/model_quantized.onnx": onnx(node("MatMulInteger")),
}
TREES["whisper"] = {
    **BASE,
    "config.json": J({"architectures": ["WhisperForConditionalGeneration"], "model_type": "whisper"}),
    "normalizer.json": J({"accessorise": "accessorize"}),
    "preprocessor_config.json": J(
        {"feature_extractor_type": "WhisperFeatureExtractor", "processor_class": "WhisperProcessor"}
    ),
    "model.safetensors": ST,
    "flax_model.msgpack": b"\x81\xa6params\x81\xa6kernel\xc0",
    "added_tokens.json": J({"<|en|>": 1}),
    "sample.flac": b"fLaC" + bytes(40),
}
MODELING = '''# coding=utf-8
"""PyTorch model."""
import math, os, warnings
import copy, re, sys, logging, importlib
from typing import List, Optional, Tuple, Union
import torch
import torch.nn.functional as F
import torch.utils.checkpoint
from torch import nn
from torch.nn import CrossEntropyLoss
from transformers.activations import ACT2FN
from transformers.modeling_utils import PreTrainedModel
from transformers.utils import logging as hflog, is_flash_attn_2_available
from .configuration_foo import FooConfig
try:
    from flash_attn import flash_attn_func
    from einops import rearrange
except ImportError:
    flash_attn_func = None
if is_flash_attn_2_available():
    from flash_attn.bert_padding import index_first_axis, pad_input
logger = hflog.get_logger(__name__)
if sys.platform != 'darwin':
    torch._C._jit_set_profiling_mode(False)
    torch._C._jit_override_can_fuse_on_cpu(True)
@torch.jit.script
def gelu(x):
    return 0.5 * x * (1.0 + torch.tanh(0.79788456 * x))
def load_tf_weights_in_foo(model, config, path):
    """Load tf checkpoints."""
    import numpy as np
    import tensorflow as tf
    for name, shape in tf.train.list_variables(os.path.abspath(path)):
        name = name.split("/")
        pointer = model
        for m in name:
            pointer = getattr(pointer, m)
    return model
class FooAttention(nn.Module):
    def __init__(self, config: FooConfig):
        super().__init__()
        self.q = nn.Linear(config.hidden_size, config.hidden_size)
        self.act = ACT2FN[config.hidden_act] if isinstance(config.hidden_act, str) else eval(config.hidden_act)
        self.register_buffer("bias", torch.tril(torch.ones((1, 1))), persistent=False)
    def forward(self, x, mask=None):
        assert os.environ.get("DEBUG", "0") in ("0", "1")
        return F.scaled_dot_product_attention(self.q(x), self.q(x), self.q(x), attn_mask=mask)
class FooPreTrainedModel(PreTrainedModel):
    config_class = FooConfig
    base_model_prefix = "model"
    def _init_weights(self, module):
        if isinstance(module, nn.Linear):
            module.weight.data.normal_(mean=0.0, std=0.02)
    @classmethod
    def from_pretrained(cls, path, *a, **k):
        from huggingface_hub import hf_hub_download
        f = hf_hub_download(path, "pytorch_model.bin")
        state = torch.load(f, map_location="cpu")
        return super().from_pretrained(path, *a, state_dict=state, **k)
class FooModel(FooPreTrainedModel):
    def __init__(self, config):
        super().__init__(config)
        self.layers = nn.ModuleList([FooAttention(config) for _ in range(2)])
        mod = importlib.import_module("transformers.models.llama")
        self.post_init()
    def forward(self, input_ids=None, use_cache=None, return_dict=None):
        for l in self.layers:
            input_ids = l(input_ids)
        return input_ids
    @torch.no_grad()
    def chat(self, tokenizer, query: str, history=None, url=None):
        if url is not None:
            import requests
            from PIL import Image
            from io import BytesIO
            image = Image.open(BytesIO(requests.get(url, timeout=3).content))
        return query
FooConfig.register_for_auto_class()
FooModel.register_for_auto_class("AutoModel")
'''
TREES["custom code"] = {
    **BASE,
    "config.json": J(
        {
            "architectures": ["FooModel"],
            "auto_map": {"AutoConfig": "configuration_foo.FooConfig", "AutoModel": "modeling_foo.FooModel"},
            "model_type": "foo",
        }
    ),
    "modeling_foo.py": MODELING,
    "configuration_foo.py": "from transformers import PretrainedConfig\nclass FooConfig(PretrainedConfig):\n    model_type='foo'\n    def __init__(self, hidden_size=8, **k):\n        self.hidden_size=hidden_size\n        super().__init__(**k)\n",
    "tokenization_foo.py": "import base64, os, json, unicodedata\nfrom typing import Dict\nimport tiktoken\nfrom transformers import PreTrainedTokenizer\nVOCAB_FILES_NAMES={'vocab_file':'qwen.tiktoken'}\ndef _load_tiktoken_bpe(f: str) -> Dict[bytes,int]:\n    with open(f,'rb') as h:\n        contents=h.read()\n    return {base64.b64decode(t): int(r) for t, r in (line.split() for line in contents.splitlines() if line)}\nclass QWenTokenizer(PreTrainedTokenizer):\n    def __init__(self, vocab_file, **k):\n        self.ranks=_load_tiktoken_bpe(vocab_file)\n        super().__init__(**k)\n",
    "qwen.tiktoken": "IQ== 0\nIg== 1\nIw== 2\n",
    "model.safetensors": ST,
    "cpp_kernels.py": "from torch.utils import cpp_extension\nimport pathlib, os, subprocess\ndef _get_cuda_bare_metal_version(cuda_dir):\n    raw_output = subprocess.check_output([cuda_dir + '/bin/nvcc', '-V'], universal_newlines=True)\n    return raw_output.split()\ndef build():\n    return cpp_extension.load(name='x', sources=['x.cpp'])\n",
    "quantization.py": "import ctypes, os, bz2, base64\nfrom torch.nn import Linear\ntry:\n    from cpm_kernels.kernels.base import LazyKernelCModule, KernelFunction\n    class Kernel:\n        def __init__(self, code: bytes, names):\n            self.code = code\n            self._cmodule = LazyKernelCModule(self.code)\n    quantization_code = '$QlpoOTFBWSZTWU9yuJUAQHN'\n    kernels = Kernel(bz2.decompress(base64.b64decode('QlpoOTFBWSZTWU9yuJUAQHN')), ['int4'])\nexcept Exception as exception:\n    kernels = None\nclass W8A16Linear:\n    pass\ndef compile_kernel(src):\n    os.system('gcc -O3 -fPIC -shared %s -o out.so' % src)\n    return ctypes.cdll.LoadLibrary('out.so')\n",
}
TREES["spacy pkg"] = {
    "en_x/__init__.py": "from pathlib import Path\nfrom spacy.util import load_model_from_init_py, get_model_meta\n__version__ = get_model_meta(Path(__file__).parent)['version']\ndef load(**overrides):\n    return load_model_from_init_py(__file__, **overrides)\n",
    "setup.py": "#!/usr/bin/env python\nimport io\nimport json\nfrom os import path, walk\nfrom shutil import copy\nfrom setuptools import setup\ndef load_meta(fp):\n    with io.open(fp, encoding='utf8') as f:\n        return json.load(f)\ndef setup_package():\n    root = path.abspath(path.dirname(__file__))\n    meta = load_meta(path.join(root, 'meta.json'))\n    copy(path.join(root,'meta.json'), 'x')\n    setup(name='x', zip_safe=False)\nif __name__ == '__main__':\n    setup_package()\n",
    "en_x/config.cfg": '[paths]\ntrain = null\n[system]\ngpu_allocator = null\nseed = 0\n[nlp]\nlang = "en"\npipeline = ["tok2vec"]\nbefore_creation = null\ntokenizer = {"@tokenizers":"spacy.Tokenizer.v1"}\n[components.tok2vec.model]\n@architectures = "spacy.Tok2Vec.v2"\n[training.logger]\n@loggers = "spacy.ConsoleLogger.v1"\n',
    "meta.json": J({"license": "MIT", "name": "x"}),
    "en_x/vocab/strings.json": J(["a"]),
    "en_x/vocab/key2row": b"\xc0\x80",
    "en_x/vocab/lookups.bin": b"\x80",
    "en_x/vocab/vectors": npy(),
    "en_x/vocab/vectors.cfg": J({"mode": "default"}),
}
TREES["triton"] = {
    "resnet/config.pbtxt": 'name: "resnet"\nplatform: "onnxruntime_onnx"\n# comment backend: "evil"\ninput [ { name: "x" data_type: TYPE_FP32 dims: [ 3 ] } ]\n',
    "resnet/1/model.onnx": onnx(node("Relu")),
    "resnet/labels.txt": "cat\ndog\n",
    "pre/config.pbtxt": 'backend: "python"\nparameters: { key: "EXECUTION_ENV_PATH", value: {string_value: "$$TRITON_MODEL_DIRECTORY/env.tar.gz"} }\n',
    "pre/1/model.py": "import json, numpy as np\nimport triton_python_backend_utils as pb_utils\nclass TritonPythonModel:\n    def initialize(self, args):\n        self.model_config = json.loads(args['model_config'])\n    def execute(self, requests):\n        return [pb_utils.InferenceResponse(output_tensors=[]) for r in requests]\n    def finalize(self):\n        print('bye')\n",
}
TREES["mar"] = {
    "m.mar": zipped(
        (
            "MAR-INF/MANIFEST.json",
            J(
                {
                    "createdOn": "1",
                    "runtime": "python",
                    "model": {
                        "modelName": "m",
                        "serializedFile": "model.pt",
                        "handler": "handler.py",
                        "modelVersion": "1.0",
                    },
                    "archiverVersion": "0.8",
                }
            ).encode(),
        ),
        ("model.pt", PT),
        (
            "handler.py",
            b"from ts.torch_handler.image_classifier import ImageClassifier\nclass H(ImageClassifier):\n    topk=5\n    def initialize(self, ctx):\n        super().initialize(ctx)\n",
        ),
        ("index_to_name.json", b'{"0":"cat"}'),
    )
}
TREES["nemo"] = {
    "m.nemo": tarred(
        (
            "./model_config.yaml",
            b"target: nemo.collections.asr.models.EncDecCTCModelBPE\nsample_rate: 16000\npreprocessor:\n  _target_: nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor\n  normalize: per_feature\nencoder:\n  _target_: nemo.collections.asr.modules.ConformerEncoder\noptim:\n  name: adamw\n  sched:\n    name: CosineAnnealing\ntokenizer:\n  dir: /tmp/tok\n  type: bpe\nexp_manager:\n  exp_dir: null\n",
        ),
        ("./model_weights.ckpt", PT),
        ("./abc_tokenizer.model", b"\n\x0e\n\x05<unk>\x15\0\0\0\0\x18\x02"),
        ("./abc_vocab.txt", b"a\nb\n"),
    )
}
TREES["misc files"] = {
    "LICENSE.md": "MIT License\n\nPermission is hereby granted, free of charge\n",
    "data/train.csv": "a,b\n1,2\nos.system,3\n=cmd|' /C calc'!A0,1\n",
    "x.parquet": b"PAR1" + bytes(20) + b"PAR1",
    "x.arrow": b"ARROW1\0\0" + bytes(20),
    "x.db": b"SQLite format 3\0" + bytes(84),
    "a.jpg": b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(30) + b"\xff\xd9",
    "a.mp4": b"\0\0\0 ftypisom" + bytes(40),
    "CITATION.cff": "cff-version: 1.2.0\ntitle: x\n",
    ".gitignore": "*.pyc\n",
    ".github/workflows/ci.yml": "name: ci\non: [push]\njobs:\n  test:\n    runs-on: ubuntu-latest\n    env:\n      TOKEN: ${{ secrets.HF_TOKEN }}\n    steps:\n    - uses: actions/checkout@v4\n    - run: |\n        pip install -r requirements.txt\n        curl -LsSf https://astral.sh/uv/install.sh | sh\n        pytest\n",
    "requirements.txt": "torch>=2\ntransformers==4.40\n--extra-index-url https://download.pytorch.org/whl/cu121\nnumpy ; python_version<'3.12'\n# -i https://evil\n",
    "environment.yml": "name: x\nchannels: [pytorch, conda-forge]\ndependencies:\n- python=3.10\n- pip:\n  - -r requirements.txt\n",
    "pyproject.toml": "[build-system]\nrequires=['setuptools']\n[project]\nname='x'\nurls={Home='https://x.org'}\n[tool.ruff]\ntarget-version='py39'\n",
    "Dockerfile": "FROM nvidia/cuda:12.1.0-base\nRUN apt-get update && apt-get install -y curl && curl -sSL https://install.python-poetry.org | python3 -\nRUN sed -i 's/a/b/' x && tar -xf y.tgz && pip install -U pip -f https://download.pytorch.org/whl/torch_stable.html torch\n",
    "Makefile": "train:\n\tpython train.py\nclean:\n\trm -rf build/ dist/\n",
    "run.sh": "#!/usr/bin/env bash\nset -euo pipefail\nwget -c https://x.org/data.tgz -O - | tar xz\nnohup python -m torch.distributed.launch train.py > log 2>&1 &\n",
    "app.py": "import gradio as gr\nfrom transformers import pipeline\np=pipeline('x')\ndef f(x): return p(x)\ngr.Interface(f,'text','text').launch()\n",
    "docker-compose.yml": "services:\n  app:\n    image: x\n    command: bash -c 'python app.py'\n",
    ".env.example": "HF_TOKEN=your_token_here\nAWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\n",
    "package.json": J({"name": "x", "scripts": {"build": "tsc"}}),
    "index.html": "<html><script src='https://cdn.jsdelivr.net/x.js'></script></html>",
    "model.js": "const x = require('fs');\n",
    "notes.rst": "Title\n=====\n",
    "tokenizer.model": b"\n\x0e\n\x05<unk>\x15\0\0\0\0\x18\x02\n\x0c\n\x03<s>\x15\0\0\0\0\x18\x03",
    "log.txt": "2024 INFO os.system called\n",
    "runs/events.out.tfevents.1": bytes.fromhex("180000000000000018a3b2c1") + bytes(20),
    "training_args.json": J({"output_dir": "../../out", "logging_dir": "/tmp/x"}),
    "utils.py": "import subprocess\ndef sha():\n    return subprocess.check_output(['git','rev-parse','HEAD']).decode()\n",
    "wandb/config.yaml": "wandb_version: 1\n_wandb:\n  desc: null\n  value:\n    python_version: 3.10\n",
}
TREES["keras"] = {
    "m.keras": zipped(
        ("metadata.json", b'{"keras_version":"3.3.3","date_saved":"x"}'),
        (
            "config.json",
            J(
                {
                    "module": "keras",
                    "class_name": "Sequential",
                    "config": {
                        "name": "s",
                        "layers": [
                            {
                                "module": "keras.layers",
                                "class_name": "InputLayer",
                                "config": {"batch_shape": [None, 4], "dtype": "float32"},
                                "registered_name": None,
                            },
                            {
                                "module": "keras.layers",
                                "class_name": "Dense",
                                "config": {"units": 2, "activation": "relu"},
                                "registered_name": None,
                            },
                        ],
                    },
                    "registered_name": "Sequential",
                }
            ).encode(),
        ),
    )
}
TREES["speechbrain"] = {
    "hyperparams.yaml": "sample_rate: 16000\nn_mels: 80\npretrained_path: speechbrain/x\ncompute_features: !new:speechbrain.lobes.features.Fbank\n    n_mels: !ref <n_mels>\nenc: !new:torch.nn.ModuleList\n    - [!ref <compute_features>]\nlog_softmax: !new:speechbrain.nnet.activations.Softmax\n    apply_log: True\nlr: !name:torch.optim.Adam\n    lr: 0.1\npretrainer: !new:speechbrain.utils.parameter_transfer.Pretrainer\n   loadables:\n      enc: !ref <enc>\n   paths:\n      enc: !ref <pretrained_path>/enc.ckpt\n",
    "label_encoder.txt": "'a' => 0\n================\n'starting_index' => 0\n",
    "custom.py": "import torch\nfrom speechbrain.inference.interfaces import Pretrained\nclass CustomEncoder(Pretrained):\n    MODULES_NEEDED=['x']\n    def __init__(self,*a,**k):\n        super().__init__(*a,**k)\n    def forward(self,w):\n        return self.mods.x(w)\n",
}
TREES["agents"] = {
    "AGENTS.md": "# Agent\nrun tests\n",
    "CLAUDE.md": "x",
    ".vscode/settings.json": '{"python.x": 1}',
    ".cursorrules": "x",
    ".devcontainer/devcontainer.json": '{"postCreateCommand":"pip install -r requirements.txt"}',
}
