"""What the names of callables say: that they make, rebuild, keep or choose something, or do something to the world."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache


@cache
def rebuilding() -> re.Pattern[str]:
    """Names of functions that packages give to pickle."""
    return re.compile(
        r"(?:^|_)(?:rebuild|reconstruct|reconstructor|reconstructed|unpickle|restore|deserialize|_deserialize|unreduce"
        r"|from_state|from_reduce|fromstate|newobj|newobject|new_obj|from_bytes|setstate|getnewargs|unserialize|ctor"
        r"|from_buffer|frombuffer|from_wkb|from_pickle|rehydrate|unflatten|make_td|recreate|from_dict|from_binary|from_attributes|from_parts|from_numpy|from_scipy|from_arrays?|from_reduced|unpkl)(?:_|$|[A-Z])"
        r"|^new(?:Obj|obj)|^__new|(?:Obj|Object)$"
    )


@cache
def making() -> re.Pattern[str]:
    """Names of functions that make something: a value, as often as not."""
    return re.compile(r"^_(?:new|make|build|create|load|from|init|wrap|to)_|^(?:new|make|build|create|wrap)_")


@cache
def doing() -> re.Pattern[str]:
    """Words in the names of what does something to the world."""
    return re.compile(
        r"(?:^|[_.a-z])(?:[Rr]un|[Ee]xec|[Ee]val|[Ss]ystem|[Pp]open|[Oo]pen|[Ll]oads?|[Dd]ownload|[Ff]etch|[Ss]pawn|[Cc]all"
        r"|[Cc]ommand|[Ss]hell|[Cc]md|[Ii]mport|[Ii]nstall|[Ww]rite|[Ss]ave|[Dd]elete|[Rr]emove|[Uu]nlink|[Cc]onnect|[Ss]end"
        r"|[Uu]pload|[Rr]equest|[Uu]rl|[Ss]ocket|[Ss]erver|[Cc]lient|[Pp]rocess|[Tt]hread|[Ll]aunch|[Ss]tart|[Ii]nvoke|[Ff]ile"
        r"|[Pp]ath|[Rr]mdir|[Mm]kdir|[Tt]ouch(?![a-z])|[Rr]ename|[Cc]hmod|[Cc]ompile|[Ss]cript|[Ii]nterpret|[Cc]onsole|[Tt]ranslat|[Dd]ispatch|[Hh]andler|[Ee]xecutor|[Rr]eader|[Ww]riter)"
    )


@cache
def purely() -> re.Pattern[str]:
    """Names of functions that make a value of what they are given, and of nothing else."""
    return re.compile(
        r"(?:^|_)(?:rebuild|reconstruct|reconstructor|constructor|unreduce|newobj|new_obj|ctor|recreate)(?:_|$)"
        r"|^_(?:new|make|build|create)_|^new(?:Obj|obj)"
    )


@cache
def defaulting() -> re.Pattern[str]:
    """Functions that make what a key is given which is not there yet."""
    return re.compile(r"(?:^|_)(?:default|factory|empty|zeros?|ones|nothing|none|missing)(?:_|$)|^_?(?:make|new|init)_")


@cache
def verbs() -> re.Pattern[str]:
    """Words in the name of a class that tell of a deed, in any of their forms."""
    return re.compile(
        r"(?:sub|multi|auto|web|net|un)?"
        r"(?:run|exec|execut|eval|system|p?open|load|download|fetch|spawn|call|command|shell|cmd|import|install|writ|sav"
        r"|delet|remov|unlink|connect|send|upload|request|url|socket|server|client|proc|process|thread|launch"
        r"|start|invok|file|path|rmdir|mkdir|touch|renam|chmod|compil|script|interpret|console|archiv|translat|dispatch"
        r"|handl|read|app|gui|window|daemon|debug|repl|driver|bash|powershell|terminal|program|application|browser"
        r"|preload|reload|rerun|filesystem|filename|filepath|io|netcat|ssh|telnet|s?ftp|https?|smtp|imap|mqtt|docker|dll|inject"
        r"|webhook|cron|keylogg|backdoor|ransom|exploit|miner|bot|plugin)"
        r"(?:n?er|or|ers|ors|s|es|e|ion|n?ing|able|back|backs)?"
    )


def has_verb(bare: str) -> bool:
    return any(verbs().fullmatch(word.lower()) for word in CAMEL(bare))


CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+").findall


COMMANDS = frozenset(  # what programs and their entry points are called, and often a module with its function
    """main cli cmd app go do start stop run exec sh bash zsh dash fish python wget curl git hg svn pip conda mamba
    uv nmap ssh scp rsync ftp sudo su reboot shutdown kill killall rm mv cp ln dd tar zip unzip mail sendmail
    deploy build make cmake install uninstall update upgrade sync clone copy move clean purge wipe apply publish
    train test encrypt decrypt hack attack exploit mount umount format patch inject hook plugin console entry
    launcher setup bootstrap init daemon server client task job worker agent execute invoke call spawn fetch
    download upload send post get put delete remove""".split()
)


@cache
def models() -> Callable[[str], object]:
    """Classes that are made of a model's name, and fetch it."""
    return re.compile(
        r"(?:Model|Pipeline|LLM|VLLM|Embeddings?|Encoder|Embedder|Tagger|Transformer|Tokenizer|Predictor|Engine|Generator"
        r"|B[Ee][Rr][Tt]|TTS|Repo(?:sitory)?|Interface|Agent|Classifier|Detector|Recognizer|Summarizer|Hub|Dataset|Space|Kernel)$"
    ).search


