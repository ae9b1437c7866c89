"""The columns that the fields of one definition give: the fields, their subfields, and what is packed inside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hipdrive.fit.layout import BYTE, UINT8, Layout, Slot
from hipdrive.fit.profile import BASE_TYPES, ENUMS, BaseType, Component, Field, Message

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

# Sections of a block of values, in their order: all elements of one treatment stand together.
SIGNED, SIGNED_SCALED, SCALED, PLAIN, TIME, FLOAT32, FLOAT64, ENUM, BOOL, TEXT = range(10)
WORD_SIZE = 8
WORD_BITS = 64
NEVER = 0xFFFFFFFFFFFFFFFF  # a mark that a few bits of a field cannot be


class Description(NamedTuple):
    """What a file says a developer field is."""

    name: str
    base: int  # the base type's number
    unit: str
    native_message: int | None = None  # the number of the message that its native field is of; None: of any
    native_field: int | None = None  # the number of the profile's field that it stands for


class Element(NamedTuple):
    """One number to be cut out of a message: `size` bytes from `start`, of these `bits` bits from `shift` (0: all)."""

    start: int
    size: int
    shift: int = 0
    bits: int = 0
    is_swapped: bool = True  # in a big-endian message


@dataclass(slots=True)
class Part:
    """A column to be: how it is called, and where its elements lie in a message."""

    name: str
    kind: str
    section: int
    elements: list[Element]
    invalid: int
    type: str = ""
    unit: str = ""
    scale: float = 1.0
    offset: float = 0.0
    is_list: bool = False
    number: int = -1  # of the field, where the part is the whole of it
    is_whole: bool = False  # missing as a whole or not at all
    is_developer: bool = False
    native: str = ""  # of a developer field: the profile's field that it stands for
    source: Part | None = None  # the part that says whether this one is there
    target: Part | None = None  # the part that this one's values go into
    conditions: tuple[tuple[int, tuple[int, ...]], ...] = ()  # (field number, its stored values), any of them
    accumulated_bits: int = 0
    cut_invalid: int = NEVER  # of a component: its own mark for “no value”
    first: int = 0  # its first element's row, once placed


def parts_of(
    layout: Layout,
    message: Message,
    developer: Mapping[tuple[int, int], Description],
    subfields: Collection[tuple[int, int]],
) -> list[Part]:
    """The columns of a definition, in the order of its fields.

    Args:
        layout: The definition.
        message: The profile's message, for the fields' names.
        developer: What the file has said of developer fields, by (developer index, field number).
        subfields: Which subfields are needed, as (field number, place among its subfields).
    """
    columns = _Columns(layout, message)
    packed: list[tuple[Slot, Part, Sequence[Component]]] = []
    for slot in layout.slots:
        if not slot.count:
            continue
        if slot.developer_index is not None:
            columns.add(_developer_part(slot, message, developer.get((slot.developer_index, slot.number))))
            continue
        entry = message.field(slot.number)
        part = _field_part(slot, slot.base, entry)
        part.number = slot.number
        columns.add(part)
        packed.append((slot, part, entry.components))
        for place, subfield in enumerate(entry.subfields):
            if (slot.number, place) in subfields:
                inner = _field_part(slot, slot.base, subfield)
                inner.conditions = _conditions(subfield)
                columns.add(inner)
                packed.append((slot, inner, subfield.components))
    for slot, part, components in packed:
        if components:
            columns.unpack(slot, part, components)
    return columns.parts


class _Columns:
    """The parts of one definition as they are gathered."""

    def __init__(self, layout: Layout, message: Message) -> None:
        self.layout, self.message = layout, message
        self.parts: list[Part] = []
        self.by_name: dict[str, Part] = {}

    def add(self, part: Part) -> None:
        """One more column.

        A field that is defined twice fills one column, the later value going before the earlier. Another field under
        a name that is taken gets a number to its name, because nothing that can be read is left out.
        """
        own = self.by_name.get(part.name)
        if own is not None and not part.is_developer and not own.is_developer and _is_alike(own, part):
            part.target = own
        else:
            part.name = self._free_name(part.name)
            self.by_name[part.name] = part
        self.parts.append(part)

    def join(self, part: Part) -> None:
        """A column that is packed in another field; it goes before a field of the message itself."""
        own = self.by_name.get(part.name)
        if own is not None and not _is_alike(own, part):
            own.name = self._free_name(own.name)
            self.by_name[own.name] = own
            del self.by_name[part.name]
        self.add(part)

    def _free_name(self, name: str) -> str:
        again, free = 1, name
        while free in self.by_name:
            again += 1
            free = f"{name}_{again}"
        return free

    def unpack(self, slot: Slot, source: Part, components: Sequence[Component]) -> None:
        """The fields that are packed into a field; components of one target make a list.

        What a component gives is unpacked again, as the `speed` in a packed field becomes `enhanced_speed`.
        """
        by_target: dict[int, list[Component]] = {}
        for component in components:
            if component.first_bit + component.bits <= slot.size * 8:
                by_target.setdefault(component.target, []).append(component)
        for number, group in by_target.items():
            elements = [_cut(slot, component, big_endian=self.layout.big_endian) for component in group]
            target = self.message.fields.get(number)
            while target is not None:
                self.join(_component_part(target, source, group[0], elements))
                inner = target.components
                target = self.message.fields.get(inner[0].target) if len(inner) == len(elements) == 1 else None


def _is_alike(one: Part, other: Part) -> bool:
    return one.kind == other.kind and len(one.elements) == len(other.elements) and one.section != TEXT


def _cut(slot: Slot, component: Component, *, big_endian: bool) -> Element:
    """Where a component's bits lie: the lowest bit of the first element is bit 0."""
    size, bit = slot.base.size, component.first_bit
    if big_endian and size > 1:
        element, bit = divmod(bit, size * 8)
        return Element(slot.start + element * size, size, bit, component.bits)
    if slot.count == 1:
        return Element(slot.start, size, bit, component.bits)
    first, last = bit // 8, (bit + component.bits - 1) // 8
    return Element(slot.start + first, last + 1 - first, bit % 8, component.bits, is_swapped=False)


