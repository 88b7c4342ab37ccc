"""R data: harmless data is harmless, a promise is not."""

import pytest

from tests.builders.rserial import call, closure, pair, promise, rdata, rds, real, strings, symbol, vector, word
from weighbridge.artifact import Blob, Limits
from weighbridge.errors import Malformed
from weighbridge.formats.r import FORMAT, HOLDS_CODE, RUNS, STARTS, inspect


def found(data: bytes) -> list[str]:
    blob = Blob("m.rds", data, Limits())
    assert FORMAT.recognises(blob.peek(0, 4096), blob)
    return [seen.threat.code for seen in inspect(blob)]


@pytest.mark.parametrize("version", [2, 3])
def test_plain_data_says_nothing(version):
    """Numbers, strings, lists with names, and calls that are only data."""
    item = vector(real(1.0, 2.0), strings("a", "b"), pair("names", strings("x")), call("lm", symbol("y")))

    assert found(rds(item, version)) == []


def test_promise_is_found_where_it_is():
    """CVE-2024-27322: reading the object evaluates the expression."""
    data = rds(vector(real(1.0), promise(call("system", strings("echo")))))

    [finding] = inspect(Blob("m.rds", data, Limits()))

    assert finding.threat is RUNS
    assert data[finding.location.offset + 3] == 5


def test_promise_in_a_workspace_is_found():
    """RData is a list of named objects: what is bound to a name may be a promise."""
    assert found(rdata(pair("df", promise(call("system", strings("echo")))))) == [RUNS.code]


def test_functions_are_reported_and_do_not_fail():
    """A model that carries its functions is told as such."""
    assert found(rds(vector(closure(call("predict", symbol("x")))))) == [HOLDS_CODE.code]


def test_workspace_that_starts_itself_is_found():
    """`.First` in a workspace runs when R starts with it."""
    assert found(rdata(pair(".First", closure(call("system", strings("echo")))))) == [HOLDS_CODE.code, STARTS.code]


def test_text_form_is_read_too():
    """The ASCII form holds the same objects as lines."""
    data = b"A\n2\n262913\n131840\n1029\n253\n252\n6\n1\n9\n6\nsystem\n254\n"

    assert found(data) == [RUNS.code]


def test_every_cut_is_malformed():
    """A stream that ends within an object is told."""
    data = rds(vector(real(1.0), strings("ab"), closure(call("f"))))
    for length in range(6, len(data)):
        with pytest.raises(Malformed):
            list(inspect(Blob("m.rds", data[:length], Limits())))


def test_lengths_are_claims():
    """A vector longer than the file is refused before it is walked."""
    with pytest.raises(Malformed):
        list(inspect(Blob("m.rds", rds(word(19) + word(2**31 - 1)), Limits())))
