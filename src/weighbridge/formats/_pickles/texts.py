"""What a text among the arguments says: a plain word, or code, a command, a path, an address."""

from __future__ import annotations

import re
from functools import cache

from weighbridge.picklevm.values import Payload, Value

PLAIN = re.compile(r"[\w.<>|=\[\], :+()-]{0,64}|[A-Z][a-z]\w*(?:/[A-Z][\w-]*){1,2}").fullmatch  # "Europe/Riga"
WORD = re.compile(r"[\w.+-]{0,40}").fullmatch


@cache
def acting() -> re.Pattern[str]:
    """Shell, Python, addresses and paths, as a person would recognise them."""
    return re.compile(
        r"(?:[a-z][a-z0-9+.-]*://|\bwww\.|\\\\\w)"  # addresses
        r"|(?:[;&|`]|\$\(|\$\{|>\s*/|\s-[a-z]\s|\bsudo\b|\b(?:ba|z|c|k)?sh\s+-)"  # shells
        r"|\b(?:echo|curl|wget|bash|sh|nc|ncat|rm|cat|chmod|touch|whoami|calc|powershell|cmd|python\d?|perl|ping|ls|id"
        r"|uname|mkfifo|open|xterm|notepad|sleep|base64)(?:\.exe)?(?:\s|$)"
        r"|\b(?:import|exec|eval|compile|lambda|def|class|print|system|popen|__\w+__)\b\s*[\s(.:]"
        r"|(?:^|[\s\"'])(?:/|~/|\.\.?/|[A-Za-z]:\\)[\w.-]*"  # paths
        r"|\.\.[/\\]"
        r"|\b(?:\d{1,3}\.){3}\d{1,3}\b"
        r"|\w\.(?:bin|pkl|pickle|pt|pth|ckpt|np[yz]|h5|hdf5|onnx|joblib|json|ya?ml|toml|ini|cfg|txt|csv|dat|log|db|sqlite"
        r"|so|dll|dylib|exe|py|pyc|sh|bat|ps1|js|jar|zip|tar|gz|whl)(?:$|[\s\"'])"  # files
    )


@cache
def attacking() -> re.Pattern[str]:
    """What is nothing but a command to run, or code that leaves Python."""
    return re.compile(
        r"__import__|\bimport\s+(?:os|subprocess|socket|pty|ctypes)\b|\b(?:os\.(?:system|popen|exec\w+|spawn\w+)|subprocess\.)"
        r"|\b(?:eval|exec)\s*\(|__(?:subclasses|globals|builtins|bases|mro)__|/dev/tcp/|/bin/(?:ba|z|c|k|da)?sh\b"
        r"|\|\s*(?:ba|z|c|k|da)?sh\b|\b(?:curl|wget)\s+(?:-\S+\s+)*\S*://|\b(?:powershell|cmd)(?:\.exe)?\s+[-/]|\bnc\s+-\w"
    )


@cache
def addressed() -> re.Pattern[str]:
    """An address and nothing else."""
    return re.compile(r"[a-z][a-z0-9+.-]*://[\w.:@%/?=&~+,-]*")


def is_address(text: str) -> bool:
    return addressed().fullmatch(text) is not None


def is_attack(text: str) -> bool:
    """Is it a command, or code, that no setting of a model would be?"""
    return len(text) < 4096 and attacking().search(text) is not None


@cache
def ordering() -> re.Pattern[str]:
    """A command of one word, or a machine by its name: what a word alone can do."""
    return re.compile(
        r"\s*(?:sudo\s+)?(?:reboot|poweroff|shutdown|halt|whoami|ifconfig|ipconfig|hostname|calc|notepad|xterm|bash|sh|cmd"
        r"|powershell)(?:\.exe)?(?:\s.*)?|(?:[\w-]+\.)+(?:com|net|org|io|ru|cn|xyz|top|info|biz|onion|cloud|site|online|invalid"
        r"|example)(?::\d{1,5})?|[\w.-]+:\d{2,5}",
        re.DOTALL,
    )


def is_order(text: str) -> bool:
    """Is a single word of it a command, or a machine's name?"""
    return ordering().fullmatch(text) is not None


@cache
def placed() -> re.Pattern[str]:
    """A path, a file or an address, and nothing else."""
    return re.compile(
        r"(?:/|~/|\.\.?[/\\]|[A-Za-z]:\\|[a-z][a-z0-9+.-]*://|\\\\\w)\S*|[\w./\\-]+\.(?:so|dll|dylib|exe|pyc?|sh|bat|ps1)"
    )


def is_place(text: str) -> bool:
    """Is it where something lies: what is opened, written or asked?"""
    return len(text) > 1 and placed().fullmatch(text) is not None


def is_acting(text: str) -> bool:
    """Does it look like code, a command, a path or an address?"""
    return acting().search(text[:4096]) is not None


def is_plain(text: Value) -> bool:
    """Is it a word, a number, a type's name: what honest calls are given as text?"""
    return isinstance(text, str) and PLAIN(text) is not None and not is_acting(text)


def is_word(text: Value) -> bool:
    return isinstance(text, str) and WORD(text) is not None and not is_acting(text)


def is_binary(value: Value) -> bool:
    """Bytes that are no text: the state of something, not a command."""
    data = value.head if isinstance(value, Payload) else value
    if isinstance(value, Payload) and value.kind not in ("bytes", "bytearray"):
        return False
    return isinstance(data, bytes) and len(data) >= 4 and any(byte < 9 or byte > 126 for byte in data[:256])
