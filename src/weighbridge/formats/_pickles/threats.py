"""What a pickle can be found guilty of, by who loads it: the vendor counts pickle, PyTorch and joblib apart."""

from __future__ import annotations

from weighbridge.policy.finding import Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, RUNTIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS
from weighbridge.typed import NamedTuple


class Threats(NamedTuple):
    """The threats of one family of loaders."""

    executes: Threat
    suspicious: Threat


EXECUTES = Threat(
    "PKL-100",
    "Pickle runs code when it is loaded",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    airs="PAIT-PKL-100",
    cwe=502,
    what="Loading the file calls (or imports) something that a model has no use for: a command, an evaluator, a file "
    "or network function, a name of the standard library or of a described framework that is not known to be inert.",
    remedy="Do not load the file. Get the weights as safetensors, or make the file again from its source.",
)
SUSPICIOUS = Threat(
    "PKL-101",
    "Pickle calls what nobody can vouch for",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    airs="PAIT-PKL-101",
    cwe=502,
    what="Loading the file calls a function of a package that is not described here, and nothing shows that the call "
    "merely rebuilds a value; or it uses objects in a way that no honest pickler writes.",
    remedy="Read what the callable does in its package. If it is sound, add it to `approved_callables` of the group.",
    approvable=True,
)
BY_VALUE = Threat(
    "PKL-401",
    "Pickle carries code by value",
    LOAD_TIME_CODE_EXECUTION,
    Severity.HIGH,
    cwe=94,
    what="Functions or classes lie in the file as bytecode (cloudpickle, dill, numba): loading makes them, and "
    "whatever calls them runs them. Bytecode cannot be vouched for by its name.",
    remedy="Keep the function in a module and save the object with pickle; or, if the group takes responsibility for "
    "such files, approve the callable (for instance `cloudpickle.*`) in `approved_callables`.",
    approvable=True,
)
UNDESCRIBED = Threat(
    "PKL-402",
    "Pickle names what is not described here",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    what="The file rebuilds objects of a package whose classes we know nothing of. That is what pickles are for; what "
    "such a class does with its state is its package's affair.",
    remedy="Make sure that you trust the package that is named.",
)
CRAFTED = Threat(
    "PKL-403",
    "Pickle is built as no pickler builds it",
    SUSPICIOUS_COMPONENTS,
    Severity.HIGH,
    cwe=502,
    what="The file does what only hand-made pickles do: it looks names up in the extension registry, computes the name "
    "of an import, writes into what an import names, changes an object twice, or means one thing to one unpickler and "
    "another to the next. Such files are made to call something without being seen to call it.",
    remedy="Do not load the file. Make it again from its source.",
)
PICKLE = Threats(EXECUTES, SUSPICIOUS)
PYTORCH = Threats(
    EXECUTES._replace(code="PYTCH-100", title="PyTorch file runs code when it is loaded", airs="PAIT-PYTCH-100"),
    SUSPICIOUS._replace(code="PYTCH-101", title="PyTorch file calls what nobody can vouch for", airs="PAIT-PYTCH-101"),
)
JOBLIB = Threats(
    EXECUTES._replace(code="JOBLIB-100", title="joblib file runs code when it is loaded", airs="PAIT-JOBLIB-100"),
    SUSPICIOUS._replace(code="JOBLIB-101", title="joblib file calls what nobody can vouch for", airs="PAIT-JOBLIB-101"),
)
TORCHSCRIPT = Threats(
    EXECUTES._replace(
        code="TCHST-300",
        title="TorchScript archive names code that is no TorchScript",
        rule=RUNTIME_CODE_EXECUTION,
        airs="PAIT-TCHST-300",
    ),
    SUSPICIOUS._replace(
        code="TCHST-301", title="TorchScript archive calls what nobody can vouch for", airs="PAIT-TCHST-301"
    ),
)
BY_LOADER = {"pytorch": PYTORCH, "joblib": JOBLIB, "torchscript": TORCHSCRIPT}
COMMON = (BY_VALUE, UNDESCRIBED, CRAFTED)


def threats_of(loader: str) -> Threats:
    """The threats of whoever reads the blob."""
    return BY_LOADER.get(loader, PICKLE)
