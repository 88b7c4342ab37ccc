"""A secret: it can be used, and never seen."""

from typing import NoReturn

SHORTEST = 4  # characters: what is shorter would blot out half of any text


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
    """The text with every secret in it blotted out, in each of the forms in which it travels."""
    for secret in secrets:
        for form in sorted(forms(secret.reveal()), key=len, reverse=True):
            text = text.replace(form, "***")
    return text


def forms(secret: str) -> set[str]:
    """As it is, as it stands in an address, as it stands in a header; and the login of an address by itself."""
    from base64 import b64encode
    from urllib.parse import quote, quote_plus, unquote, urlsplit

    made = {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), b64encode(secret.encode()).decode()}
    if "://" in secret:
        for address in secret.split():
            password = urlsplit(address).password or ""
            made |= {address, password, unquote(password), address.rstrip("/")}
    return {form for form in made if len(form) >= SHORTEST}
