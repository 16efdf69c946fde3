"""Small wrong changes of a module, as `tests.mutate` makes them."""

import ast
import copy
import re
from dataclasses import dataclass

BINARY = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.MatMult: ast.Mult,
}
#: The boundary and the negation of a comparison.
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_PAIRS = (
    ("min", "max"),
    ("nanmin", "nanmax"),
    ("minimum", "maximum"),
    ("fmin", "fmax"),
    ("argmin", "argmax"),
    ("any", "all"),
    ("floor", "ceil"),
    ("sin", "cos"),
    ("log", "log10"),
    ("logical_and", "logical_or"),
    ("startswith", "endswith"),
    ("lower", "upper"),
    ("isfinite", "isnan"),
    ("zeros", "ones"),
    ("sum", "prod"),
    ("mean", "sum"),
    ("left", "right"),
    ("first", "last"),
    ("ffill", "bfill"),
    ("nearest", "linear"),
)
SWAPS = dict(_PAIRS) | {b: a for a, b in reversed(_PAIRS)}
#: Arguments without influence on a result: speed, memory, the line a warning is
#: shown at, checks that Python itself makes, and the encoding of this system.
NO_RESULT = set(
    ["stacklevel", "frozen", "slots", "kw_only", "nogil", "cache", "strict"]
)
NO_RESULT |= {"encoding", "ascontiguous", "daemon", "thread_name_prefix"}
#: Arguments and attributes that hold text for people.
TEXT = set(
    [
        "description",
        "long_name",
        "title",
        "comment",
        "help",
        "summary",
        "note",
        "reference",
    ]
)
TEXT |= {"doi", "label", "text", "message", "expression", "source", "references"}
TEXT |= {"acknowledgement", "hint"}
MESSAGE_CALL = re.compile(r"(Error|Warning|warn|log|echo|print|debug|cast|TypeVar)$")
PLAIN_DECORATORS = set(
    ["dataclass", "cache", "lru_cache", "property", "overload", "wraps"]
)
PLAIN_DECORATORS |= {"staticmethod", "classmethod", "cached_property", "compiled"}
PLAIN_DECORATORS |= {"inlined", "contextmanager"}
_UNIT = re.compile(r"\S+( [A-Za-z%]+-?\d| \d\S*)*")
_DECIMALS = re.compile(r"\.(\d+)([efgd])")


@dataclass(frozen=True)
class Mutant:
    """One change of one module: bytes `start` to `stop` become `new`."""

    path: str
    line: int
    text: str
    start: int
    stop: int
    new: str
    change: str

    def applied(self, source):
        """Return the source with the change."""
        return source[: self.start] + self.new.encode() + source[self.stop :]


