"""CNTK: dictionaries within dictionaries, and the classes that they name."""

from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from tests.builders.protobuf import field, message
from weighbridge.policy.verdict import EvalOutcome


def value(content: object) -> bytes:
    """A text, a dictionary, a list, or the bytes of a tensor."""
    head = message((1, 1), (2, 6))
    if isinstance(content, str):
        return head + field(8, content)
    if isinstance(content, dict):
        return head + field(12, dictionary(content))
    if isinstance(content, list):
        return head + field(11, b"".join(field(1, value(each)) for each in content))
    assert isinstance(content, bytes)
    return head + field(13, content)


def dictionary(content: dict[str, object]) -> bytes:
    return field(1, 1) + b"".join(field(2, message((1, key), (2, value(inner)))) for key, inner in content.items())


def model(*functions: dict[str, object]) -> bytes:
    plain = {"type": "PrimitiveFunction", "name": "times", "inputs": ["a", "b"], "value": b"\xff" * 300}
    return dictionary({"root_uid": "f0", "type": "CompositeFunction", "primitive_functions": [plain, *functions]})


UDF = {"type": "UserDefinedFunction", "class": "MyFunc", "module": "acme.functions", "state": {"n": "1"}}


def test_honest_model_is_allowed():
    """Functions, names and tensors."""
    verdict = weighed(model(), "m.cmf")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert "cntk" in verdict.files[0].formats


def test_function_of_the_user_s_own_is_found():
    """In a list within the model's dictionary; the class is named."""
    data = model(UDF)

    found = assert_blocked(weighed(data, "m"), "acme.functions.MyFunc")

    assert found.threat.code == "CNTK-401"
    assert data[found.location.offset :].startswith(b"acme.functions")


def test_older_form_is_named():
    """It begins with its name in wide letters."""
    verdict = weighed("BCNTK\0".encode("utf-16-le") + bytes(64), "m.dnn")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert verdict.files[0].formats == ("cntk",)


def test_a_cut_hides_nothing():
    """Wherever the file ends after the module's name."""
    data = model(UDF)
    keep = data.index(b"acme.functions") + 14

    assert allowed_cuts(data, "m.cmf", keep) == []


def test_version_that_is_left_out_hides_nothing():
    """Zero is the default, and is not written."""
    inner = dictionary({"module": "acme", "class": "F"})[2:]
    data = dictionary({"type": "CompositeFunction"}) + field(2, field(1, "x") + field(2, field(12, inner)))

    assert_blocked(weighed(data, "m"), "acme.F")


def test_order_of_entries_hides_nothing():
    """A key of nobody's first, the version last, the value before its key."""
    odd = field(2, field(2, value("x")) + field(1, "acme"))
    swapped = b"".join(
        field(2, field(2, value(text)) + field(1, key)) for key, text in (("module", "os"), ("class", "x"))
    )
    inner = field(1, 1) + swapped
    data = odd + field(2, field(2, message((1, 1), (2, 6), (12, inner))) + field(1, "name")) + field(1, 1)

    assert_blocked(weighed(data, "m"), "os.x")
