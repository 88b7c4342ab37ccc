"""Objects of Java, .NET and Ruby, as their languages keep them: reading them makes the objects, and calls them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from weighbridge.artifact.blob import Blob
from weighbridge.formats import Format
from weighbridge.policy.finding import Finding, Severity, Threat
from weighbridge.policy.rules import LOAD_TIME_CODE_EXECUTION, SUSPICIOUS_COMPONENTS

CHAIN = Threat(
    "OBJ-401",
    "Serialised objects form a chain that runs code",
    LOAD_TIME_CODE_EXECUTION,
    Severity.CRITICAL,
    cwe=502,
    what="Reading serialised objects of Java, .NET or Ruby makes instances of the classes that the file names, and "
    "calls their methods. Classes of published chains are among them, which end at a command.",
    remedy="Do not read the file. Take the model in a form that holds numbers (PMML, ONNX, MOJO).",
)
OBJECTS = Threat(
    "OBJ-402",
    "Serialised objects of another language",
    SUSPICIOUS_COMPONENTS,
    Severity.INFO,
    cwe=502,
    what="Reading the file makes instances of whatever classes it names; which of them act, the program that reads it "
    "knows.",
    remedy="Read it with a filter of classes (`jdk.serialFilter`), or take the model in a form that holds numbers.",
)
THREATS = (CHAIN, OBJECTS)
MAGICS = {b"\xac\xed\0\x05": "Java", b"\0\1\0\0\0\xff\xff\xff\xff\1\0\0\0": ".NET", b"\x04\x08": "Ruby"}
MOST, WINDOW, OVERLAP = 256 << 20, 1 << 20, 256  # bytes that are searched for names


@cache
def chains() -> re.Pattern[bytes]:
    """Classes by which published chains go on from reading to running."""
    return re.compile(
        rb"org[./]apache[./]commons[./]collections4?[./](?:functors|keyvalue\.TiedMapEntry|map\.LazyMap|comparators)"
        rb"|org\.apache\.commons\.beanutils\.BeanComparator|(?:com\.sun\.org\.)?apache\.xalan|TemplatesImpl"
        rb"|com\.sun\.rowset\.JdbcRowSetImpl|sun\.reflect\.annotation\.AnnotationInvocationHandler"
        rb"|javax\.(?:management\.BadAttributeValueExpException|naming\.|script\.|swing\.event\.EventListenerList)"
        rb"|java\.lang\.(?:ProcessBuilder|Runtime|reflect\.(?:Method|Proxy))|java\.beans\.EventHandler"
        rb"|java\.(?:rmi\.|security\.SignedObject|net\.URLClassLoader)|sun\.rmi\."
        rb"|org\.codehaus\.groovy\.runtime\.|org\.springframework\.(?:beans|aop|core\.SerializableTypeWrapper|transaction)"
        rb"|com\.mchange\.v2\.c3p0\.|bsh\.(?:Interpreter|XThis)|clojure\.(?:lang\.PersistentArrayMap|core\$|inspector)"
        rb"|org\.mozilla\.javascript\.|org\.python\.core\.|org\.hibernate\.|org\.jboss\.|com\.sun\.syndication\."
        rb"|com\.rometools\.|javassist\.|org\.aspectj\.|com\.vaadin\.|net\.sf\.json\.|org\.apache\.wicket\.|java\.lang\.invoke"
        rb"|System\.(?:Diagnostics\.Process|Windows\.Data\.ObjectDataProvider|DelegateSerializationHolder|Management\.Automation)"
        rb"|ActivitySurrogate|TextFormattingRunProperties|AxHost\+State|System\.Web\.(?:Security\.RolePrincipal|UI\.)"
        rb"|System\.Security\.(?:Principal\.WindowsIdentity|Claims\.Claims(?:Identity|Principal))|SessionSecurityToken"
        rb"|Gem::(?:Requirement|Installer|SpecFetcher|Package|Version|Source|Resolver|DependencyList|StubSpecification)"
        rb"|Net::(?:WriteAdapter|BufferedIO)|ActiveSupport::Deprecation|ERB\b|UnboundMethod"
    )


def probe(head: bytes, blob: Blob) -> bool:
    """Two bytes are little for Ruby: a class's name must follow."""
    return (
        not head.startswith(b"\x04\x08")
        or re.match(rb"\x04\x08(?:\[.|\{.|I)?[oUC]:?.?[A-Z:@]", head, re.DOTALL) is not None
    )


def inspect(blob: Blob) -> Iterator[Finding | Blob]:
    """The names of classes, which stand in the bytes as they are."""
    language = next((name for magic, name in MAGICS.items() if blob.peek(0, len(magic)) == magic), "another language")
    yield OBJECTS.found(blob.at(0), f"serialised objects of {language}")
    said: set[bytes] = set()
    for start in range(0, min(len(blob), MOST), WINDOW):
        for found in chains().finditer(blob.peek(start, WINDOW + OVERLAP)):
            if found[0] not in said and len(said) < 20:
                said.add(found[0])
                name = found[0].decode("latin-1")
                yield CHAIN.found(blob.at(start + found.start()), f"names {name}", callable=name, evidence=name)


FORMAT = Format(
    "foreign_objects", inspect, magic=tuple(MAGICS), probe=probe, title="Serialised objects (Java, .NET, Ruby)"
)
