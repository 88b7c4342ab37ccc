"""YAML: every spelling of a tag that calls, and no honest setting."""

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.engines.static.walk import Walk
from weighbridge.formats.yaml import CALLS, FOREIGN, MULTIPLIES
from weighbridge.policy.finding import Finding


def findings(text: str | bytes, path="config.yaml") -> list[Finding]:
    walk = Walk()
    walk.weigh(Blob(path, text.encode() if isinstance(text, str) else text, Limits()))
    assert walk.errors == []
    return walk.findings


HONEST = """%YAML 1.2
---
# !!python/object/apply:os.system in a comment
name: it's !important, and a: b
size: &size !!int "3"
pair: !!python/tuple [1, 2]
text: !!python/unicode 'x'
again: *size
star: 2 * 3 & 4
env: !Ref thing
merged: {<<: *size}
block: |
  <html> & more
"""


def test_honest_settings_say_nothing():
    """Plain tags, anchors and exclamation marks."""
    assert findings(HONEST) == []
    assert findings("名: 模型\n") == []


@pytest.mark.parametrize("kind", ["object/apply", "object/new", "object", "name", "module"])
def test_tags_of_python_are_named_with_what_they_call(kind):
    """Applied, built, imported: the name that would run is told, and where."""
    [finding] = findings(f"a: 1\nb: !!python/{kind}:os.system ['echo']\n")

    assert finding.threat is CALLS
    assert (finding.callable, finding.location.offset) == ("os.system", 8)


@pytest.mark.parametrize(
    "text",
    [
        "!!python/object/apply:os.system [echo]",
        "- !!python/object/apply:os.system [echo]",
        "- - {a: [x,!!python/object/apply:os.system [echo]]}",
        '{"a":!!python/object/apply:os.system [echo]}',
        "a: &x !!python/object/apply:os.system [echo]",
        "? !!python/object/apply:os.system [echo]\n: 1",
        "a: !!python/object/apply:os%2Esystem [echo]",
        "a: !!%70ython/object/apply:os.system [echo]",
        "a: !<tag:yaml.org,2002:python/object/apply:os.system> [echo]",
        "%TAG !x! tag:yaml.org,2002:\n---\na: !x!python/object/apply:os.system [echo]",
        "%TAG ! tag:yaml.org,2002:python/\n---\na: !object/apply:os.system [echo]",
        "%TAG !! tag:yaml.org,2002:\n---\na: !!python/object/apply:os.system [echo]",
        "a: |\n  text\nb: !!python/object/apply:os.system [echo]",
        'a: {b: "x\n ", c: !!python/object/apply:os.system ["\n echo"]}',
        "a: 1\r\nb: !!python/object/apply:os.system [echo]\r\n",
        "a: 1\n---\n!!python/object/apply:os.system [echo]\n...\n",
    ],
)
def test_tag_is_found_however_it_is_spelt(text):
    """Flow, anchors, escapes, handles of one's own, several documents."""
    assert (CALLS, "os.system") in [(finding.threat, finding.callable) for finding in findings(text)]


def test_utf_16_hides_no_tag():
    """Loaders read UTF-16, and so do we."""
    [finding] = findings("a: !!python/name:os.system".encode("utf-16"))

    assert finding.callable == "os.system"


@pytest.mark.parametrize("path", ["notes", "config.txt", "hparams.cfg"])
def test_yaml_under_another_name_is_found(path):
    """A loader is told what to load by its caller, not by the name."""
    [finding] = findings("lr: 0.1\nmodel: !!python/object/apply:os.system [echo]\n", path)

    assert finding.threat is CALLS


def test_prose_about_tags_is_prose():
    """A README that warns of a tag is no YAML."""
    assert findings("Never write\n```\na: !!python/object/apply:os.system [x]\n```\n", "README.md") == []


@pytest.mark.parametrize("tag", ["!ruby/object:Gem::Installer", "!!javax.script.ScriptEngineManager", "!!js/function"])
def test_tags_of_other_languages_are_found(tag):
    """What SnakeYAML, Psych and js-yaml would build."""
    [finding] = findings(f"a: {tag} x")

    assert finding.threat is FOREIGN


def test_billion_laughs_are_found():
    """Nine lines that stand for more values than fit anywhere."""
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 10)]

    assert [finding.threat for finding in findings("\n".join(lines))] == [MULTIPLIES]


def test_many_aliases_of_one_setting_are_honest():
    """A default used a thousand times grows by a thousand."""
    assert findings("base: &base {lr: 1}\n" + "".join(f"x{i}: *base\n" for i in range(5000))) == []


def test_bytes_that_are_no_text_are_no_yaml():
    """The name alone makes nothing YAML."""
    assert [finding.threat.code for finding in findings(b"a: \0\1")] == ["FILE-101"]