def _field_part(slot: Slot, base: BaseType, entry: Field) -> Part:
    kind, section = _kind(base, entry)
    if kind == "text" or slot.size == base.size:
        elements = [Element(slot.start, slot.size)]
    else:
        elements = [Element(slot.start + i * base.size, base.size) for i in range(slot.size // base.size)]
    is_list = len(elements) > 1
    if kind == "bool" and is_list:
        kind, section = "int", PLAIN
    return Part(
        *(
            entry.name,
            kind,
            section,
            elements,
            base.invalid,
            entry.type,
            entry.unit,
            entry.scale,
            entry.offset,
            is_list,
        ),
        is_whole=is_list and base is BYTE,
    )


def _kind(base: BaseType, entry: Field) -> tuple[str, int]:  # noqa: PLR0911  one line a kind
    if base.name == "string":
        return "text", TEXT
    if base.code[0] == "f":
        return "float", FLOAT32 if base.size == 4 else FLOAT64  # noqa: PLR2004
    if base.size == 4 and entry.type in ("date_time", "local_date_time"):  # noqa: PLR2004
        return ("time" if entry.type == "date_time" else "local"), TIME
    is_signed = base.code[0] == "i"
    if not is_signed and entry.type == "bool":
        return "bool", BOOL
    if not is_signed and base.size <= 4 and entry.type in ENUMS:  # noqa: PLR2004
        return "enum", ENUM
    if entry.scale != 1 or entry.offset:
        return "float", SIGNED_SCALED if is_signed else SCALED
    if is_signed:
        return "int", SIGNED
    return ("uint" if base.size == 8 else "int"), PLAIN  # noqa: PLR2004


def _developer_part(slot: Slot, message: Message, described: Description | None) -> Part:
    """A developer field; one that the file does not describe is kept as its bytes."""
    if described is None:
        name = f"unknown_{slot.developer_index}_{slot.number}"
        part = _field_part(slot, BYTE, Field(slot.number, name, "byte"))
    else:
        base = BASE_TYPES.get(described.base, BYTE)
        base = base if slot.size % base.size == 0 else UINT8
        part = _field_part(slot, base, Field(slot.number, described.name, "", unit=described.unit))
        if described.native_field is not None and described.native_message in {None, message.number}:
            part.native = message.field(described.native_field).name
    part.is_developer = True
    return part


def _conditions(subfield: Field) -> tuple[tuple[int, tuple[int, ...]], ...]:
    values: dict[int, list[int]] = {}
    for number, value in subfield.when:
        values.setdefault(number, []).append(value)
    return tuple((number, tuple(stored)) for number, stored in values.items())


def _component_part(target: Field, source: Part, component: Component, elements: list[Element]) -> Part:
    scale, offset = component.scale, component.offset
    if target.type in ENUMS:
        kind, section = "enum", ENUM
    elif scale != 1 or offset or target.scale != 1 or target.offset:
        kind, section = "float", SCALED
    else:
        kind, section = "int", PLAIN
    part = Part(
        *(
            target.name,
            kind,
            section,
            elements,
            source.invalid,
            target.type,
            target.unit,
            scale,
            offset,
            len(elements) > 1,
        ),
        source=source,
        conditions=source.conditions,
    )
    part.accumulated_bits = component.bits if component.accumulates else 0
    if (scale, offset) == (target.scale, target.offset):
        part.cut_invalid = target.base_type.invalid
    return part
