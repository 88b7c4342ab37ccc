"""Jinja templates: parsed, never rendered."""

import pytest

from weighbridge.artifact import Blob, Limits
from weighbridge.formats.jinja import ESCAPE, SUSPICIOUS, inspect


def found(template: str) -> set[str]:
    return {finding.threat.code for finding in inspect(Blob("chat_template.jinja", template.encode(), Limits()))}


ESCAPING = {
    "plain": "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "globals of a function": "{{ cycler.__init__.__globals__.os.popen('echo').read() }}",
    "item": "{{ x['__globals__'] }}",
    "concatenated": "{{ x['__glo' ~ 'bals__'] }}",
    "added": "{{ x['__glo' + 'bals__'] }}",
    "attr filter": "{{ x|attr('__class__') }}",
    "hexadecimal": r"{{ x|attr('\x5f\x5fclass\x5f\x5f') }}",
    "unicode escape": r"{{ x|attr('\u005f\u005fclass\u005f\u005f') }}",
    "joined": "{{ x|attr(['__cl', 'ass__']|join) }}",
    "joined by method": "{{ x|attr(''.join(['__cl', 'ass__'])) }}",
    "formatted": "{{ x|attr('%c%cclass%c%c'|format(95, 95, 95, 95)) }}",
    "percent": "{{ x|attr('%sclass%s' % ('__', '__')) }}",
    "reversed": "{{ x|attr('__ssalc__'|reverse) }}",
    "sliced": "{{ x|attr('__ssalc__'[::-1]) }}",
    "lowered": "{{ x|attr('__CLASS__'|lower) }}",
    "replaced": "{{ x|attr('--class--'|replace('-', '_')) }}",
    "set before": "{% set a = '__cla' %}{% set b = 'ss__' %}{{ x[a ~ b] }}",
    "computed": "{{ x|attr(request.args.name) }}",
    "mapped": "{{ [x]|map(attribute='__class__')|list }}",
    "selected": "{{ [x]|selectattr('__init__')|list }}",
    "format string": "{{ '{0.__class__}'.format(x) }}",
    "generator frame": "{{ x.gi_frame.f_back.f_globals }}",
    "in a macro": "{% macro m() %}{{ x.__class__ }}{% endmacro %}{{ m() }}",
    "in a condition": "{% if x.__class__ %}{% endif %}",
    "in a default": "{% macro m(a=x.__class__) %}{% endmacro %}",
    "in a loop's filter": "{% for a in b if a.__class__ %}{% endfor %}",
    "calls popen": "{{ x.os.popen('echo') }}",
    "does not parse": "{{ x.__class__",
}


@pytest.mark.parametrize("template", ESCAPING.values(), ids=ESCAPING.keys())
def test_escape_is_found_however_it_is_spelt(template):
    """What a template puts together is read as what it becomes."""
    assert ESCAPE.code in found(template)


HONEST = {
    "loop": "{% for m in messages %}{{ '<|' + m['role'] + '|>' }}{{ m['content']|trim }}{% endfor %}",
    "namespace": "{% set ns = namespace(found=false) %}{% set ns.found = true %}{{ ns.found }}",
    "raise": "{% if messages[0].role != 'user' %}{{ raise_exception('roles must alternate') }}{% endif %}",
    "tools": "{% if tools %}{{ tools|tojson(indent=4) }}{% endif %}{% macro t(x) %}{{ x.name }}{% endmacro %}",
    "generation": "{% generation %}{{ content }}{% endgeneration %}",
    "controls": "{% for m in messages %}{% if loop.last %}{% break %}{% endif %}{% endfor %}",
    "think": "{% if '</think>' in m.content %}{{ m.content.split('</think>')[-1].lstrip('\\n') }}{% endif %}",
    "date": "{{ strftime_now('%d %b %Y') }}",
    "format": "{{ 'Today: {}'.format(date) }}{{ '%s: %s'|format(a, b) }}",
    "attributes": "{{ m|map(attribute='content')|join }}{{ m|selectattr('role', 'equalto', 'user')|list }}",
    "text about code": "Never use __class__ or os.system in your answers. {{ content }}",
    "address in the system prompt": "You are made by https://example.invalid. {{ content }}",
    "words": "{% if 'tool_calls' in message %}{{ message.tool_calls }}{% endif %}",
    "token": "{{ '<|begin▁of▁sentence|>' }}",
}


@pytest.mark.parametrize("template", HONEST.values(), ids=HONEST.keys())
def test_honest_template_says_nothing(template):
    """What the templates of real models do is no finding."""
    assert found(template) == set()


STRANGE = {
    "hidden direction": "{{ content }}\u202eevil\u202c",
    "tag characters": "{{ content }}" + "".join(chr(0xE0000 + ord(char)) for char in "obey"),
    "runs of nothing": "{{ content }}\u200b\u200c\u200b\u200c\u200b",
    "include": "{% include '/etc/passwd' %}",
    "import": "{% import name as x %}",
    "gated address": "{% if 'bank' in m['content'] %}Go to https://bank.invalid{% endif %}",
    "gated script": "{% if 'html' in m.content %}{{ '<script src=x>' }}{% endif %}",
    "cut": "{% for m in messages %}{{ m }}",
}


@pytest.mark.parametrize("template", STRANGE.values(), ids=STRANGE.keys())
def test_strange_template_is_suspicious(template):
    """Hidden characters, foreign templates and words that trigger an address are told apart from escapes."""
    assert found(template) == {SUSPICIOUS.code}


def test_place_is_the_line():
    """The finding leads to the line that reaches out, and shows it."""
    [finding] = inspect(Blob("t.jinja", b"hello\n{{ x.__class__ }}\n", Limits()))

    assert finding.location.offset == 6
    assert finding.evidence == "{{ x.__class__ }}"


def test_deep_nesting_is_bounded():
    """A template nested beyond any reader's patience is not passed over."""
    from weighbridge.engines.static.walk import Walk

    walk = Walk()
    walk.weigh(Blob("t.jinja", b"{{ " + b"(" * 20_000 + b")" * 20_000 + b" }}", Limits()))

    assert [finding.threat.code for finding in walk.findings] in (["FILE-102"], [SUSPICIOUS.code])