class _Finder(ast.NodeVisitor):
    """Collect the changes of a module."""

    def __init__(self, path, source):
        self.path, self.source = path, source
        self.lines = source.splitlines(keepends=True)
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line))
        self.parents = []
        self.found = []

    def add(self, node, new, *, old=None, bare=False):
        """Note that the text of `node` could be `new` (a node or a text)."""
        start = self.starts[node.lineno - 1] + node.col_offset
        stop = self.starts[node.end_lineno - 1] + node.end_col_offset
        text = new if isinstance(new, str) else ast.unparse(new)
        if not bare and isinstance(new, ast.expr) and not isinstance(new, ast.Constant):
            text = f"({text})"
        old = old or " ".join(self.source[start:stop].decode().split())
        shown = text[1:-1] if text.startswith("(") and text.endswith(")") else text
        line = self.lines[node.lineno - 1].decode().strip()
        self.found.append(
            Mutant(self.path, node.lineno, line, start, stop, text, f"{old} -> {shown}")
        )

    # ---- what is left alone ---------------------------------------------------------

    def visit(self, node):
        self.parents.append(node)
        super().visit(node)
        self.parents.pop()

    def parent(self, level=1):
        return self.parents[-1 - level] if len(self.parents) > level else None

    def skip(self, node):
        """Messages, imports and asserts."""

    visit_Raise = visit_Import = visit_ImportFrom = visit_Assert = skip
    visit_Global = visit_Nonlocal = skip

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def visit_Assign(self, node):
        names = [t.id for t in node.targets if isinstance(t, ast.Name)]
        if "__all__" not in names and not (set(names) & {"T", "P", "R"}):
            self.generic_visit(node)

    def _function(self, node):
        for decorator in node.decorator_list:
            call = decorator.func if isinstance(decorator, ast.Call) else decorator
            if name_of(call) not in PLAIN_DECORATORS:
                self.visit(decorator)
        if not isinstance(node, ast.ClassDef):
            for default in (*node.args.defaults, *node.args.kw_defaults):
                if default is not None:
                    self.visit(default)
        for statement in node.body:
            self.visit(statement)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _function

    # ---- what is changed ------------------------------------------------------------

    def visit_If(self, node):
        if "TYPE_CHECKING" in ast.unparse(node.test):
            return
        self._negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node):
        self._negate(node.test)
        self.generic_visit(node)

    def visit_IfExp(self, node):
        self._negate(node.test)
        self.generic_visit(node)

    def _negate(self, test):
        if isinstance(test, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)):
            self.add(test, ast.UnaryOp(ast.Not(), test))

    def visit_BinOp(self, node):
        texts = [node.left, node.right]
        texts = [t for t in texts if isinstance(t, (ast.JoinedStr, ast.Constant))]
        if any(isinstance(t, ast.JoinedStr) or _is_text(t) for t in texts):
            for side in (node.left, node.right):
                if side not in texts:
                    self.visit(side)
            return
        swapped = BINARY.get(type(node.op))
        if swapped and not self._is_union(node):
            self.add(node, ast.BinOp(node.left, swapped(), node.right))
        self.generic_visit(node)

    def _is_union(self, node):
        """`int | None` as a type."""
        return isinstance(node.op, ast.BitOr) and any(
            isinstance(s, ast.Constant) and s.value is None
            for s in (node.left, node.right)
        )

    def visit_AugAssign(self, node):
        swapped = BINARY.get(type(node.op))
        if swapped:
            new = ast.AugAssign(node.target, swapped(), node.value)
            self.add(node, new, bare=True)
        self.generic_visit(node)

    def visit_Compare(self, node):
        for i, op in enumerate(node.ops):
            for other in COMPARISONS[type(op)]:
                ops = [*node.ops[:i], other(), *node.ops[i + 1 :]]
                self.add(node, ast.Compare(node.left, ops, node.comparators))
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        self.add(node, ast.BoolOp(other, node.values))
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
            self.add(node, node.operand)
        self.generic_visit(node)

    def visit_Return(self, node):
        if node.value is None:
            return
        if not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.add(node, "return None", old=f"return {ast.unparse(node.value)}")
        self.visit(node.value)

    def visit_Continue(self, node):
        self.add(node, "break")

    def visit_Break(self, node):
        self.add(node, "continue")

    def visit_Subscript(self, node):
        if name_of(node.value) in {"Literal", "Annotated", "Callable"}:
            return
        self.generic_visit(node)

    def visit_Slice(self, node):
        for bound, op in ((node.lower, ast.Add()), (node.upper, ast.Sub())):
            if bound is not None and not isinstance(bound, ast.Constant):
                self.add(bound, ast.BinOp(bound, op, ast.Constant(1)))
        self.generic_visit(node)

    def visit_Name(self, node):
        if node.id in SWAPS and isinstance(self.parent(), ast.Call):
            self.add(node, SWAPS[node.id])

    def visit_Attribute(self, node):
        called = isinstance(self.parent(), ast.Call) and self.parent().func is node
        if node.attr in SWAPS and called:
            new = copy.copy(node)
            new.attr = SWAPS[node.attr]
            self.add(node, new, bare=True)
        self.generic_visit(node)

    def visit_Call(self, node):
        if MESSAGE_CALL.search(name_of(node.func)):
            return
        if name_of(node.func) == "tqdm":  # how a progress bar looks
            for argument in node.args[:1]:
                self.visit(argument)
            return
        if name_of(node.func) == "abs" and len(node.args) == 1:
            self.add(node, node.args[0])
        for i, keyword in enumerate(node.keywords):
            if keyword.arg and keyword.arg not in NO_RESULT | TEXT:
                rest = [*node.keywords[:i], *node.keywords[i + 1 :]]
                new = ast.Call(node.func, node.args, rest)
                old = f"{name_of(node.func)}({ast.unparse(keyword)})"
                self.add(node, new, old=old, bare=True)
        self.visit(node.func)
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg not in NO_RESULT | TEXT:
                self.visit(keyword)

    def visit_Dict(self, node):
        for key, value in zip(node.keys, node.values, strict=True):
            if key is not None:
                self.visit(key)
            if not (isinstance(key, ast.Constant) and key.value in TEXT):
                self.visit(value)

    def visit_JoinedStr(self, node):
        """Decimals of a printed number; the rest of the text stays."""
        for i, part in enumerate(node.values):
            spec = getattr(part, "format_spec", None)
            if spec is None or len(spec.values) != 1 or not _is_text(spec.values[0]):
                continue
            text = spec.values[0].value
            if _DECIMALS.search(text):
                new = copy.deepcopy(node)
                new.values[i].format_spec.values[0].value = _more_decimals(text)
                self.add(node, new, bare=True)

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, bool):
            self.add(node, repr(not value))
        elif isinstance(value, int):
            self.add(node, repr(value + 1))
        elif isinstance(value, float):
            self.add(node, f"{value * 1.01 if value else 1.0:.12g}")
            if value:
                self.add(node, repr(-value))
        elif isinstance(value, (str, bytes)) and self._is_key(value):
            self.add(node, repr(_other(value)))

    def _is_key(self, value):
        """Names, keys, units and formats; no text for people."""
        text = value if isinstance(value, str) else value.decode("latin-1")
        if isinstance(self.parent(), (ast.IfExp, ast.Attribute, ast.FormattedValue)):
            return False
        keyword = next((p for p in self.parents if isinstance(p, ast.keyword)), None)
        if keyword is not None and keyword.arg in TEXT:
            return False
        if text.startswith(("http", ";", ":")) or len(text) > 40 or "\n" in text:
            return False
        return bool(text.startswith("%") or not text or _UNIT.fullmatch(text))


def _is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _more_decimals(text):
    return _DECIMALS.sub(lambda m: f".{int(m[1]) + 1}{m[2]}", text)


def _other(value):
    """Return another name, key, unit or format."""
    if isinstance(value, bytes):
        return value + b"x"
    if value in SWAPS:
        return SWAPS[value]
    if _DECIMALS.search(value):
        return _more_decimals(value)
    return f"{value}_x" if value else "x"


def name_of(node):
    """Return the last name of what is called."""
    return getattr(node, "attr", None) or getattr(node, "id", "")


def mutants_of(path, source):
    """Return all changes of a module (source as bytes), in order of place."""
    finder = _Finder(path, source)
    finder.visit(ast.parse(source))
    kept = {}
    for mutant in finder.found:
        kept.setdefault((mutant.start, mutant.stop, mutant.new), mutant)
    return sorted(kept.values(), key=lambda m: (m.line, m.start, m.stop, m.new))


def compiles(mutant, source):
    """Return whether the mutant is valid Python and another program."""
    changed = mutant.applied(source)
    try:
        tree = ast.parse(changed)
    except SyntaxError:
        return False
    return ast.dump(tree) != ast.dump(ast.parse(source))
