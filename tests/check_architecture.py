#!/usr/bin/env python3
"""Compares docs/architecture.md with the code: the arrows of its diagram with the #include lines and the meson.build files,
its table of outside libraries with what each folder includes, and what each target includes with its dependencies.
No folders may know each other in a circle. A header of the same folder is included by its name, one of another from the root.
SPDX-License-Identifier: LGPL-2.1-or-later"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent)
page = (root / "docs/architecture.md").read_text()
sources = [
    path.relative_to(root)
    for top in ("plugins", "launcher")
    for path in (root / top).rglob("*")
    if path.suffix in (".cpp", ".hpp", ".h") and "node_modules" not in path.parts
]
headers = {path for path in sources if path.suffix != ".cpp"}
mesons = {
    path.parent.relative_to(root): path.read_text()
    for top in ("plugins", "launcher")
    for path in (root / top).rglob("meson.build")
}
problems = []

# Which library an angle-bracket include belongs to. LibTorch lies in /usr/include, so that the compiler would find it anywhere.
LIBRARIES = {
    "GStreamer": r"gst/",
    "GLib": r"(glib|gio)[/.-]|glib\.h|gio/",
    "LibTorch": r"(torch|ATen|c10)/",
    "libsoup": r"libsoup/",
    "json-glib": r"json-glib/",
    "libcrypto": r"openssl/",
    "SQLite": r"sqlite3\.h",
    "libpq": r"(libpq-fe|pg_config|postgres)",
}
# What in a target's `dependencies`, or in those of what it names, lets it include the library.
ALLOWED_BY = {
    "GStreamer": r"\bgst_\w*dep|rtsp_server_dep",
    "GLib": r"\bgst_\w*dep|gio_dep|glib-2\.0|gio-2\.0|json_glib_dep|json-glib-1\.0|soup_dep",
    "LibTorch": r"torch_dep",
    "libsoup": r"soup_dep",
    "json-glib": r"json_glib_dep|json-glib-1\.0",
    "libcrypto": r"crypto_dep|watermark_dep|audit_dep",
    "SQLite": r"sqlite_dep|audit_dep",
    "libpq": r"pq_dep|audit_dep",
}


def resolve(source, name):
    """The header that #include "name" means in a file: beside it, from the root, or the only one (of plugins or launcher) so called;
    None for one that the build makes."""
    for place in (source.parent / name, pathlib.Path(name)):
        path = pathlib.Path(*(root / place).resolve().relative_to(root.resolve()).parts)
        if path in headers:
            return path
    found = [path for path in headers if path.as_posix().endswith("/" + name)]
    if not found and f"output: '{name}'" in mesons.get(source.parent, ""):
        return None  # the build makes it
    found = [path for path in found if len(found) == 1 or path.parts[0] == source.parts[0]]
    if len(found) != 1:
        problems.append(f'{source}: cannot tell which header "{name}" is')
        return None
    return found[0]


included = {}  # file -> headers of ours
outside = {}  # file -> libraries
for source in sources:
    included[source], outside[source] = set(), set()
    for bracket, name in re.findall(r'^\s*#\s*include\s+([<"])([^>"]+)', (root / source).read_text(), re.M):
        if bracket == '"':
            header = resolve(source, name)
            if header:
                included[source].add(header)
                style = header.name if header.parent == source.parent else header.as_posix()
                if name != style:
                    problems.append(f'{source}: include "{style}", not "{name}": the same folder by name, others from the root')
        else:
            outside[source] |= {library for library, pattern in LIBRARIES.items() if re.match(pattern, name)}


def meson_of(room):
    return room if room in mesons else meson_of(room.parent)


defined = {name: folder for folder, text in mesons.items() for name in re.findall(r"^ *(\w+) = ", text, re.M)}


def links(room, other):
    """True if the room's meson.build names something that the other's defines, such as its library."""
    mine, theirs = meson_of(room), meson_of(other)
    return mine == theirs or any(
        folder == theirs and re.search(rf"\b{name}\b", re.sub(rf"^ *{name} = .*", "", mesons[mine], flags=re.M))
        for name, folder in defined.items()
    )


# 1. The diagram.
rooms = {source.parent for source in sources}
names = {name: pathlib.Path(path) for name, path in re.findall(r"^\s*(\w+)\[\"([\w/]+)", page, re.M)}
for room in sorted(rooms ^ set(names.values())):
    problems.append(f"{room}: {'has no box in the diagram' if room in rooms else 'is in the diagram and has no sources'}")
drawn = {
    (names.get(a), names.get(b)): arrow
    for a, arrow, b in re.findall(r"^\s*(\w+) (-->|-\.->) (\w+)$", page, re.M)
}
wanted = {}
for source, its_headers in included.items():
    for header in its_headers:
        if header.parent != source.parent:
            arrow = "-->" if links(source.parent, header.parent) else "-.->"
            wanted[source.parent, header.parent] = (arrow, f"{source} includes {header}")
for (room, other), (arrow, why) in sorted(wanted.items()):
    if drawn.get((room, other)) != arrow:
        problems.append(f"the diagram lacks {room} {arrow} {other} ({why})")
for room, other in sorted(drawn.keys() - wanted.keys(), key=str):
    problems.append(f"the diagram has {room} -> {other}, and nothing includes that way")

# Folders know each other in one direction only. What knows none of the rest, or is known by none of it, is in no circle.
circle, before = set(rooms), set()
while circle != before:
    before = circle
    arrows = [(room, other) for room, other in wanted if room in before and other in before]
    circle = {room for room, other in arrows} & {other for room, other in arrows}
if circle:
    problems.append("these know each other in a circle: " + ", ".join(room.as_posix() for room in sorted(circle)))

# 2. The table of folders and outside libraries.
listed = {
    pathlib.Path(path): set(filter(None, cell.strip().split(", ")))
    for path, cell in re.findall(r"^\| `([\w/]+)` \|[^|]*\|([^|]*)\|$", page, re.M)
}
for room in sorted(rooms):
    used = set().union(*(outside[source] for source in sources if source.parent == room))
    if used != listed.get(room):
        problems.append(f"the table should say `{room}` | … | {', '.join(sorted(used))} |")


# 3. What the sources of a target include, through headers too, its dependencies name.
def reached(source, seen):
    seen.add(source)
    for header in included[source] - seen:
        reached(header, seen)
    return seen


def dependencies_of(body):
    """The text of `dependencies`, with that of what is named there."""
    named = "".join(re.findall(r"dependencies: *(\[[^\[\]]*\]|\w+)", body))
    return named + "".join(dependencies_of(declared[name]) for name in re.findall(r"\w+", named) if name in declared)


# declare_dependency(...) has its own `dependencies`; a list of dependencies reads as if it had.
declared = {
    name: body if body.startswith("declare") else "dependencies: " + body
    for text in mesons.values()
    for name, body in re.findall(r"^ *(\w+) = (declare_dependency\([^()]*\)|\[[^\[\]]*_dep[^\[\]]*\])", text, re.M)
}

for folder, text in mesons.items():
    for kind, body in re.findall(r"\b(static_library|shared_module|executable)\(((?:[^()]|\([^()]*\))*)\)", text):
        target = re.match(r"\s*'([^']+)'", body)[1]
        dependencies = dependencies_of(body)
        files = set()
        for name in re.findall(r"'([\w/.]+\.cpp)'", body):
            reached(folder / name, files)
        for library, allowed in ALLOWED_BY.items():
            users = sorted(path.as_posix() for path in files if library in outside[path])
            if users and not re.search(allowed, dependencies):
                problems.append(f"{folder}/meson.build: '{target}' does not depend on {library}, which {', '.join(users)} includes")

print("\n".join(sorted(set(problems))) or "docs/architecture.md agrees with the code.")
sys.exit(1 if problems else 0)
