"""XML: entities that read, entities that grow, inclusions; and honest models of every form."""

import pytest

from tests.builders.models import assert_blocked, blocking, weighed
from weighbridge.policy.verdict import EvalOutcome

BODY = '<PMML version="4.4"><Header/><x>&a;</x></PMML>'
OUTWARD = {
    "a file": '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + BODY,
    "an address": "<?xml version='1.0'?><!DOCTYPE p [<!ENTITY a PUBLIC 'x' 'http://x.invalid/a'>]>" + BODY,
    "a parameter": '<!DOCTYPE p [<!ENTITY % a SYSTEM "http://x.invalid/a.dtd"> %a;]>' + BODY,
    "an inclusion": '<?xml version="1.0"?><p xmlns:xi="http://www.w3.org/2001/XInclude">'
    '<xi:include href="file:///etc/passwd" parse="text"/></p>',
}


@pytest.mark.parametrize("text", OUTWARD.values(), ids=OUTWARD)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["model.pmml", "model.xml", "model"])
def test_entity_that_reads(text, encoding, name):
    """CWE-611, in the encodings that parsers know, whatever the file is called."""
    assert assert_blocked(weighed(text.encode(encoding), name)).threat.code == "XML-401"


@pytest.mark.parametrize("name", ["model.xml", "model.pmml"])
def test_inclusion_without_a_declaration(name):
    """XML need not say that it is one: the name does."""
    text = '<p xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></p>'
    assert assert_blocked(weighed(text.encode(), name)).threat.code == "XML-401"


UTF_7 = b"+ADwAIQ-DOCTYPE a +AFsAPAAh-ENTITY x SYSTEM +ACI-file:///etc/passwd+ACIAPgBdAD4-<PMML>+ACY-x+ADs-</PMML>"


@pytest.mark.parametrize("name", ["utf-7", "UTF-7", "csUnicode11UTF7"])
def test_entity_in_the_encoding_that_is_declared(name):
    """CWE-611 behind UTF-7: no `<` stands in the bytes, and libxml2 reads one all the same."""
    data = f'<?xml version="1.0" encoding="{name}"?>'.encode() + UTF_7
    assert assert_blocked(weighed(data, "m.pmml")).threat.code == "XML-401"


def test_entity_in_ebcdic():
    """Parsers know the letters of mainframes by the first four bytes."""
    assert assert_blocked(weighed(OUTWARD["a file"].encode("cp037"), "m.xml")).threat.code == "XML-401"


DECODED = {
    "XMLDecoder": '<java version="1" class="java.beans.XMLDecoder"><object class="java.lang.ProcessBuilder"/></java>',
    "XStream": "<sorted-set><dynamic-proxy><interface>java.lang.Comparable</interface>"
    '<handler class="java.beans.EventHandler"><action>start</action></handler></dynamic-proxy></sorted-set>',
    "a look-up": '<?xml version="1.0"?><map><entry><x class="javax.naming.InitialContext"/></entry></map>',
}


@pytest.mark.parametrize("text", DECODED.values(), ids=DECODED)
def test_objects_of_java(text):
    """CWE-502: elements that XMLDecoder and XStream make objects of, and whose methods they call."""
    assert assert_blocked(weighed(text.encode(), "model.xml")).threat.code == "XML-405"


def test_entities_that_grow():
    """CWE-776: a billion laughs, counted and never written out."""
    rows = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = f'<?xml version="1.0"?><!DOCTYPE p [<!ENTITY l0 "lol">{rows}]><p>&l9;</p>'
    assert assert_blocked(weighed(text.encode(), "m.xml")).threat.code == "XML-402"


def test_entities_that_hold_themselves():
    """No parser ends them, and neither do we try."""
    text = '<!DOCTYPE p [<!ENTITY a "&b;"><!ENTITY b "&a;">]><p>&a;</p>'
    assert assert_blocked(weighed(text.encode(), "m.xml")).threat.code == "XML-402"


@pytest.mark.parametrize(
    "text",
    [
        '<?xml version="1.0"?><net name="m" version="11"><layers/></net>',
        '<?xml version="1.0"?><opencv_storage><cascade/></opencv_storage>',
        '<PMML xmlns="http://www.dmg.org/PMML-4_4" version="4.4"><Header/></PMML>',
        '<?xml version="1.0"?><!DOCTYPE p [<!ENTITY nbsp "&#160;">]><p>&nbsp;</p>',
    ],
)
def test_honest_form_passes(text):
    """Models as their tools write them."""
    verdict = weighed(text.encode(), "model.xml")
    assert verdict.eval_outcome is EvalOutcome.ALLOWED, blocking(verdict)
    assert "xml" in verdict.files[0].formats
