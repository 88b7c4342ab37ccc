"""What models carry of the standard library: an expression a line, for every Python that knows it."""

EXPRESSIONS = """
datetime.date(2024, 1, 2)
datetime.time(1, 2, 3, 4)
datetime.datetime(2024, 1, 2, 3, 4, 5, 6)
datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc)
datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(hours=2), "EET"))
datetime.timedelta(1, 2, 3)
zoneinfo.ZoneInfo("Europe/Riga")
datetime.datetime(2024, 1, 2, tzinfo=zoneinfo.ZoneInfo("Asia/Tokyo"))
decimal.Decimal("1.50")
decimal.getcontext()
decimal.Context(prec=5)
fractions.Fraction(1, 3)
uuid.UUID(int=5)
uuid.uuid1()
ipaddress.ip_address(u"10.0.0.1")
ipaddress.ip_address(u"::1")
ipaddress.ip_network(u"10.0.0.0/8")
ipaddress.ip_interface(u"10.0.0.1/8")
ipaddress.ip_network(u"2001:db8::/32")
pathlib.Path("models") / "a.bin"
pathlib.PurePosixPath("/srv/models/a.bin")
pathlib.PureWindowsPath("C:\\\\models\\\\a.bin")
pathlib.Path("/home/me/data")
random.Random(3)
random.Random(3).getstate()
random.getstate()
random.SystemRandom()
re.compile("a+b")
re.compile("^(?P<word>[a-z]+)$", re.IGNORECASE | re.MULTILINE)
re.compile(b"a+b")
re.IGNORECASE
array.array("d", [1.0, 2.0])
array.array("i", [1, 2])
array.array("b", [1])
collections.OrderedDict([("a", 1)])
collections.Counter("abca")
collections.deque([1, 2], maxlen=3)
collections.deque([1, 2])
collections.defaultdict(int, {"a": 1})
collections.defaultdict(list, {"a": [1]})
collections.defaultdict(None, {"a": [1]})
collections.defaultdict(collections.Counter)
collections.defaultdict(functools.partial(collections.defaultdict, int))
collections.defaultdict(functools.partial(int, 0))
collections.ChainMap({"a": 1}, {"b": 2})
collections.UserDict({"a": 1})
collections.UserList([1])
collections.UserString("a")
UserDict.UserDict({"a": 1})
UserList.UserList([1])
functools.partial(int, base=2)
functools.partial(sorted, reverse=True)
functools.partial(max, 1)
functools.partial(operator.add, 1)
functools.cmp_to_key
functools.reduce
operator.itemgetter(1)
operator.itemgetter(1, 2)
operator.itemgetter("a")
operator.attrgetter("a.b")
operator.attrgetter("a", "b")
operator.methodcaller("lower")
operator.methodcaller("split", ",")
operator.methodcaller("encode", encoding="utf-8")
operator.add
operator.mul
operator.lt
operator.gt
operator.ge
operator.eq
operator.truediv
operator.not_
operator.contains
itertools.count(3)
itertools.count(3, 2)
itertools.repeat(1)
itertools.repeat(1, 3)
itertools.chain([1], [2])
itertools.cycle([1, 2])
itertools.islice([1, 2, 3], 2)
itertools.product([1], [2])
itertools.permutations([1, 2])
itertools.combinations([1, 2, 3], 2)
itertools.combinations_with_replacement([1, 2, 3], 2)
itertools.zip_longest([1], [2, 3])
itertools.accumulate([1, 2])
itertools.starmap(pow, [(1, 2)])
itertools.takewhile(bool, [1])
itertools.dropwhile(bool, [1])
itertools.compress([1, 2], [1, 0])
iter([1, 2])
iter((1, 2))
iter({1: 2})
iter({1})
iter("ab")
iter(range(3))
reversed([1, 2])
enumerate([1, 2])
zip([1], [2])
map(str, [1, 2])
map(len, ["a"])
filter(None, [1, 0])
slice(1, 2)
slice(None)
range(3)
range(0, 10, 2)
complex(1, 2)
bytearray(b"abc")
bytearray()
b"\\x00\\xff\\xfe"
b""
b"plain"
set([1, 2])
frozenset([1, 2])
Ellipsis
NotImplemented
type(None)
type(Ellipsis)
type(NotImplemented)
object()
object
int
float
str
bool
list
dict
tuple
bytes
type
len
abs
max
min
sum
sorted
isinstance
print
round
hash
id
repr
pow
divmod
any
all
getattr
dict.fromkeys
str.lower
str.upper
str.strip
str.split
"a b".split
"a".lower
"a".join
[1].append
[1].index
{1: 2}.get
{1: 2}.items
{1, 2}.union
math.sqrt
math.log
math.exp
math.floor
math.pi
cmath.sqrt
statistics.mean
statistics.median
statistics.NormalDist(0, 1)
types.SimpleNamespace(a=1)
types.MappingProxyType
types.FunctionType
types.ModuleType
types.GeneratorType
types.MethodType
types.GenericAlias(list, (int,))
list[int]
dict[str, int]
tuple[int, ...]
int | None
int | str
collections.abc.Callable[[int], str]
collections.abc.Sequence[int]
typing.List[int]
typing.Dict[str, int]
typing.Optional[int]
typing.Union[int, str]
typing.Any
typing.Callable
typing.Callable[[int], str]
typing.Callable[..., int]
typing.Tuple[int, ...]
typing.Literal["a", "b"]
typing.ClassVar[int]
typing.Final[int]
typing.Annotated[int, "x"]
typing.List
typing.Sequence
typing.Iterable[str]
typing.Type[int]
typing.TypeVar("T")
typing.NewType
typing.ForwardRef("int")
typing.NamedTuple
typing.NoReturn
collections.abc.Sequence
collections.abc.Mapping
collections.abc.Callable
numbers.Number
numbers.Integral
numbers.Real
http.HTTPStatus.OK
signal.SIGTERM
inspect.Parameter("a", inspect.Parameter.KEYWORD_ONLY)
inspect.Parameter.empty
inspect.signature(lambda a, b=1: 0)
inspect.Signature
inspect.signature(lambda a: 0).bind(1)
logging.getLogger("model")
logging.getLogger()
logging.INFO
logging.Formatter("%(message)s")
logging.LogRecord("a", 20, "f", 1, "m", (), None)
argparse.Namespace(a=1, b="c", lr=0.1)
time.struct_time(range(9))
time.gmtime(0)
time.time
time.perf_counter
calendar.MONDAY
calendar.Calendar()
enum.auto()
string.Template("$a")
string.ascii_letters
string.Formatter()
textwrap.TextWrapper()
io.BytesIO(b"abc")
io.StringIO(u"abc")
cStringIO.StringIO("abc")
StringIO.StringIO("abc")
copy.copy
copy.deepcopy
json.JSONEncoder()
json.JSONDecoder()
json.dumps
json.loads
csv.excel()
csv.excel
weakref.WeakKeyDictionary
contextlib.nullcontext()
dataclasses.MISSING
dataclasses.field(default=1)
dataclasses.make_dataclass
graphlib.TopologicalSorter({1: [2]})
heapq.heappush
bisect.bisect_left
hashlib.md5
hashlib.sha256
base64.b64encode
zlib.crc32
unicodedata.normalize
difflib.SequenceMatcher
difflib.Match(1, 2, 3)
fnmatch.fnmatch
os.path.join
os.path.basename
os.path.exists
os.getcwd
os.stat_result(range(10))
sys.version_info
sys.float_info
sys.maxsize
platform.uname()
warnings.warn
ValueError("bad")
KeyError("bad")
IOError("no such file")
OSError(2, "No such file", "a.txt")
FileNotFoundError(2, "No such file", "a.txt")
ImportError("no module", name="x")
StopIteration()
UnicodeDecodeError("utf-8", b"a", 0, 1, "why")
UserWarning("careful")
DeprecationWarning("old")
SystemExit(1)
KeyboardInterrupt()
ExceptionGroup("a", [ValueError(1)])
concurrent.futures.TimeoutError()
queue.Empty()
xml.etree.ElementTree.Element("a")
email.message.Message()
html.escape
urllib.parse.urlparse("http://example.org/a?b=c")
urllib.parse.quote
struct.Struct
ast.literal_eval
ast.parse("a + 1")
threading.local
secrets.token_hex
locale.getlocale
gettext.gettext
mimetypes.MimeTypes()
configparser.ConfigParser()
optparse.Values({"a": 1})
multiprocessing.cpu_count
multiprocessing.TimeoutError()
sched.Event
tokenize.TokenInfo(1, "a", (1, 0), (1, 1), "a")
traceback.FrameSummary("a.py", 1, "f")
traceback.extract_stack(limit=1)
xrange(3)
unicode("abc")
long(5)
buffer
basestring
reduce
intern
"""
