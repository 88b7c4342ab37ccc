"""torch.package: sources beside pickles."""

from tests.builders.archives import zipped
from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from tests.builders.pickles import evil
from weighbridge.policy.verdict import EvalOutcome

SOURCE = b"import torch\n\nclass Net(torch.nn.Module):\n    pass\n"
PICKLE = b"\x80\x02cmynet\nNet\n)\x81."


def package(*members: tuple[str, bytes], pickle: bytes = PICKLE) -> bytes:
    return zipped(
        ("pkg/.data/extern_modules", b"torch\ncollections"),
        ("pkg/.data/0.storage", b"\x80\x04" + bytes(14)),
        ("pkg/model/model.pkl", pickle),
        *members,
    )


def test_honest_package_is_allowed_and_its_sources_are_told():
    """A class of the package's own, rebuilt."""
    verdict = weighed(package(("pkg/mynet.py", SOURCE)), "m.pt")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "pytorch_package" in verdict.files[0].formats
    assert "PKG-402" in {finding.threat.code for finding in verdict.reported}


def test_source_that_shadows_a_known_module_is_found():
    """A pickle that names `torch._utils._rebuild_tensor_v2` is answered by the package."""
    for name, module in (
        ("pkg/torch/_utils.py", "torch._utils"),
        ("pkg/collections/__init__.py", "collections"),
        ("pkg/numpy/core/multiarray.py", "numpy.core.multiarray"),
    ):
        found = assert_blocked(weighed(package((name, b"def f(): pass\n")), "m.pt"), module)
        assert found.threat.code == "PKG-401"


def test_source_of_another_package_is_no_shadow():
    """Packing torchvision's sources is what the exporter is for."""
    data = package(("pkg/torchvision/models/resnet.py", SOURCE), ("pkg/mynet.py", SOURCE))

    assert weighed(data, "m.pt").eval_outcome is EvalOutcome.ALLOWED


def test_source_that_runs_a_program_is_found():
    """Importing it is part of loading."""
    assert_blocked(weighed(package(("pkg/mynet.py", b"import os\nos.system('echo')\n")), "m.pt"), "os.system")


def test_pickle_of_a_package_is_torch_s():
    """It is weighed as what torch unpickles, under its own name."""
    assert_blocked(weighed(package(pickle=evil(2)), "m.pt"), "posix.system", "model/model.pkl")


def test_a_cut_hides_nothing():
    """Wherever the file ends after the call."""
    data = package(pickle=evil(2))
    assert allowed_cuts(data, "m.pt", data.index(b"posix") + 40) == []