@cache
def typed() -> Callable[[str], object]:
    """Classes with a letter before their name: one for each type of number (`dKalmanFilter`), `vText`."""
    return re.compile(r"[a-z][A-Z][a-z]\w+").fullmatch


@cache
def opening() -> re.Pattern[str]:
    """Classes that reach out, or start something, as soon as they are made: of a number, of a word."""
    return re.compile(
        r"(?:Capture|Cluster|Transport|Listener|Daemon|Driver|Browser|Chrome|Firefox|Producer|Consumer|Tunnel|Camera"
        r"|Serial|Broker|Session|Watcher|Observer|Terminal|Pool|Environ(?:ment)?|Database|Worker|Channel|Pipe|Proxy"
        r"|Mailer|Spider|Crawler|Scraper|Remote)$"
    )


@cache
def unpickling() -> re.Pattern[str]:
    """Names of functions that begin like a class's: `__WCS_unpickle__`."""
    return re.compile(r"_(?:unpickle|rebuild|reconstruct|restore)(?:_|$)")


@cache
def choosing() -> re.Pattern[str]:
    """How classes are called whose instances are one choice of few."""
    return re.compile(
        r"(?:Type|Kind|Mode|Method|Format|State|Status|Level|Flags?|Enum|Policy|Strategy|Direction|Order|Side|Role"
        r"|Category|Option|Keys?|Code|Tag|Label|Color|Precision|Padding|Encoding|Backend|Task|Style|Units?|Axis|Stage|Phase|Scheme|Split|Init|Reduction|Activation|Loss|Metric|Norm|Scale|Shape)$"
    )


@cache
def collecting() -> re.Pattern[str]:
    """How collections are called."""
    return re.compile(
        r"(?:[Dd]ict|[Mm]ap|[Mm]apping|[Cc]ounter|[Ss]et|[Ll]ist|[Tt]able|[Bb]unch|[Cc]onfig|[Vv]ocab(?:ulary)?|[Nn]amespace"
        r"|[Bb]ox|[Rr]ecord|[Pp]aram(?:eter)?s|[Tt]ree|[Bb]ag|[Cc]ollection|[Ii]ndex|[Cc]ache|[Aa]ttr(?:s|ibutes)?"
        r"|[Mm]etadata|[Ii]nfo|[Hh]eaders?|[Oo]ptions|[Ss]ettings|Dist)$"
    )
