"""Finding, in source text, every way by which something can leave."""

from __future__ import annotations

import ast
from typing import NamedTuple

LEAVING_MODULES = frozenset(
    [
        "smtplib",
        "socket",
        "socketserver",
        "ssl",
        "urllib.request",
        "http.client",
        "ftplib",
        "telnetlib",
        "imaplib",
        "poplib",
        "requests",
        "httpx",
        "aiohttp",
        "urllib3",
        "paramiko",
        "websockets",
        "asyncio",
        "django.core.mail",
        "subprocess",
    ]
)
"""Modules by which bytes reach another machine, or another program that could."""
ANSWERS = frozenset({"HttpResponse", "FileResponse", "StreamingHttpResponse", "StreamingResponse"})
MAIL = frozenset(
    {"send_mail", "send_mass_mail", "mail_admins", "mail_managers", "EmailMessage"}
    | {"EmailMultiAlternatives", "email_user", "get_connection"}
)
MADE_ONLY_BY_THE_GATE = frozenset({"Send", "Blocked", "SendOutcome"})
MAKERS = frozenset(
    {"create", "bulk_create", "get_or_create", "update_or_create", "acreate", "abulk_create"}
)


class Way(NamedTuple):
    """One way out: which kind, in which words, on which line."""

    kind: str
    text: str
    line: int


def ways_out(source: str) -> list[Way]:
    """Each way out that the source holds, in the order of its lines.

    ``module``: a module that reaches other machines or programs; ``mail``: mail is made;
    ``answer``: a whole response is made by hand; ``bytes``: the content of a pack's file is read;
    ``send``: a row is made that says that something went.
    """
    found = []
    for node in ast.walk(ast.parse(source)):
        kind = _kind(node)
        if kind:
            line = getattr(node, "lineno", 0)
            found.append(Way(kind, ast.unparse(node).partition("\n")[0], line))
    return sorted(found, key=lambda way: way.line)


def _kind(node: ast.AST) -> str:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return "module" if _modules(node) & LEAVING_MODULES else ""
    if isinstance(node, ast.Call):
        return _call(node)
    if isinstance(node, ast.Attribute) and node.attr == "content":
        return "bytes"
    if isinstance(node, ast.Constant) and node.value in ("content", "file__content"):
        return "bytes"
    return ""


def _modules(node: ast.Import | ast.ImportFrom) -> set[str]:
    if isinstance(node, ast.Import):
        named = {alias.name for alias in node.names}
    else:
        named = {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return {part for name in named for part in (name, name.split(".")[0])}


def _call(node: ast.Call) -> str:
    name = _name(node.func)
    if name in MAIL:
        return "mail"
    if name in ANSWERS:
        return "answer"
    if name in MADE_ONLY_BY_THE_GATE:
        return "send"
    if name in MAKERS and isinstance(node.func, ast.Attribute):
        made = set(ast.unparse(node.func.value).split("."))
        return "send" if made & MADE_ONLY_BY_THE_GATE else ""
    if name in ("import_module", "__import__"):
        return "module" if any(_leaving(arg) for arg in node.args) else ""
    return ""


def _leaving(arg: ast.expr) -> bool:
    value = arg.value if isinstance(arg, ast.Constant) else ""
    return isinstance(value, str) and bool({value, value.split(".")[0]} & LEAVING_MODULES)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
