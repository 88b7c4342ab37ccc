"""A secret: it can be used, and never seen."""

from __future__ import annotations

from functools import cache

from weighbridge.typed import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    import re

SHORTEST = 4  # characters: what is shorter is no secret, and would blot out half of any text


class Secret:
    """A text that no log, report, exception or copy shows: only `reveal` hands it over, where it is sent."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the header or the environment that carries it, and for nothing else."""
        return self._text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "***"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not written down")


def redacted(text: str, *secrets: Secret) -> str:
    """The text with every secret in it blotted out, in each of the forms in which it travels; and with whatever else in
    it has the shape of a credential."""
    every = {form for secret in secrets for form in forms(secret.reveal())}
    for form in sorted(every, key=len, reverse=True):
        text = text.replace(form, "***")
    for shape in shapes():
        text = shape.sub(r"\1***", text)
    return text


def login(name: str, secret: Secret) -> tuple[Secret, ...]:
    """The secret of an account, and the pairs that Basic authentication writes of the two."""
    from urllib.parse import quote

    text = secret.reveal()
    pairs = (f"{name}:{text}", f"{quote(name, safe='')}:{quote(text, safe='')}", f":{text}")
    return (*map(Secret, pairs), secret)


def forms(secret: str) -> set[str]:
    """As it is, in an address, a header, JSON, a message of Python's; and the login of an address by itself."""
    from base64 import b64encode
    from json import dumps
    from urllib.parse import quote, quote_plus, unquote, urlsplit

    coded = b64encode(secret.encode("utf-8", "surrogatepass")).decode()
    made = {secret, dumps(secret)[1:-1], repr(secret)[1:-1], coded, coded.rstrip("=")}
    made |= {
        quote(secret, safe="", errors="replace"),
        quote(secret, errors="replace"),
        quote_plus(secret, errors="replace"),
    }
    if "://" in secret:
        for address in secret.split():
            password = urlsplit(address).password or ""
            made |= {address, password, unquote(password), address.rstrip("/")}
    return {form for form in made if len(form) >= SHORTEST}


@cache
def shapes() -> tuple[re.Pattern[str], ...]:
    """What a credential looks like, whosever it is; the group before it stays."""
    import re

    return (
        re.compile(r"(?i)(\bAuthorization\b[\"']?\s*[:=]\s*[\"']?(?:Bearer|Basic)\s+)[\w.~+/=-]+"),
        re.compile(r"(?i)(\bBearer\s+)[\w.~+/=-]{16,}"),
        re.compile(r"(://[^/\s:@\"']*:)[^/\s@\"']++(?=@)"),  # a login in an address
        re.compile(
            r"(?i)(\b(?:access_token|client_secret|refresh_token|id_token)\b[\"']?\s*[:=]\s*[\"']?)[^\s\"'&,}]+"
        ),
        re.compile(r"()\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*"),  # a JSON web token
    )
