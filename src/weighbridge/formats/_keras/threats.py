"""What can be wrong with a Keras configuration."""

from __future__ import annotations

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

CARRIES = Threat(
    "KERAS-101",
    "Keras layer carries code",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-KERAS-101",
    cwe=94,
    what="A Lambda layer (or a function in its place) is kept as marshalled bytecode: loading the model makes it a "
    "function, and building or using the model calls it. Legacy files do so whatever `safe_mode` says (CVE-2024-3660, "
    "CVE-2025-9905).",
    remedy="Write the layer as a class in a module, or get the weights alone; do not load with safe_mode=False.",
    approvable=True,
)
NAMES = Threat(
    "KERAS-100",
    "Keras configuration calls what nobody can vouch for",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    airs="PAIT-KERAS-100",
    cwe=470,
    what="A Lambda layer names a function, or an object names a function of a package that is not described here: "
    "loading or using the model calls it.",
    remedy="Read what the function does. If it is sound, add it to `approved_callables` of the group.",
    approvable=True,
)
REACHES = Threat(
    "KERAS-301",
    "Keras configuration reaches outside Keras, or for its tools",
    RUNTIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-KERAS-301",
    cwe=502,
    what="An object of the configuration names a module and a callable that no layer is: loading imports the one and "
    "calls the other (CVE-2025-1550; with Keras's own tools, CVE-2025-8747 and CVE-2025-9906).",
    remedy="Do not load the file.",
)
READS = Threat(
    "KERAS-401",
    "Keras layer reads a file or an address",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    airs=None,
    cwe=73,
    what="The vocabulary of a look-up layer is not a list but a path or an address, which is opened when the model is "
    "loaded: a local file leaks into the model, or the loader connects to where its maker says (CVE-2025-12058).",
    remedy="Save the model again with the vocabulary in it.",
)
LOADS = Threat(
    "KERAS-402",
    "Keras layer loads another model",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=502,
    what="The layer loads a SavedModel from a path (TFSMLayer) or a pickled torch module (TorchModuleWrapper, "
    "CVE-2025-49655): what that holds is executed with it.",
    remedy="Weigh what the layer loads, and ship it as a model of its own.",
)
CUSTOM = Threat(
    "KERAS-403",
    "Keras configuration needs a class of one's own",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The model can be loaded only where the named class is registered or importable; what it does is its "
    "package's affair.",
    remedy="Make sure that you trust the package that is named.",
)
THREATS = (CARRIES, NAMES, REACHES, READS, LOADS, CUSTOM)
