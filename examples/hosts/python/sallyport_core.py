"""The decision core of sallyport in Python: an image and a request's JSON in, the answer's JSON out (docs/abi.md)."""

import math
import struct

from wasmtime import Engine, Instance, Module, Store

IMAGE_BASE = 4096
INFO_BASE = 1024
TUPLES, REPLY, FAULT_AT = 16, 18, 19
PAGE = 65536

FAULTS = [
    "", "no JSON object", "no UTF-8", "nested too deep", "a name twice in one object", "half of a surrogate pair",
    "a number beyond IEEE doubles", "a part is missing or of another type", "the actor chain", "the actor chain is too long",
    "the roles", "too long", "strings of the same hash",
]  # fmt: skip


class BodyError(ValueError):
    """The body holds no request that can be decided."""


class Core:
    """One image in one instance of the core. Not for several threads at once."""

    def __init__(self, wasm: bytes, image: bytes) -> None:
        engine = Engine()
        self._store = Store(engine)
        exports = Instance(self._store, Module(engine, wasm), []).exports(self._store)
        self._memory = exports["memory"]
        self._body_room = exports["bodyRoom"]
        self._evaluate = exports["evaluateJson"]
        missing = IMAGE_BASE + len(image) - self._memory.data_len(self._store)
        if missing > 0:
            self._memory.grow(self._store, math.ceil(missing / PAGE))
        self._memory.write(self._store, image, IMAGE_BASE)
        fault = exports["loadImage"](self._store, len(image))
        if fault != 0:
            raise ValueError(f"the image is refused: fault {fault}")
        if self._info(TUPLES) != 0:
            raise ValueError("policies with relations need a host that adds their tuples")

    def _info(self, field: int) -> int:
        at = INFO_BASE + 4 * field
        return struct.unpack("<I", self._memory.read(self._store, at, at + 4))[0]

    def evaluate(self, body: bytes, now: float | None = None) -> bytes:
        """Decides the request in a body of AuthZEN's Access Evaluation, at `now` in milliseconds since 1970."""
        at = self._body_room(self._store, len(body)) & 0xFFFFFFFF
        if at == 0:
            raise BodyError(FAULTS[11])
        self._memory.write(self._store, body, at)
        length = self._evaluate(self._store, len(body), math.nan if now is None else float(now))
        if length < 0:
            raise BodyError(f"{FAULTS[-length]}, at byte {self._info(FAULT_AT)}")
        reply = self._info(REPLY)
        return bytes(self._memory.read(self._store, reply, reply + length))
