"""Classes and modules that a setting names: what importing them by that name would mean."""

from __future__ import annotations

import re

FRAMEWORKS = frozenset(
    """torch transformers diffusers sentence_transformers peft accelerate optimum onnxruntime flax jax tensorflow keras
    sklearn scipy numpy pandas timm mlflow spacy spacy_transformers spacy_legacy thinc xgboost lightgbm catboost
    pylate setfit adapters open_clip nemo torchvision torchaudio tokenizers safetensors k_diffusion controlnet_aux
    sparse_encoder model2vec bitsandbytes trl unsloth
    speechbrain pyannote detectron2 ldm sgm lightning pytorch_lightning nemo_text_processing""".split()
)
CLIMBS = "climbs out of the folder"


def is_deed(spelled: str) -> bool:
    """Does a dotted name mean the standard library, or a callable that is known to do harm?"""
    from weighbridge.policy.callables import Effect, effect_of, is_module

    module, _, name = spelled.rpartition(".")
    top = spelled.partition(".")[0]
    if is_module(top):
        return not module or effect_of(module, name) >= Effect.SHUT
    return bool(module) and effect_of(module, name) is Effect.DENIED


def is_known(spelled: str) -> bool:
    """Is it of a framework that loaders of models know?"""
    return spelled.partition(".")[0] in FRAMEWORKS


def is_elsewhere(spelled: str) -> bool:
    """Does it name another repository, or an address?"""
    return "--" in spelled or "/" in spelled or "\\" in spelled


def leaves(path: str) -> str:
    """How a path leaves the folder that it stands in ("": it does not)."""
    if re.match(r"(?:[a-z][a-z0-9+]*:)?//|\\\\", path, re.I):
        return "names another host"
    if re.search(r"(?:^|[/\\])\.\.(?:[/\\]|$)", path):
        return CLIMBS
    if re.match(r"/|[A-Za-z]:[/\\]|~", path):
        return "is absolute"
    return ""


def place(data: bytes, text: str) -> int:
    """Where a text of a parsed file stands in its bytes, as well as a search can tell."""
    return max(data.find(text.encode("utf-8", "replace")), 0)
