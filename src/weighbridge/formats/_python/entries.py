"""Which functions of a source are called by whoever loads or serves a model, without being asked for by name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from weighbridge.formats._python.deeds import LOADED, USED
from weighbridge.formats._python.values import NOTHING, Local, Scope

LOADED_BASES = re.compile(  # who derives from these is made by a loader: transformers, diffusers, servers, installers
    r"\w*(?:PreTrained\w+|Pretrained\w+|Tokenizer(?:Fast)?|ProcessorMixin|\w*ImageProcessor(?:Fast)?|\w*FeatureExtract\w*"
    r"|ModelMixin|ConfigMixin|SchedulerMixin|DiffusionPipeline|Pipeline|LightningModule|BaseHandler|PythonModel|ChatModel"
    r"|GeneratorBasedBuilder|DatasetBuilder|ArrowBasedBuilder|BeamBasedBuilder|InputModule)|nn\.Module|Module"
    r"|(?:keras\.)?(?:layers\.)?Layer|(?:(?:tf\.)?keras\.|kserve\.)?Model"
)
INSTALLERS = re.compile(
    r"(?:\w+\.)*(?:install|develop|build_py|build_ext|egg_info|sdist|bdist_wheel|build|install_lib)"
)
SERVED = ("EndpointHandler", "TritonPythonModel")
LOADS = frozenset(
    """__init__ __new__ __post_init__ __setstate__ initialize load load_context load_model from_pretrained from_config
    _from_config from_dict setup auto_complete_config _info _split_generators _load_model post_init""".split()
)
USES = frozenset(
    """__call__ forward call execute handle handle_async preprocess inference postprocess predict predict_stream
    generate _generate_examples _generate_tables finalize _sanitize_parameters _forward encode tokenize""".split()
)
HOOKS = frozenset(  # what frameworks call by themselves: on making, moving, saving and printing a model
    """extra_repr train eval to half float cuda cpu _apply state_dict load_state_dict _load_from_state_dict parameters
    named_parameters _init_weights init_weights tie_weights resize_token_embeddings get_input_embeddings
    set_input_embeddings get_output_embeddings set_output_embeddings prepare_inputs_for_generation _reorder_cache
    can_generate save_pretrained gradient_checkpointing_enable _set_gradient_checkpointing to_dict to_diff_dict
    to_json_string get_text_config get_vocab vocab_size _tokenize _convert_token_to_id _convert_id_to_token
    convert_tokens_to_string convert_tokens_to_ids decode _decode batch_decode save_vocabulary _encode_plus
    _batch_encode_plus
    build_inputs_with_special_tokens apply_chat_template pad training_step validation_step configure_optimizers
    on_load_checkpoint on_save_checkpoint build get_config compute_output_shape""".split()
)
FILES = {  # functions at the top of a file that is looked for by its name; "": every one
    "hubconf.py": (LOADED, ()),
    "inference.py": (LOADED, ("model_fn", "input_fn", "predict_fn", "output_fn", "transform_fn")),
    "handler.py": (USED, ("handle", "initialize", "init")),
    "generate.py": (USED, ("generate",)),
    "score.py": (LOADED, ("init", "run")),
}


def is_loaded(node: ast.ClassDef) -> bool:
    """Does a loader, a server or an installer make instances of a class?"""
    bases = [ast.unparse(base) for base in node.bases]
    short = [base.split("[")[0] for base in bases]
    marks = [ast.unparse(mark) for mark in node.decorator_list]
    return (
        node.name in SERVED
        or any(LOADED_BASES.fullmatch(base) or LOADED_BASES.fullmatch(base.rpartition(".")[2]) for base in short)
        or any(INSTALLERS.fullmatch(base) for base in short)
        or any(re.match(r"bentoml\.service\b|service\b", mark) for mark in marks)
    )


def entry_points(local: Local) -> Iterator[tuple[str, str]]:
    """The methods of such a class that are called, with when they are."""
    node = local.node
    if not isinstance(node, ast.ClassDef):
        return
    installs = any(INSTALLERS.fullmatch(ast.unparse(base)) for base in node.bases)
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            if child.name in LOADS or (installs and child.name in ("run", "finalize_options", "initialize_options")):
                yield LOADED, child.name
            elif (
                child.name in USES
                or child.name in HOOKS
                or (child.name[:2] == "__" and not installs)
                or is_asked(child)
            ):
                yield USED, child.name


def is_asked(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A property: whoever looks at the object calls it."""
    return any("property" in ast.unparse(mark) for mark in node.decorator_list)


def of_file(name: str, top: Scope) -> Iterator[tuple[str, Local]]:
    """The functions at the top of a file that its name makes entry points."""
    when, names = FILES.get(name, ("", ()))
    if not when:
        return
    for function in names or [one for one in top.names if not one.startswith("_")]:
        for local in top.names.get(function, NOTHING).local:
            if not isinstance(local.node, ast.ClassDef):
                yield when, local
