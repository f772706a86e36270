"""Vectors as each database keeps them; here they are bytes: float32, little endian."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from sqlalchemy import BindParameter, ColumnElement, Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import UserDefinedType

FLOAT = np.dtype("<f4")
# What PostgreSQL's array_send puts before the numbers: dimensions, flags, type, length, bound.
HEADER = 20
SENT = np.dtype([("length", ">i4"), ("number", ">f4")])


class FloatVector(UserDefinedType[bytes]):
    """A blob in SQLite; `real[]` in PostgreSQL, which can compute with it."""

    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """PostgreSQL takes numbers in writing."""
        return _written if dialect.name == "postgresql" else None

    def result_processor(
        self,
        dialect: Dialect,
        coltype: object,  # noqa: ARG002
    ) -> Callable[[Any], Any] | None:
        """And sends them with their lengths."""
        if dialect.name != "postgresql":
            return None
        return lambda value: (
            np.frombuffer(value, dtype=SENT, offset=HEADER)["number"].astype(FLOAT).tobytes()
        )

    def bind_expression(self, bindvalue: BindParameter[bytes]) -> ColumnElement[bytes]:
        """What was written out becomes numbers."""
        return _Taken(bindvalue)

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[bytes]:
        """In the form in which numpy reads them at once."""
        return _Sent(column)


def _written(value: bytes) -> str:
    """Nine figures tell a number of four bytes exactly."""
    return "{" + ",".join([f"{one:.9g}" for one in np.frombuffer(value, FLOAT).tolist()]) + "}"


class _Taken(FunctionElement[bytes]):
    type = FloatVector()
    inherit_cache = True


class _Sent(FunctionElement[bytes]):
    type = FloatVector()
    inherit_cache = True


@compiles(_Taken)
@compiles(_Sent)
def _as_it_is(element: FunctionElement[bytes], compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_Taken, "postgresql")
def _taken(element: _Taken, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS REAL[])"


@compiles(_Sent, "postgresql")
def _sent(element: _Sent, compiler: SQLCompiler, **options: Any) -> str:
    return f"array_send({compiler.process(element.clauses, **options)})"


@compiles(FloatVector)
def _blob(_kind: FloatVector, _compiler: Any, **_options: Any) -> str:
    return "BLOB"


@compiles(FloatVector, "postgresql")
def _numbers(_kind: FloatVector, _compiler: Any, **_options: Any) -> str:
    return "REAL[]"
