"""Change one key in the text of a platform file; every other byte stays.

A key is a path with points: `variables.SST.units`, `standards.2.xCO2` (tables of an
array count from 1). The new text is an item of TOML (`units = "kPa"`), a name alone
(the key is renamed), or empty (the item is removed). Two keys with `<>` between them
exchange their values.
"""

import re
import tomllib

_KEY = re.compile(r'("(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+)\s*=\s*')
_HEADER = re.compile(r"\[{1,2}(.+?)\]{1,2}\s*(?:#.*)?$")
EXCHANGED = " <> "


class Missing(LookupError):
    """The key does not exist in the file."""


def change(text, key, old, new):
    """Return the text of a platform file with one change."""
    if EXCHANGED in key:
        one, other = key.split(EXCHANGED)
        for name, value in ((one, new), (other, old)):
            last = name.rpartition(".")[2]
            text = change(text, name, "there", f"{last} = {value}")
        return text
    path = tuple(key.split("."))
    if not old:
        return _insert(text, path, new)
    start, end, name_end, whole_line = _find(text, path)
    if not new and whole_line:
        return text[: text.rfind("\n", 0, start) + 1] + text[_line_end(text, start) :]
    if not new:
        return _without_item(text, start, end)
    return text[:start] + new + text[end if " = " in new else name_end :]


def _line_end(text, position):
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def _without_item(text, start, end):
    """Remove an item of an inline table, and the comma that separated it."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    if before.endswith(","):
        return before[:-1] + text[end:]
    return text[:start] + after.removeprefix(",").lstrip()


def _tables(text):
    """Yield the path of the table of each line, its start, and whether it opens it."""
    table, counts, position = (), {}, 0
    for line in text.splitlines(keepends=True):
        header = _HEADER.match(line.rstrip("\n"))
        if header:
            table = _parts(header[1])
            if line.startswith("[["):
                counts[table] = counts.get(table, 0) + 1
                table = (*table, str(counts[table]))
        yield table, position, bool(header)
        position += len(line)


def _parts(name):
    """Split the name of a table: `sensors."LI-7000"`."""
    tree, parts = tomllib.loads(f"[{name}]"), []
    while tree:
        ((part, tree),) = tree.items()
        parts.append(part)
    return tuple(parts)


def _find(text, path):
    """Return start and end of an item, the end of its name, whether it has a line."""
    for table, position, opens in _tables(text):
        match = None if opens else _KEY.match(text, position)
        if not match:
            continue
        here = (*table, match[1].strip('"'))
        if path[: len(here)] != here:
            continue
        name_end = position + len(match[1])
        if path == here:
            return position, _value_end(text, match.end()), name_end, True
        inside = _inside(text, match.end(), path[len(here) :])
        if inside:
            return inside
    raise Missing(".".join(path))


def _inside(text, start, path):
    """Find an item of the inline table that starts here."""
    if text[start] != "{":
        return None
    position = start + 1
    while text[position] != "}":
        match = _KEY.match(text, position)
        if not match:
            position += 1
            continue
        end = _value_end(text, match.end())
        if match[1].strip('"') == path[0]:
            if len(path) > 1:
                return _inside(text, match.end(), path[1:])
            return position, end, position + len(match[1]), False
        position = end
    return None


def _value_end(text, start):
    """Return where a value ends: strings, arrays and inline tables are whole."""
    depth, position, quoted, end = 0, start, False, start
    while position < len(text) and text[position] != "\n":
        letter = text[position]
        if quoted:
            position += letter == "\\"
            quoted = letter != '"'
        elif letter == '"':
            quoted = True
        elif letter in "[{":
            depth += 1
        elif depth and letter in "]}":
            depth -= 1
        elif not depth and letter in ",#]}":
            break
        position += 1
        if not letter.isspace():
            end = position
    return end


def _insert(text, path, new):
    """Add an item to an inline table, to a table, or to a new table at the end."""
    *parent, _ = path
    for table, position, opens in _tables(text):
        if opens and table == tuple(parent):
            end = _line_end(text, position)
            return f"{text[:end]}{new}\n{text[end:]}"
    try:
        _, end, *_ = _find(text, tuple(parent))
    except Missing:
        return f"{text.rstrip()}\n\n[{'.'.join(parent)}]\n{new}\n"
    return f"{text[: end - 1].rstrip()}, {new} }}{text[end:]}"
