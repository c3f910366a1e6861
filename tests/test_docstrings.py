"""Public docstrings say what the signature says: Args, Returns, Raises."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "geo"
Callable = ast.FunctionDef | ast.AsyncFunctionDef


def public_things() -> Iterator[tuple[str, ast.AST, ast.AST | None]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        module = ast.parse(path.read_text(encoding="utf-8"))
        where = str(path.relative_to(PACKAGE.parent))
        yield where, module, None
        for node in module.body:
            if isinstance(node, Callable | ast.ClassDef) and not node.name.startswith("_"):
                yield f"{where}:{node.name}", node, None
                for member in getattr(node, "body", []) if isinstance(node, ast.ClassDef) else []:
                    if isinstance(member, Callable) and not member.name.startswith("_"):
                        yield f"{where}:{node.name}.{member.name}", member, node


THINGS = list(public_things())


def listed(docstring: str, heading: str) -> set[str]:
    block = re.search(rf"^{heading}:\n((?:    .*\n|\n)+)", docstring + "\n", re.MULTILINE)
    return set(re.findall(r"^    (\w+):", block.group(1), re.MULTILINE)) if block else set()


def arguments(node: Callable) -> set[str]:
    given = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    given += [extra for extra in (node.args.vararg, node.args.kwarg) if extra]
    return {argument.arg for argument in given} - {"self", "cls"}


def is_property(node: Callable) -> bool:
    return any("property" in ast.unparse(decorator) for decorator in node.decorator_list)


@pytest.mark.parametrize(("name", "node", "owner"), THINGS, ids=[name for name, _, _ in THINGS])
def test_docstring_fits_the_signature(name, node, owner):
    docstring = ast.get_docstring(node)
    assert docstring, f"{name} has no docstring"
    if isinstance(node, Callable):
        assert listed(docstring, "Args") == arguments(node), f"{name}: Args differ from the signature"
        returns = ast.unparse(node.returns) if node.returns else "None"
        if returns not in ("None", "NoReturn") and arguments(node) and not is_property(node):
            assert re.search(r"^Returns:|^Yields:", docstring, re.MULTILINE), f"{name}: no Returns"
        if returns == "None":
            assert "Returns:" not in docstring, f"{name} returns nothing"
    if isinstance(node, ast.ClassDef) and any("dataclass" in ast.unparse(mark) for mark in node.decorator_list):
        fields = {
            item.target.id
            for item in node.body
            if isinstance(item, ast.AnnAssign)
            and isinstance(item.target, ast.Name)
            and not item.target.id.startswith("_")
        }
        assert listed(docstring, "Args") == fields, f"{name}: Args differ from the fields"
