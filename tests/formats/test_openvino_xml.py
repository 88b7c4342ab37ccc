"""OpenVINO IR: layers of sets, and of extensions."""

import pytest

from tests.builders.cuts import allowed_cuts
from tests.builders.models import assert_blocked, weighed
from weighbridge.policy.verdict import EvalOutcome

NET = """<?xml version="1.0"?>
<net name="m" version="11">
  <layers>
    <layer id="0" name="in" type="Parameter" version="opset1"><data shape="1,10" element_type="f32"/></layer>
    <layer id="1" name="w" type="Const" version="opset1">
      <data element_type="f32" shape="1" offset="{offset}" size="4"/>
    </layer>
    <layer id="2" name="a > b" type="{kind}" version="{version}"/>
  </layers>
</net>
"""


def net(kind: str = "Add", version: str = "opset1", offset: str = "0") -> bytes:
    return NET.format(kind=kind, version=version, offset=offset).encode()


@pytest.mark.parametrize(("kind", "version"), [("Add", "opset13"), ("RegexSplit", "extension")])
def test_honest_net_is_allowed(kind, version):
    """Layers of the operation sets, and those of OpenVINO's tokenizers."""
    verdict = weighed(net(kind, version), "m.xml")

    assert verdict.eval_outcome is EvalOutcome.ALLOWED
    assert set(verdict.files[0].formats) == {"xml", "openvino_xml"}


def test_layer_of_an_extension_is_told():
    """A library that the reader loads brings it."""
    found = assert_blocked(weighed(net("AcmeSpin", "extension"), "m.xml"), "openvino.AcmeSpin")

    assert found.threat.code == "OVINO-401"


@pytest.mark.parametrize("offset", ["-64", "18446744073709551608"])
def test_place_of_a_constant_is_a_claim(offset):
    """Before the file, or beyond any."""
    assert assert_blocked(weighed(net(offset=offset), "m.xml")).threat.code == "OVINO-402"


def test_external_entity_of_a_net_is_found():
    """CWE-611: the net is XML, with all that XML can do."""
    data = net().replace(b"<net ", b'<!DOCTYPE net [<!ENTITY e SYSTEM "file:///etc/passwd">]><net ')

    assert assert_blocked(weighed(data, "m.xml")).threat.code == "XML-401"


def test_a_cut_hides_nothing():
    """Wherever the net ends after the layer's version."""
    data = net("AcmeSpin", "extension")
    assert allowed_cuts(data, "m.xml", data.index(b'"extension"') + 11) == []
