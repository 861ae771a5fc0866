"""Records are dataclasses in all that a caller sees."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, asdict, field, fields, replace

import pytest

from dedup.records import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Village:
    """A frozen record with every sort of field."""

    name: str
    people: int = 0
    farms: list[str] = field(default_factory=list, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """One field, of which equality and hash are made."""

    value: int


@dataclass(slots=True)
class Tally:
    """A record that may change."""

    count: int = 0


def test_arguments_by_place_and_by_name() -> None:
    assert Village("东村", 12).people == Village(people=12, name="东村").people == 12
    assert Village("东村").farms == []
    assert Village("东村").farms is not Village("东村").farms


@pytest.mark.parametrize("arguments", [(), ("东村", 1, [], 4)])
def test_arguments_too_few_or_too_many(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        Village(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("named", [{"mayor": "甲某"}, {"name": "西村"}])
def test_arguments_unknown_or_given_twice(named: dict[str, str]) -> None:
    with pytest.raises(TypeError, match=next(iter(named))):
        Village("东村", **named)  # type: ignore[arg-type]


def test_records_made_often_are_like_the_first_ones() -> None:
    @dataclass(frozen=True, slots=True)
    class Hamlet:
        name: str
        people: int = 0
        farms: list[str] = field(default_factory=list)

    slow = Hamlet.__init__
    first, *_, last = made = [Hamlet("东村", people=number) for number in range(600)]
    assert [one.people for one in made] == [*range(600)]
    assert Hamlet.__init__ is not slow
    assert (last.name, last.farms) == (first.name, [])
    assert last.farms is not made[-2].farms
    assert Hamlet("东村") == Hamlet("东村", 0, []) == replace(last, people=0)
    with pytest.raises(FrozenInstanceError, match="people"):
        last.people = 3  # type: ignore[misc]
    for wrong in ({}, {"name": "东村", "mayor": "甲某"}):
        with pytest.raises(TypeError, match=r"name|mayor"):
            Hamlet(**wrong)  # type: ignore[arg-type]


def test_frozen_records_stay_as_they_are() -> None:
    village = Village("东村")
    with pytest.raises(FrozenInstanceError, match="people"):
        village.people = 3  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="people"):
        del village.people
    with pytest.raises((AttributeError, TypeError)):
        village.mayor = "甲某"  # type: ignore[attr-defined]
    tally = Tally()
    tally.count += 1
    assert tally.count == 1


def test_equality_order_and_hash_are_of_the_fields() -> None:
    assert Village("东村", 1, ["甲"]) == Village("东村", 1)
    assert Village("东村", 1) != Village("东村", 2)
    assert Number(1) not in [1, Tally(1)]
    assert len({Village("东村", 1, ["甲"]), Village("东村", 1), Village("东村", 2)}) == 2
    assert len({Number(1), Number(1), Number(2)}) == 2
    assert Village("东村", 1) < Village("东村", 2) <= Village("东村", 2)
    assert max(Village("东村", 3), Village("东村", 2)).people == 3
    with pytest.raises(TypeError):
        hash(Tally())


def test_dataclasses_functions_know_them() -> None:
    village = Village("东村", 2)
    assert replace(village, people=3) == Village("东村", 3)
    assert asdict(village) == {"name": "东村", "people": 2, "farms": []}
    assert [one.name for one in fields(Village)] == ["name", "people", "farms"]
    assert str(inspect.signature(Number)) == "(value: 'int')"


@pytest.mark.parametrize(
    "made_again", [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))]
)
def test_copies_are_equal(made_again: object) -> None:
    assert callable(made_again)
    assert made_again(Village("东村", 2, ["甲"])).farms == ["甲"]
    assert made_again(Tally(3)) == Tally(3)


def test_shown_as_they_are_written() -> None:
    assert repr(Village("东村", 2)) == "Village(name='东村', people=2, farms=[])"
    match Number(4):
        case Number(value):
            assert value == 4
