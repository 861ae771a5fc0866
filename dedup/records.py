"""Dataclasses that are as cheap to define as plain classes.

`dataclasses.dataclass` writes the source of up to seven methods for each class and has it compiled: nearly a
millisecond a class, at every start, which for the sixty records of a check is a tenth of its time. The
decorator here has `dataclasses` find the fields, so that `fields`, `replace` and `asdict` work as ever, and
gives all classes the same few methods, which read the list of fields. In return a record takes some two
microseconds more to make; for classes with many records the initialiser is compiled after all.
"""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Sequence
from dataclasses import MISSING, Field, FrozenInstanceError
from types import MemberDescriptorType
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from inspect import Signature

__all__ = ["dataclass", "replace"]

_Record = TypeVar("_Record")


def _dataclass(
    *, frozen: bool = False, slots: bool = False, eq: bool = True, order: bool = False
) -> Callable[[type[_Record]], type[_Record]]:
    """Make a class a dataclass, as `dataclasses.dataclass` does with these arguments.

    There is no `__post_init__`, and every field is an argument. Methods that the class defines itself stay.
    """

    def decorate(cls: type[_Record]) -> type[_Record]:
        made = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
        fields = dataclasses.fields(cast("Any", made))
        methods: dict[str, object] = {"__init__": _initialiser(made, fields), "__repr__": _represent}
        methods["__signature__"] = _Arguments()
        methods["__setters__"] = {one.name: _setter(made, one.name) for one in fields}
        methods["__values__"] = staticmethod(_values([one.name for one in fields]))
        if eq:
            methods |= _comparing(fields, ("eq",))
            methods["__hash__"] = _hasher(fields) if frozen else None
        if order:
            methods |= _comparing(fields, ("lt", "le", "gt", "ge"))
        if frozen:
            methods |= {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
            methods |= {"__getstate__": _state, "__setstate__": _restore}
        for name, method in methods.items():
            if name not in made.__dict__:
                setattr(made, name, method)
        return made

    return decorate


def _replace(record: Any, /, **changes: object) -> object:
    """A copy of a record with some fields changed, faster than by `dataclasses.replace`."""
    made, setters = object.__new__(type(record)), record.__setters__
    for put, value in zip(setters.values(), record.__values__(record), strict=True):
        put(made, value)
    for name, value in changes.items():
        if name not in setters:
            raise TypeError(f"{type(record).__name__} has no field {name!r}")
        setters[name](made, value)
    return made


if TYPE_CHECKING:  # type checkers see the standard decorator
    from dataclasses import dataclass, replace
else:
    dataclass, replace = _dataclass, _replace


_OFTEN = 256
"""Records of a class from which its initialiser is compiled, which costs as much as making 100 to 200."""


def _initialiser(cls: type[Any], fields: Sequence[Field[Any]]) -> Callable[..., None]:
    names = tuple(one.name for one in fields)
    defaults = {one.name: one.default for one in fields if one.default is not MISSING}
    factories = {one.name: one.default_factory for one in fields if one.default_factory is not MISSING}
    setters = tuple(_setter(cls, name) for name in names)

    made = 0

    def initialise(self: object, *given: object, **named: object) -> None:
        nonlocal made
        made += 1
        if made >= _OFTEN:  # `>=`, as threads may count past the limit
            cls.__init__ = _compiled(fields)
        if len(given) > len(names):
            raise TypeError(f"{cls.__name__} takes {len(names)} arguments, {len(given)} were given")
        for put, value in zip(setters, given, strict=False):
            put(self, value)
        if len(given) == len(names) and not named:
            return
        for name, put in zip(names[len(given) :], setters[len(given) :], strict=True):
            if name in named:
                put(self, named.pop(name))
            elif name in defaults:
                put(self, defaults[name])
            elif name in factories:
                put(self, factories[name]())
            else:
                raise TypeError(f"{cls.__name__} wants the argument {name!r}")
        if named:
            raise TypeError(f"{cls.__name__} got {sorted(named)} for no argument, or twice")

    return initialise


def _compiled(fields: Sequence[Field[Any]]) -> Callable[..., None]:
    """The initialiser that `dataclasses` writes and compiles, which is worth it for many records."""
    again = [
        (one.name, Any, dataclasses.field(default=one.default, default_factory=one.default_factory))
        for one in fields
    ]
    made: Any = dataclasses.make_dataclass("Record", again, frozen=True, repr=False, eq=False)
    return cast("Callable[..., None]", made.__init__)


def _setter(cls: type[Any], name: str) -> Callable[[object, object], None]:
    """A function that sets a field of a record, frozen or not."""
    slot = cls.__dict__.get(name)
    if isinstance(slot, MemberDescriptorType):
        return slot.__set__
    return lambda self, value: object.__setattr__(self, name, value)


class _Arguments:
    """The signature of a record for `help` and `inspect`, made on access."""

    def __get__(self, instance: object, owner: type[Any]) -> Signature:
        from inspect import Parameter, Signature

        return Signature(
            [
                Parameter(
                    one.name,
                    Parameter.POSITIONAL_OR_KEYWORD,
                    default=Parameter.empty if one.default is MISSING else one.default,
                    annotation=one.type,
                )
                for one in dataclasses.fields(owner)
            ]
        )


def _represent(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self))
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _values(names: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    """A function that returns the values of some fields as a tuple."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _comparing(fields: Sequence[Field[Any]], names: Sequence[str]) -> dict[str, object]:
    """The comparison methods with some names, which compare the fields of two records of one class."""
    values = _values([one.name for one in fields if one.compare])

    def comparison(holds: Callable[[object, object], bool]) -> Callable[[object, object], bool]:
        def compare(self: object, other: object) -> bool:
            return holds(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

        return compare

    return {f"__{name}__": comparison(getattr(operator, name)) for name in names}


def _hasher(fields: Sequence[Field[Any]]) -> Callable[[object], int]:
    values = _values([one.name for one in fields if (one.compare if one.hash is None else one.hash)])
    return lambda self: hash(values(self))


def _refuse_to_set(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: Sequence[object]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
